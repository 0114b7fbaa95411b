"""Reads a body in the chunked transfer coding (RFC 9112 section 7.1)."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout._wire import grammar
from waterspout._wire.body_readers import body_too_large
from waterspout._wire.events import END_OF_MESSAGE, EndOfMessage
from waterspout._wire.faults import (
    chunk_line_fault,
    lines_fault,
    malformed,
    too_large,
    too_many_fields,
)
from waterspout._wire.section_buffer import SectionBuffer

if TYPE_CHECKING:
    from typing import List, Match, Optional, Tuple  # noqa: F401

    from waterspout._wire.events import AnyEvent  # noqa: F401
    from waterspout._wire.message_limits import MessageLimits  # noqa: F401

_CRLF = b"\r\n"

#: The end of the last chunk's line, and an empty line.
_NO_TRAILERS = b"\r\n\r\n"


class ChunkedReader(object):
    """One chunked body of a request; ``body_readers`` describes the interface.

    The CRLF after a chunk is read together with the line of the next chunk, and the CRLF of the
    last chunk's line together with the trailer section, which then always ends with an empty line,
    with or without trailers.

    Args:
        limit_bytes (int or None): the longest body.
    Attributes:
        announced (int): body bytes that the chunk lines so far have announced.
    """

    __slots__ = ("announced", "done", "_limits", "_limit_bytes", "_pattern", "_line", "_missing",
                 "_trailers")

    _first_line = grammar.STRICT_FIRST_CHUNK_LINE
    _next_line = grammar.STRICT_NEXT_CHUNK_LINE

    def __init__(self, limits, limit_bytes):
        # type: (MessageLimits, Optional[int]) -> None
        self._limits = limits
        self._limit_bytes = limit_bytes
        self._pattern = self._first_line
        self._line = bytearray()  # The beginning of an incomplete chunk line.
        self._missing = 0  # Bytes of the current chunk that have not arrived.
        self.announced = 0
        self._trailers = None  # type: Optional[SectionBuffer]  # Set by the last chunk's line.
        self.done = False

    @property
    def in_trailers(self):
        # type: () -> bool
        """Whether the last chunk's line has been read."""
        return self._trailers is not None

    def read(self, data, position, events):
        # type: (bytes, int, List[AnyEvent]) -> int
        if self._trailers is None:
            position = self._read_chunks(data, position, events)
        if self._trailers is not None:
            position = self._read_trailers(self._trailers, data, position, events)
        return position

    def read_eof(self, events):
        # type: (List[AnyEvent]) -> None
        raise malformed("the connection was closed before the end of a chunked body, after "
                        "%d of the %d bytes announced so far",
                        self.announced - self._missing, self.announced)

    def _read_chunks(self, data, position, events):
        # type: (bytes, int, List[AnyEvent]) -> int
        """Read up to the end of ``data``, or to the CRLF of the last chunk's line."""
        end = len(data)
        longest = self._limits.chunk_line_bytes
        while position < end:
            if not self._missing:
                match = None
                if not self._line:
                    match = self._pattern.match(data, position, position + longest)
                if match is not None:
                    position = match.end()
                else:
                    match, position = self._collect_line(data, position)
                    if match is None:
                        break  # The line is incomplete.
                self._begin_chunk(int(match.group(1), 16))
                if self._trailers is not None:
                    break
            stop = position + self._missing
            if stop > end:
                self._missing = stop - end
                stop = end
            else:
                self._missing = 0
            if stop > position:
                events.append(data[position:stop])
            position = stop
        return position

    def _begin_chunk(self, size):
        # type: (int) -> None
        self._pattern = self._next_line
        self._missing = size
        self.announced += size
        if not size:
            self._trailers = SectionBuffer(self._limits.trailer_bytes, "trailer section", _CRLF)
        elif self._limit_bytes is not None and self.announced > self._limit_bytes:
            raise body_too_large(self._limit_bytes)

    def _collect_line(self, data, position):
        # type: (bytes, int) -> Tuple[Optional[Match[bytes]], int]
        """The match of a chunk line that arrived in pieces; None while it is incomplete."""
        line = self._line
        is_first = self._pattern is self._first_line
        # The CRLF in front of a later line ends the chunk before it, not this line.
        skipped = 0 if is_first else max(0, len(_CRLF) - len(line))
        stop = data.find(b"\n", position + skipped) + 1 or len(data)
        line += data[position:stop]
        if len(line) > self._limits.chunk_line_bytes:
            raise too_large("chunk size line of more than %d bytes",
                            self._limits.chunk_line_bytes)
        if not is_first and not _CRLF.startswith(bytes(line[:2])):
            raise chunk_line_fault(bytes(line), is_first)
        if line[-1:] != b"\n" or line == _CRLF and not is_first:
            return None, stop
        match = self._pattern.match(bytes(line))
        if match is None:
            match = self._match_odd_line(bytes(line), is_first)
        self._line = bytearray()
        return match, stop

    def _match_odd_line(self, line, is_first):
        # type: (bytes, bool) -> Match[bytes]
        raise chunk_line_fault(line, is_first)

    def _read_trailers(self, trailers, data, position, events):
        # type: (SectionBuffer, bytes, int, List[AnyEvent]) -> int
        section, position = trailers.take(data, position)
        if section is not None:
            self.done = True
            events.append(END_OF_MESSAGE if section == _NO_TRAILERS
                          else EndOfMessage(self._checked(section)))
        return position

    def _checked(self, section):
        # type: (bytes) -> bytes
        """The trailer lines of ``section``."""
        if grammar.BARE_LF.search(section) is not None:
            raise malformed("bare LF as a line end in the trailer section")
        raw = self._unfolded(section[2:-2])
        if grammar.FIELD_LINES.match(raw) is None:
            raise lines_fault(raw)
        if raw.count(b"\n") > self._limits.field_count:
            raise too_many_fields(self._limits)
        return raw

    def _unfolded(self, raw):
        # type: (bytes) -> bytes
        return raw  # RFC 9112 section 5.2: a server may refuse folded lines.
