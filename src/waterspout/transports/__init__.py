"""The ways to move bytes, by name. Each performs one exchange; none follows redirects."""

from __future__ import absolute_import, division, print_function

import importlib

from waterspout._compat import string_types

# name: (module, class, the package it needs beside Tornado)
_TRANSPORTS = {
    "tornado": ("waterspout.transports.tornado_client", "TornadoTransport", None),
    "curl": ("waterspout.transports.curl_client", "CurlTransport", "pycurl"),
    "threads": ("waterspout.transports.thread_pool", "ThreadTransport", "requests"),
}

#: Every name ``transport=`` takes, the default first.
TRANSPORTS = ("tornado", "curl", "threads")


class TransportUnavailable(ImportError):
    """The transport asked for needs a package that is not installed; the text says which."""


def load(transport):
    # type: (Any) -> Callable[[IOLoop, Limits], Transport]
    """What makes a transport of this kind, one for each IOLoop.

    Args:
        transport: one of `TRANSPORTS`, or an object with ``send`` and ``close`` of its own.
    Raises: ValueError for an unknown name; TransportUnavailable.
    """
    if not isinstance(transport, string_types):
        if not (hasattr(transport, "send") and hasattr(transport, "close")):
            raise TypeError("transport=%r has no send and close" % (transport,))
        return lambda io_loop, limits: transport
    if transport not in _TRANSPORTS:
        raise ValueError("transport=%r: choose one of %s" % (transport, ", ".join(TRANSPORTS)))
    module, class_name, needed = _TRANSPORTS[transport]
    if needed is not None:
        try:
            importlib.import_module(needed)
        except ImportError as error:
            raise TransportUnavailable(
                'the %s transport needs %s: pip install "waterspout[%s]" (%s)'
                % (transport, needed, transport, error)
            )
    return getattr(importlib.import_module(module), class_name)
