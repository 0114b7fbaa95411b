"""The bodies of requests, read in pieces, one class for each framing (RFC 9112 section 6.3).

Each has these members:

``read(data, position, max_bytes)`` reads ``data`` from ``position`` on, at least one byte, and
returns a piece of the body, perhaps empty, and the position at which it stopped. The piece has at
most ``max_bytes`` bytes. Raises RequestRefused.
``complete`` is True once the body has been read to its end.
``trailers`` are the field lines behind it.
``cut_short()`` is the refusal for a client that ends its side before that.
"""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout._wire.body_readers import body_too_large
from waterspout._wire.chunked_reader import ChunkedReader
from waterspout._wire.refusals import refused
from waterspout.exceptions import RemoteProtocolError, ResponseTooLarge

if TYPE_CHECKING:
    from typing import Any, List, Optional, Tuple, Union  # noqa: F401

    from waterspout._wire.message_limits import MessageLimits  # noqa: F401
    from waterspout._wire.refusals import RequestRefused  # noqa: F401

    RequestBody = Union["LengthBody", "ChunkedBody"]


class LengthBody(object):
    """A body of ``length`` bytes, at least one.

    Raises: RequestRefused: it is longer than ``limit_bytes``.
    """

    __slots__ = ("complete", "_missing")

    trailers = b""

    def __init__(self, length, limit_bytes):
        # type: (int, Optional[int]) -> None
        if limit_bytes is not None and length > limit_bytes:
            raise refused("body size", "%s", body_too_large(limit_bytes))
        self.complete = False
        self._missing = length

    def read(self, data, position, max_bytes):
        # type: (bytes, int, int) -> Tuple[bytes, int]
        stop = min(position + min(self._missing, max_bytes), len(data))
        self._missing -= stop - position
        if not self._missing:
            self.complete = True
        return data[position:stop], stop  # A slice of all of it is not a copy.

    def cut_short(self):
        # type: () -> RequestRefused
        return refused("incomplete", "the connection was closed before the last %d body bytes",
                       self._missing)


class ChunkedBody(object):
    """A body in the chunked transfer coding."""

    __slots__ = ("complete", "trailers", "_chunks", "_limit_bytes")

    def __init__(self, limits, limit_bytes):
        # type: (MessageLimits, Optional[int]) -> None
        self.complete = False
        self.trailers = b""
        self._chunks = ChunkedReader(limits, limit_bytes)
        self._limit_bytes = limit_bytes

    def read(self, data, position, max_bytes):
        # type: (bytes, int, int) -> Tuple[bytes, int]
        """The joined bytes of the chunks in the next ``max_bytes`` bytes, framing included."""
        before = 0
        if len(data) - position > max_bytes:
            before = position
            data = data[position:position + max_bytes]
            position = 0
        events = []  # type: List[Any]
        try:
            stop = self._chunks.read(data, position, events)
        except RemoteProtocolError as error:
            raise self._refusal(error)
        if self._chunks.done:
            self.complete = True
            self.trailers = events.pop().raw
        piece = events[0] if len(events) == 1 else b"".join(events)
        return piece, before + stop

    def cut_short(self):
        # type: () -> RequestRefused
        return refused("incomplete", "the connection was closed before the end of a chunked body")

    def _refusal(self, error):
        # type: (RemoteProtocolError) -> RequestRefused
        if self._chunks.in_trailers:
            kind = "trailer size" if isinstance(error, ResponseTooLarge) else "trailer"
        elif self._limit_bytes is not None and self._chunks.announced > self._limit_bytes:
            kind = "body size"
        else:
            kind = "chunk"
        return refused(kind, "%s", error)
