"""The listening sockets of the gateway: inherited, or opened as the options say."""

from __future__ import absolute_import, division, print_function

import collections

from tornado.escape import native_str

from waterspout.service import inherited_sockets_by_name, listen

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import MutableMapping, Optional  # noqa: F401

    from tornado.options import OptionParser  # noqa: F401

#: The ``FileDescriptorName=`` of inherited sockets that are for the pages of operators. Those with
#: other names are for clients.
OPERATIONS = "operations"

_UNIX = "unix:"

#: ``clients``: where requests come in. ``operations``: a port or socket for operators alone; empty
#: if there is none.
Sockets = collections.namedtuple("Sockets", "clients operations")


def open_sockets(options, environment=None):
    # type: (OptionParser, Optional[MutableMapping[str, str]]) -> Sockets
    """Take over the sockets that systemd or another release has opened, and open the others.

    Args:
        environment (mutable mapping): default: ``os.environ``.
    Raises: ListenError.
    """
    inherited = inherited_sockets_by_name(environment)
    operations = inherited.pop(OPERATIONS, [])
    clients = [sock for sockets in inherited.values() for sock in sockets]
    if not clients:
        clients = listen(
            options.port, native_str(options.address), reuse_port=options.reuse_port)
    if not operations and has_operations_sockets(options):
        operations = listen(
            max(options.operations_port, 0), native_str(options.operations_address))
    return Sockets(clients, operations)


def has_operations_sockets(options):
    # type: (OptionParser) -> bool
    """Whether the options ask for a port or a socket for operators alone."""
    return options.operations_port >= 0 or options.operations_address.startswith(_UNIX)
