"""Reads the chunked body of a response, as servers send it."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout._wire import grammar
from waterspout._wire.chunked_reader import ChunkedReader
from waterspout._wire.faults import chunk_line_fault

if TYPE_CHECKING:
    from typing import Match  # noqa: F401

    from waterspout._wire.body_readers import SurplusReader  # noqa: F401
    from waterspout._wire.message_limits import MessageLimits  # noqa: F401


class LenientChunkedReader(ChunkedReader):
    """Accepts whitespace after a chunk size, and folded trailers.

    Args:
        surplus (SurplusReader): its ``why_last`` is set when a chunk line is not as the grammar
            says, since no other response should follow such a body.
    """

    __slots__ = ("_surplus",)

    _first_line = grammar.FIRST_CHUNK_LINE
    _next_line = grammar.NEXT_CHUNK_LINE

    def __init__(self, limits, surplus):
        # type: (MessageLimits, SurplusReader) -> None
        super(LenientChunkedReader, self).__init__(limits, limits.body_bytes)
        self._surplus = surplus

    def _match_odd_line(self, line, is_first):
        # type: (bytes, bool) -> Match[bytes]
        match = grammar.PADDED_CHUNK_LINE.match(line)
        if match is None or is_first == line.startswith(b"\r\n"):
            raise chunk_line_fault(line, is_first)
        self._surplus.why_last = "a chunk size was padded with whitespace"
        return match

    def _unfolded(self, raw):
        # type: (bytes) -> bytes
        return grammar.OBS_FOLD.sub(b" ", raw)
