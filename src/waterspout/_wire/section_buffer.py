"""SectionBuffer: the beginning of a head or trailer section, until its empty line arrives."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout._wire.faults import too_large

if TYPE_CHECKING:
    from typing import Optional, Tuple  # noqa: F401

_EMPTY_LINE_BYTES = len(b"\n\r\n")


class SectionBuffer(object):
    """Collects bytes up to and including the first empty line.

    Every byte is copied and searched once, for slices of any size.

    Args:
        limit_bytes (int): the longest section that is collected.
        name (native str): its name in errors.
        held (bytes): the bytes that have arrived already.
    """

    __slots__ = ("_limit_bytes", "_name", "held")

    def __init__(self, limit_bytes, name, held=b""):
        # type: (int, str, bytes) -> None
        self._limit_bytes = limit_bytes
        self._name = name
        self.held = bytearray(held)

    def take(self, data, position):
        # type: (bytes, int) -> Tuple[Optional[bytes], int]
        """Add ``data`` from ``position`` on. Return the section once it is complete, else None, and
        the position at which reading stopped.

        Its lines may end with a bare LF: the caller decides whether that is allowed.
        Raises: ResponseTooLarge.
        """
        held = self.held
        before = len(held)
        searched = max(0, before - _EMPTY_LINE_BYTES + 1)
        held += data[position:position + self._limit_bytes - before]
        end = _end_of_empty_line(held, searched)
        if end:
            self.held = bytearray()
            return bytes(held[:end]), position + end - before
        if len(held) >= self._limit_bytes:
            raise too_large("%s of more than %d bytes", self._name, self._limit_bytes)
        return None, len(data)


def _end_of_empty_line(held, start):
    # type: (bytearray, int) -> int
    """Where the first empty line from ``start`` on ends, with CRLF or a bare LF; 0: nowhere."""
    end = held.find(b"\n\r\n", start) + len(b"\n\r\n")
    bare = held.find(b"\n\n", start, end if end > 2 else len(held)) + len(b"\n\n")
    if bare > 1:
        return bare
    return end if end > 2 else 0
