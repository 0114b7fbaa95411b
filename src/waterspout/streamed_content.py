"""Request bodies that are read while they are sent, never faster than the server takes them."""

from __future__ import absolute_import, division, print_function

import os

from waterspout._compat import integer_types, text_type, to_bytes
from waterspout.exceptions import BodyChanged, UnrewindableBodyError

#: Bytes read from a file at a time.
FILE_BYTES = 64 * 1024


def streamed_content(data):
    # type: (Any) -> StreamedContent
    """What sends ``data``: a file, an iterable of bytes, or an asynchronous one."""
    if hasattr(data, "read") and not hasattr(data, "__aiter__"):
        return FileContent(data)
    return IteratedContent(data)


class StreamedContent(object):
    """A body of which no more is in memory than what is on its way.

    Attributes:
        length (int or None): bytes in all; None if nobody knows, then it is sent chunked.
        asynchronous (bool): to be waited for on the IOLoop.
    """

    length = None  # type: Optional[int]
    asynchronous = False

    def pieces(self):
        # type: () -> Iterator[Any]
        """Bytes, or Futures and awaitables of bytes; StopAsyncIteration from one is the end."""
        raise NotImplementedError

    def read(self):
        # type: () -> bytes
        """All of it, for who signs a body and sends those bytes in its place, as in requests.

        Raises: TypeError for what is not there at once.
        """
        if self.asynchronous:
            raise TypeError("an asynchronous body cannot be read to be signed: give bytes")
        return b"".join(self.pieces())

    def rewind(self):
        # type: () -> None
        """To be sent again. Raises: UnrewindableBodyError where it cannot be."""
        raise NotImplementedError


class IteratedContent(StreamedContent):
    """An iterable of bytes, or of Futures of bytes, or an asynchronous iterable of bytes."""

    def __init__(self, data):
        # type: (Any) -> None
        self._data = data
        self.asynchronous = hasattr(data, "__aiter__")

    def pieces(self):
        if self.asynchronous:
            return iter(self._data.__aiter__().__anext__, None)
        return iter(self._data)

    def rewind(self):
        raise UnrewindableBodyError("the body cannot be sent again: it is no file")


class FileContent(StreamedContent):
    """A file from where it stands to its end; what it gives as text is sent as UTF-8.

    ``length`` is None for one that cannot seek (a pipe) unless it says itself how long it is,
    and for text, whose bytes nobody has counted. A file is not to change while it is sent: the
    server was told its length.
    """

    def __init__(self, data):
        # type: (Any) -> None
        self._file = data
        self._start = _position(data)
        self.length = _said(data) if self._start is None else _bytes_left(data, self._start)

    def pieces(self):
        if self._start is not None:
            self.rewind()  # Sent once before, perhaps.
        if self.length is not None:
            return self._counted()
        return iter(self._read, b"")

    def _counted(self):
        left = self.length
        while left:
            # One more than there should be shows that it has grown, before the last is sent.
            piece = self._read(left + 1 if left <= FILE_BYTES else FILE_BYTES)
            if not piece or len(piece) > left:
                raise BodyChanged(
                    "the file was %d bytes and is %s now" % (
                        self.length, "longer" if piece else "only %d" % (self.length - left)),
                    phase="send",
                )
            left -= len(piece)
            yield piece

    def _read(self, size=FILE_BYTES):
        return to_bytes(self._file.read(size))

    def rewind(self):
        try:
            if self._start is not None:
                self._file.seek(self._start)
                return
        except (IOError, OSError, ValueError):
            pass  # Closed meanwhile, say.
        raise UnrewindableBodyError("the body cannot be sent again: its file cannot seek")


def _position(data):
    """Where the file stands, or None if it cannot come back there."""
    try:
        start = data.tell()
        data.seek(start)
    except (AttributeError, IOError, OSError, ValueError):
        return None
    return start


def _said(data):
    """The ``len()`` or ``len`` of what cannot seek, as of requests-toolbelt's encoders, or None."""
    length = len(data) if hasattr(data, "__len__") else getattr(data, "len", None)
    return length if isinstance(length, integer_types) else None


def _bytes_left(data, start):
    """How many bytes follow, or None if that takes reading them."""
    if isinstance(data.read(0), text_type):
        return None
    try:
        data.seek(0, os.SEEK_END)
        left = data.tell() - start
    except (IOError, OSError, ValueError):  # As with a compressed file.
        left = None
    data.seek(start)
    return left if left is None else max(0, left)
