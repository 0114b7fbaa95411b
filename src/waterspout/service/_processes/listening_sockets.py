"""Listening sockets, or one line that says why there are none."""

from __future__ import absolute_import, division, print_function

import errno
import socket

from tornado.escape import native_str
from tornado.netutil import bind_sockets

from waterspout._compat import TYPE_CHECKING, integer_types, text_type
from waterspout.service._processes.standard_streams import fill_standard_descriptors
from waterspout.service.exceptions import ListenError

if TYPE_CHECKING:
    from typing import List  # noqa: F401

_REASONS = {
    errno.EADDRINUSE: "the port is in use",
    errno.EACCES: "not permitted",
    errno.EADDRNOTAVAIL: "the address is not one of this machine",
}


def listen(port, address="127.0.0.1"):
    # type: (int, str) -> List[socket.socket]
    """Bind and listen. Call it before forking, so that all processes share the port.

    Args:
        port (int): 0 lets the system choose a free port; :func:`port_of` returns it.
        address (native str): an IP address or host name; ``""`` means every interface.
    Returns: list of sockets, one for each address family.
    Raises:
        ListenError: the port is in use or out of range, the address is unknown or not of this
            machine, or the system does not permit it.
        TypeError: ``port`` is not an int, or ``address`` is not a str.
    """
    if not isinstance(port, integer_types) or isinstance(port, bool):
        raise TypeError("port must be an int, not %r" % (port,))
    if not isinstance(address, (str, text_type)):  # For None Tornado would listen everywhere.
        raise TypeError("address must be a str, not %r" % (address,))
    fill_standard_descriptors()
    try:
        if not 0 <= port <= 65535:  # The system would use it modulo 65536.
            raise ValueError("a port is a number from 0 to 65535")
        return bind_sockets(port, address)
    except (EnvironmentError, ValueError) as error:  # UnicodeError is a ValueError.
        raise ListenError(
            "cannot listen on %s: %s" % (shown_address(address, port), _reason(error))
        )


def port_of(sockets):
    # type: (List[socket.socket]) -> int
    """Return the port that these sockets listen on."""
    return sockets[0].getsockname()[1]


def shown_address(address, port):
    # type: (str, int) -> str
    """Return ``address:port`` as in a URL.

    Args:
        address (str): ``""``, which means every interface, is shown as ``*``.
    Returns: native str, which can be joined with file names on 2.7.
    """
    address = native_str(address)
    if ":" in address:
        address = "[%s]" % address
    return "%s:%d" % (address or "*", port)


def _reason(error):
    # type: (Exception) -> str
    if isinstance(error, socket.gaierror):
        return "the address is not known (%s)" % error.args[-1]
    code = getattr(error, "errno", 0)
    return _REASONS.get(code) or getattr(error, "strerror", None) or str(error)
