"""Lines for standard output, which may be a pipe that another program closes early."""

from __future__ import absolute_import, division, print_function

import errno
import os
import unicodedata

from tornado.escape import native_str, to_unicode

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Iterable, Text  # noqa: F401

#: Columns of a terminal that does not tell how many it has.
_WIDTH = 100


class Printer(object):
    """A context that writes lines of text in UTF-8, or as a terminal shows them.

    A reader such as ``head`` may go when it has seen enough: what follows is dropped quietly.

    Args:
        stream (file or None): None: standard output was closed when the program began.
    Attributes:
        is_broken (bool): the reader has gone.
        width (int): columns of a line.
    """

    def __init__(self, stream):
        # type: (Any) -> None
        self.is_broken = stream is None
        self.width = _width(stream)
        self._stream = stream
        # Into a pipe or a file, UTF-8 whatever the locale is: another program reads it.
        self._bytes = None if is_terminal(stream) else getattr(stream, "buffer", None)
        if self._bytes is None and str is bytes and not is_terminal(stream):
            self._bytes = stream

    def __enter__(self):
        # type: () -> Printer
        return self

    def __exit__(self, *error):
        # type: (Any) -> None
        self._try(lambda: self._stream.flush())

    def line(self, text):
        # type: (Any) -> None
        """Write one line."""
        text = to_unicode(text)
        if self._bytes is not None:
            self._try(lambda: self._bytes.write((text + u"\n").encode("utf-8")))
            return
        encoding = getattr(self._stream, "encoding", None) or "ascii"
        shown = (plain_text(text) + u"\n").encode(encoding, "backslashreplace")
        # py2: a file takes bytes.
        self._try(lambda: self._stream.write(shown if str is bytes else shown.decode(encoding)))

    def row(self, cells):
        # type: (Iterable[Any]) -> None
        """Write the cells of a row as CSV has them."""
        self.line(u",".join(map(_quoted, cells)))

    def _try(self, write):
        # type: (Any) -> None
        if self.is_broken:
            return
        try:
            write()
        except EnvironmentError as error:
            if error.errno not in (errno.EPIPE, errno.EINVAL):
                raise
            self.is_broken = True
            self._discard()

    def _discard(self):
        # type: () -> None
        """Have what stays in the buffer go nowhere, or Python complains at its end."""
        try:
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, self._stream.fileno())
            os.close(null)
        except (EnvironmentError, ValueError, AttributeError):
            pass


def plain_text(text):
    # type: (Text) -> Text
    """Return text without what would move a terminal's cursor, or give it a command."""
    return u"".join(
        each if unicodedata.category(each)[0] != "C" else u" " for each in text)


def plain_line(text):
    # type: (Any) -> str
    """Return one line of native text for a person, whatever a file or a server has put into it."""
    return native_str(plain_text(u" ".join(to_unicode(text).split())))


def is_terminal(stream):
    # type: (Any) -> bool
    """Return whether a person sees what is written."""
    try:
        return stream is not None and stream.isatty()
    except (AttributeError, ValueError):  # It is closed.
        return False


def _quoted(cell):
    # type: (Any) -> Any
    text = to_unicode(cell)
    if any(each in text for each in u",\"\r\n") or text != text.strip():
        return u'"%s"' % text.replace(u'"', u'""')
    return text


def _width(stream):
    # type: (Any) -> int
    if not is_terminal(stream):
        return _WIDTH
    try:
        import shutil

        return shutil.get_terminal_size((_WIDTH, 24)).columns
    except AttributeError:  # py2
        import fcntl
        import struct
        import termios

        try:
            size = fcntl.ioctl(stream.fileno(), termios.TIOCGWINSZ, b"\0" * 8)
            return struct.unpack("hhhh", size)[1] or _WIDTH
        except (EnvironmentError, ValueError):
            return _WIDTH
