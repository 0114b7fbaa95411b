"""Limits: how much a session may use at a time, and how much a peer may send."""

from __future__ import absolute_import, division, print_function

from waterspout import constants
from waterspout._compat import integer_types

_NAMES = ("max_connections", "max_workers", "max_body_bytes", "max_header_bytes")


class Limits(object):
    """Whole numbers above 0; each default is explained in `waterspout.constants`.

    Args:
        max_connections: exchanges at a time; the others wait for their turn in order.
        max_workers: threads of the ``threads`` transport, so its exchanges at a time.
        max_body_bytes: of one response body, on the wire and once decompressed.
        max_header_bytes: of a response's start line and header fields.
    """

    __slots__ = _NAMES

    def __init__(
        self,
        max_connections=constants.MAX_CONNECTIONS,
        max_workers=constants.MAX_WORKERS,
        max_body_bytes=constants.MAX_BODY_BYTES,
        max_header_bytes=constants.MAX_HEADER_BYTES,
    ):
        # type: (int, int, int, int) -> None
        values = (max_connections, max_workers, max_body_bytes, max_header_bytes)
        for name, value in zip(_NAMES, values):
            if isinstance(value, bool) or not isinstance(value, integer_types) or value < 1:
                raise ValueError("%s=%r is not a whole number above 0" % (name, value))
            setattr(self, name, value)

    def __repr__(self):
        return "Limits(%s)" % ", ".join("%s=%r" % (name, getattr(self, name)) for name in _NAMES)
