"""Splits a body that arrives in pieces into lines, which do not depend on where pieces end."""

from __future__ import absolute_import, division, print_function


class LineSplitter(object):
    """The lines that ``splitlines()`` would return for all pieces joined.

    Each piece is searched once, so that the time is linear in the length of a line.

    Args:
        empty: ``b""`` for lines of bytes, ``u""`` for lines of text.
    """

    def __init__(self, empty):
        # type: (AnyStr) -> None
        self._empty = empty
        self._cr = b"\r" if isinstance(empty, bytes) else u"\r"
        self._unfinished = []  # type: List[AnyStr]
        self._held = empty  # A CR at the end of a piece, in case the next begins with an LF.

    def feed(self, data):
        # type: (AnyStr) -> List[AnyStr]
        """Return the lines that ``data``, which is not empty, completes."""
        data = self._held + data
        self._held = self._empty
        if data.endswith(self._cr):
            data, self._held = data[:-1], data[-1:]
        return self._split(data)

    def finish(self):
        # type: () -> List[AnyStr]
        """Return the last line, if there is one without an end."""
        lines = self._split(self._held)
        if self._unfinished:
            lines.append(self._empty.join(self._unfinished))
        return lines

    def _split(self, data):
        lines = data.splitlines()
        last = lines.pop() if data and data[-1:].splitlines()[0] else None
        if lines and self._unfinished:
            lines[0] = self._empty.join(self._unfinished + lines[:1])
            self._unfinished = []
        if last is not None:
            self._unfinished.append(last)
        return lines


class DelimiterSplitter(object):
    """The lines that ``split(delimiter)`` would return for all pieces joined."""

    def __init__(self, delimiter):
        # type: (AnyStr) -> None
        self._delimiter = delimiter
        self._empty = delimiter[:0]
        self._before = []  # type: List[AnyStr]  # The unfinished line without its `_tail`.
        self._tail = self._empty  # Its end, which may be the beginning of a delimiter.
        self._fed = False

    def feed(self, data):
        # type: (AnyStr) -> List[AnyStr]
        """Return the lines that ``data``, which is not empty, completes."""
        self._fed = True
        lines = (self._tail + data).split(self._delimiter)
        last = lines.pop()
        if lines:
            lines[0] = self._empty.join(self._before + lines[:1])
            self._before = []
        at = max(0, len(last) - len(self._delimiter) + 1)
        self._before.append(last[:at])
        self._tail = last[at:]
        return lines

    def finish(self):
        # type: () -> List[AnyStr]
        """Return the last line, if there is one without an end."""
        return [self._empty.join(self._before + [self._tail])] if self._fed else []
