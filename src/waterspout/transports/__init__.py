"""The transports by name. A transport performs one exchange; none follows redirects."""

from __future__ import absolute_import, division, print_function

import importlib

from waterspout._compat import TYPE_CHECKING, string_types
from waterspout.exceptions import Unsupported
from waterspout.limits import OF_POOL
from waterspout.transports.user_defined import UserTransport, check_transport

if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Iterable  # noqa: F401

    from tornado.ioloop import IOLoop  # noqa: F401

    from waterspout.limits import Limits  # noqa: F401
    from waterspout.transports.base import Transport  # noqa: F401

# name: (module, class, the package that it needs besides Tornado)
_TRANSPORTS = {
    "pooled": ("waterspout.transports.pooled.transport", "PooledTransport", None),
    "tornado": ("waterspout.transports.tornado_client.transport", "TornadoTransport", None),
    "curl": ("waterspout.transports.curl.transport", "CurlTransport", "pycurl"),
    "threads": ("waterspout.transports.threads.transport", "ThreadTransport", "requests"),
}

#: The modules that were imported, by name: an import costs more than all else that `load` does.
_loaded = {}  # type: Dict[str, Any]

#: The names for ``transport=``, the default first.
TRANSPORTS = ("pooled", "tornado", "curl", "threads")


class TransportUnavailable(ImportError):
    """The transport needs a package that is not installed; the text says which."""


def load(transport, limits=()):
    # type: (Any, Iterable[str]) -> Callable[[IOLoop, Limits], Transport]
    """Return a function that makes a transport of this kind for an IOLoop.

    Args:
        transport: one of `TRANSPORTS`, or an object with ``send(request, options)`` and
            ``close()``.
        limits: names of those that were given.
    Raises: ValueError for an unknown name; TypeError for an object without these two methods;
        TransportUnavailable; Unsupported for a limit that the transport cannot hold to.
    """
    if not isinstance(transport, string_types):
        check_transport(transport)
        # Those of `waterspout.testing` have a transport of their own for each session. Asked of the
        # class: an object around one of them is to see the calls.
        if hasattr(type(transport), "transport_for"):
            return transport.transport_for
        return lambda io_loop, limits: UserTransport(transport)
    if transport not in _TRANSPORTS:
        raise ValueError("transport=%r: choose one of %s" % (transport, ", ".join(TRANSPORTS)))
    if transport != "pooled":
        for name in sorted(OF_POOL.intersection(limits)):
            raise Unsupported("the %s transport cannot do %s; pooled can" % (transport, name))
    module, class_name, needed = _TRANSPORTS[transport]
    if needed is not None:
        try:
            importlib.import_module(needed)
        except ImportError as error:
            raise TransportUnavailable(
                'the %s transport needs %s: pip install "waterspout[%s]" (%s)'
                % (transport, needed, transport, error)
            )
    if transport not in _loaded:
        _loaded[transport] = importlib.import_module(module)
    return getattr(_loaded[transport], class_name)
