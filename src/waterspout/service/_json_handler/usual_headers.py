"""UsualHeaders: the header fields that most JSON responses begin with, encoded once a second."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING, to_bytes
from waterspout._late_headers import LateHeaders
from waterspout.service._json_handler.date_header import date_now

if TYPE_CHECKING:
    from typing import Optional, Tuple  # noqa: F401

CONTENT_TYPE = "application/json; charset=utf-8"
NOSNIFF = "nosniff"

_LINES = to_bytes(
    "Content-Type: %s\r\nX-Content-Type-Options: %s\r\nDate: " % (CONTENT_TYPE, NOSNIFF), "ascii")

_last = ("", b"")  # type: Tuple[str, bytes]  # A date, and the lines with it.


class UsualHeaders(LateHeaders):
    """``HTTPHeaders`` with Content-Type, X-Content-Type-Options and Date.

    They stay encoded as long as nothing but their length is asked for or set.
    """

    _length = None  # type: Optional[int]  # A Content-Length field after the encoded ones.

    def __init__(self, line=b""):
        # type: (bytes) -> None
        # ``line``: of another field, with its CRLF.
        global _last
        date = date_now()
        if _last[0] is not date:
            _last = (date, _LINES + to_bytes(date, "ascii") + b"\r\n")
        super(UsualHeaders, self).__init__(_last[1] + line)

    def set_content_length(self, count):
        # type: (int) -> None
        """Set Content-Length, unless it is set already."""
        if self._raw is None:
            self.setdefault("Content-Length", str(count))
        elif self._length is None:
            self._length = count
            self._lower = None

    @property
    def content_length(self):
        # type: () -> Optional[int]
        """What `set_content_length` has set; None if the fields were parsed since."""
        return None if self._raw is None else self._length

    @property
    def unparsed(self):
        # type: () -> Optional[bytes]
        raw = self._raw
        if raw is None or self._length is None:
            return raw
        return raw + b"Content-Length: %d\r\n" % self._length

    def encoded(self):
        # type: () -> Optional[Tuple[bytes, Optional[int]]]
        """The length apart from the other lines, which are those of many responses."""
        raw = self._raw
        return None if raw is None else (raw, self._length)
