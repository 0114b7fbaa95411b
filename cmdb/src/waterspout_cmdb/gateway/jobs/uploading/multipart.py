"""A parser of multipart bodies (RFC 2046 section 5.1) that is fed bytes as they arrive; no I/O."""

from __future__ import absolute_import, division, print_function

import re

from waterspout_cmdb.gateway.jobs.uploading.part_head import BadMultipart, part_head

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, List, Optional  # noqa: F401

#: Bytes of the header fields of one part, and of what is before the first part.
MAX_HEADER_BYTES = 8192

#: Parts of one body.
MAX_PARTS = 64

#: Is in the list of events at the end of a part.
END = "end of a part"

# RFC 2046 section 5.1.1: blanks may follow a boundary in its line.
_PADDING = re.compile(b"[ \t]{0,64}\\Z")
_NO_PADDING = "a line that begins with the boundary of the body goes on after it"

_PREAMBLE, _BOUNDARY, _HEAD, _CONTENT, _EPILOGUE = range(5)


class MultipartParser(object):
    """Turns the bytes of a multipart body into events, however they are cut.

    It keeps no more than the header fields of one part, and never the content of a part.

    Args:
        boundary (bytes): of the Content-Type field of the body.
    """

    def __init__(self, boundary, max_header_bytes=MAX_HEADER_BYTES, max_parts=MAX_PARTS):
        # type: (bytes, int, int) -> None
        self._delimiter = b"\r\n--" + boundary
        self._max_header_bytes = max_header_bytes
        self._parts_left = self._max_parts = max_parts
        # The first boundary is a line like the others, although no line is before it.
        self._buffer = bytearray(b"\r\n")
        self._searched = 0  # Bytes of the buffer in which what is looked for does not begin.
        self._state = _PREAMBLE

    def __repr__(self):
        # type: () -> str
        return "<MultipartParser %s>" % (
            ("preamble", "boundary", "head", "content", "epilogue")[self._state])

    def feed(self, data):
        # type: (bytes) -> List[Any]
        """Take the next bytes; return what is complete by them.

        Returns: list of events: a `PartHead` where a part begins, its content as bytes, `END`.
        Raises: BadMultipart: the body is not valid, or has more than the limits allow.
        """
        events = []  # type: List[Any]
        if self._state != _EPILOGUE:
            self._buffer += data
            while self._step(events):
                pass
        return events

    def close(self):
        # type: () -> None
        """Say that the body is at its end.

        Raises: BadMultipart: it has no boundary that ends it, so that a part of it may be missing.
        """
        if self._state != _EPILOGUE:
            raise BadMultipart("the form is cut off: the boundary at its end is missing")

    def _step(self, events):
        # type: (List[Any]) -> bool
        """Do one thing; return whether there may be more to do with what is in the buffer."""
        if self._state == _PREAMBLE:
            return self._skip_preamble()
        if self._state == _BOUNDARY:
            return self._end_of_boundary()
        if self._state == _HEAD:
            return self._head(events)
        return self._state == _CONTENT and self._content(events)

    def _skip_preamble(self):
        # type: () -> bool
        at = self._find(self._delimiter)
        if max(at, self._searched) > self._max_header_bytes:
            raise BadMultipart(
                "no part begins in the first %d bytes of the form; is the boundary in "
                "Content-Type the one in the body?" % self._max_header_bytes)
        if at < 0:
            return False
        self._take(at + len(self._delimiter))
        self._state = _BOUNDARY
        return True

    def _end_of_boundary(self):
        # type: () -> bool
        """What follows a boundary: two hyphens at the end of the body, otherwise a new line."""
        if self._buffer.startswith(b"--"):
            self._state = _EPILOGUE
            self._buffer = bytearray()
            return False
        at = self._find(b"\r\n")
        padding = bytes(self._buffer if at < 0 else self._buffer[:at])
        if at < 0 and padding.endswith(b"\r"):
            padding = padding[:-1]
        if padding != b"-" and not _PADDING.match(padding) or at >= 0 and padding == b"-":
            raise BadMultipart(_NO_PADDING)
        if at < 0:
            return False
        if not self._parts_left:
            raise BadMultipart("the form has more than %d parts" % self._max_parts)
        self._parts_left -= 1
        self._take(at)  # The line's end stays: the header fields end with an empty line.
        self._state = _HEAD
        return True

    def _head(self, events):
        # type: (List[Any]) -> bool
        at = self._find(b"\r\n\r\n")
        if max(at, self._searched) > self._max_header_bytes:
            raise BadMultipart("the header fields of a part have more than %d bytes"
                               % self._max_header_bytes)
        if at < 0:
            return False
        events.append(part_head(bytes(self._buffer[2:at])))
        self._take(at + 2)  # A part without content: its boundary follows at once.
        self._state = _CONTENT
        self._begins = True
        return True

    #: The buffer begins with the line's end before the content, which is not of it.
    _begins = False

    def _content(self, events):
        # type: (List[Any]) -> bool
        at = self._buffer.find(self._delimiter)
        keep = len(self._delimiter) - 1
        end = at if at >= 0 else len(self._buffer) - keep
        begin = 2 if self._begins else 0
        if end > begin:
            events.append(bytes(self._buffer[begin:end]))
        if at >= 0:
            events.append(END)
            self._take(at + len(self._delimiter))
            self._state = _BOUNDARY
            self._begins = False
            return True
        if end > begin:
            self._take(end)
            self._begins = False
        return False

    def _find(self, what):
        # type: (bytes) -> int
        at = self._buffer.find(what, self._searched)
        if at < 0:
            self._searched = max(0, len(self._buffer) - len(what) + 1)
        return at

    def _take(self, count):
        # type: (int) -> None
        del self._buffer[:count]
        self._searched = 0
