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

    has_surplus = False
    trailers = b""

    def __init__(self, length, limit_bytes):
        # type: (int, Optional[int]) -> None
        if limit_bytes is not None and length > limit_bytes:
            raise refused("body size", "Content-Length too long: %s",
                          body_too_large(limit_bytes))
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

#: Bytes that are decoded at a time, at least, so that small pieces are not split again and again.
_LEAST_BYTES = 256


class ChunkedBody(object):
    """A body in the chunked transfer coding.

    Attributes:
        has_surplus (bool): bytes were decoded that `read` has not returned yet.
    """

    __slots__ = ("complete", "has_surplus", "trailers", "_chunks", "_limit_bytes", "_decoded")

    def __init__(self, limits, limit_bytes):
        # type: (MessageLimits, Optional[int]) -> None
        self.complete = self.has_surplus = False
        self.trailers = b""
        self._chunks = ChunkedReader(limits, limit_bytes)
        self._limit_bytes = limit_bytes
        self._decoded = bytearray()

    def read(self, data, position, max_bytes):
        # type: (bytes, int, int) -> Tuple[bytes, int]
        """The joined bytes of the chunks that have arrived, at most ``max_bytes``."""
        chunks, decoded = self._chunks, self._decoded
        end = len(data)
        while position < end and len(decoded) < max_bytes and not chunks.done:
            # So much encoded data has no more than so much decoded.
            stop = position + max(max_bytes - len(decoded), _LEAST_BYTES)
            whole = position == 0 and stop >= end
            events = []  # type: List[Any]
            try:
                taken = chunks.read(data if whole else data[position:stop], 0, events)
            except RemoteProtocolError as error:
                raise self._refusal(error)
            position += taken
            if chunks.done:
                self.trailers = events.pop().raw
            if len(events) == 1 and not decoded and len(events[0]) <= max_bytes and (
                    position == end or chunks.done):
                self.complete = chunks.done
                return events[0], position
            for event in events:
                decoded += event
        piece = bytes(decoded[:max_bytes])
        del decoded[:max_bytes]
        self.has_surplus = len(decoded) > 0
        self.complete = chunks.done and not decoded
        return piece, position

    def cut_short(self):
        # type: () -> RequestRefused
        return refused("incomplete", "the connection was closed before the end of a chunked body")

    def _refusal(self, error):
        # type: (RemoteProtocolError) -> RequestRefused
        if self._chunks.in_trailers:
            kind = "trailer size" if isinstance(error, ResponseTooLarge) else "trailer"
        elif self._limit_bytes is not None and self._chunks.announced > self._limit_bytes:
            return refused("body size", "chunked body too large: %s", error)
        else:
            kind = "chunk"
        return refused(kind, "%s", error)
