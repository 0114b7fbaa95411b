"""Request bodies that are read while they are sent, no faster than the server takes them."""

from __future__ import absolute_import, division, print_function

import errno
import itertools
from array import array

from waterspout._compat import to_bytes
from waterspout._encoding.file_sizes import bytes_left, gives_text, position, stated_length
from waterspout.exceptions import BodyChanged, UnrewindableBodyError

#: Bytes read from a file at a time.
FILE_BYTES = 128 * 1024

#: Bytes of a file that are read before it is sent, if its length is unknown otherwise: many servers
#: accept no body without a length.
WHOLE_BYTES = 1024 * 1024


def streamed_body(data):
    # type: (Any) -> Union[bytes, StreamedBody]
    """The body for ``data``: a file, an iterable of bytes, or an asynchronous one.

    A small file in text mode is read at once. Raises: the errors of reading the file.
    """
    if not is_file(data):
        return IteratorBody(data)
    content = FileBody(data)
    whole = content.whole() if content.text else None
    return content if whole is None else whole


def form_file_body(data):
    # type: (Any) -> Union[bytes, FileBody]
    """The body for a file in a form; read at once if it is small and of unknown length.

    Raises: the errors of reading the file.
    """
    content = FileBody(data)
    whole = content.whole() if content.length is None else None
    return content if whole is None else whole


def is_file(data):
    # type: (Any) -> bool
    """Whether ``data`` can be read without waiting on the IOLoop."""
    return (hasattr(data, "read") and not hasattr(data, "__aiter__")
            and not isinstance(data, array))  # py2: its read() reads another file.


class StreamedBody(object):
    """A body of which only the piece being sent is in memory.

    Attributes:
        length (int or None): bytes in all; None if unknown: the body is then sent chunked.
        asynchronous (bool): its pieces have to be awaited on the IOLoop.
    """

    length = None  # type: Optional[int]
    asynchronous = False

    def pieces(self):
        # type: () -> Iterator[Any]
        """Yield bytes, or Futures and awaitables of bytes; StopAsyncIteration ends it too."""
        raise NotImplementedError

    def read(self):
        # type: () -> bytes
        """Return the whole body, so that an ``auth`` can sign it and send the bytes instead.

        As in requests. Raises: TypeError: the body is asynchronous.
        """
        if self.asynchronous:
            raise TypeError(
                "cannot read an asynchronous body to sign it: pass the body as bytes")
        return b"".join(self.pieces())

    def rewind(self):
        # type: () -> None
        """Prepare to be sent again. Raises: UnrewindableBodyError: it cannot be rewound."""
        raise NotImplementedError


class IteratorBody(StreamedBody):
    """An iterable of bytes, or of Futures of bytes, or an asynchronous iterable of bytes."""

    def __init__(self, data):
        # type: (Any) -> None
        self._data = data
        self.asynchronous = hasattr(data, "__aiter__")

    def pieces(self):
        return _AsyncPieces(self._data) if self.asynchronous else iter(self._data)

    def rewind(self):
        raise UnrewindableBodyError(
            "cannot send the body again: an iterator cannot be rewound; pass bytes or a file")


class _AsyncPieces(object):
    """An asynchronous iterator as an iterator of awaitables.

    Attributes:
        aclose (callable): the iterator's, if it has one; asynchronous generators do.
    """

    def __init__(self, data):
        # type: (Any) -> None
        self._pieces = data.__aiter__()
        if hasattr(self._pieces, "aclose"):
            self.aclose = self._pieces.aclose

    def __iter__(self):
        return self

    def __next__(self):
        return self._pieces.__anext__()


class FileBody(StreamedBody):
    """A file from its position to its end; text is sent as UTF-8.

    ``length`` is None for a file in text mode; for one that cannot seek (a pipe), unless it has a
    ``len``; and for one that reports a wrong size (see `waterspout._encoding.file_sizes`). In all
    other cases the file must not change while it is sent, because its length was sent first.

    Raises, also from `whole` and `pieces`: the errors of reading the file.
    """

    def __init__(self, data):
        # type: (Any) -> None
        self._file = data
        self._ahead = b""  # Already read, from a file that cannot seek.
        self._start = position(data)
        self.text = self._start is not None and gives_text(data)
        if self.text:
            self.length = None
        elif self._start is not None:
            self.length = bytes_left(data, self._start)
        else:
            self.length = stated_length(data)
            if self.length == 0:  # This may mean that the length is unknown.
                self._ahead = self._read()
                self.length = None if self._ahead else 0

    def whole(self):
        # type: () -> Optional[bytes]
        """The file's bytes, if it can seek and has at most WHOLE_BYTES; else None."""
        if self._start is None:
            return None
        pieces, room = [], WHOLE_BYTES
        while room >= 0:
            piece = self._read()
            if not piece:
                return b"".join(pieces)
            pieces.append(piece)
            room -= len(piece)
        self.rewind()
        return None

    def pieces(self):
        if self._start is not None:
            self.rewind()  # It may have been sent before.
        if self.length is not None:
            return self._counted()
        ahead, self._ahead = self._ahead, b""
        return itertools.chain([ahead] if ahead else [], iter(self._read, b""))

    def _counted(self):
        left = self.length
        while True:
            # Reading one byte more shows that the file has grown, before the last piece is sent.
            piece = self._read(left + 1 if left <= FILE_BYTES else FILE_BYTES)
            if len(piece) > left or left and not piece:
                raise BodyChanged(
                    "the file was %d bytes and is %s now" % (
                        self.length, "longer" if piece else "only %d" % (self.length - left)),
                    phase="send",
                )
            left -= len(piece)
            if piece:
                yield piece
            if not left:
                return

    def _read(self, size=FILE_BYTES):
        piece = self._file.read(size)
        if piece is None:
            raise IOError(errno.EAGAIN, "the file is non-blocking and has no bytes yet; "
                                        "pass an asynchronous iterator that waits for them")
        return to_bytes(piece)

    def rewind(self):
        try:
            if self._start is not None:
                self._file.seek(self._start)
                return
        except (IOError, OSError, ValueError):
            pass  # It was closed, for example.
        raise UnrewindableBodyError(
            "cannot send the body again: its file cannot seek; pass bytes or another file")
