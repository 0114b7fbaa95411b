"""Request bodies that are read while they are sent, never faster than the server takes them."""

from __future__ import absolute_import, division, print_function

import errno
import itertools
from array import array

from waterspout._compat import to_bytes
from waterspout._encoding.file_sizes import bytes_left, gives_text, position, stated_length
from waterspout.exceptions import BodyChanged, UnrewindableBodyError

#: Bytes read from a file at a time.
FILE_BYTES = 64 * 1024

#: Bytes of a file that are read before it is sent, where its length is wanted and only reading
#: tells: many servers take no body without a length.
WHOLE_BYTES = 1024 * 1024


def streamed_body(data):
    # type: (Any) -> Union[bytes, StreamedBody]
    """What sends ``data``: a file, an iterable of bytes, or an asynchronous one.

    A file of text is read at once if it is small. Raises: what reading a file raises.
    """
    if not is_file(data):
        return IteratorBody(data)
    content = FileBody(data)
    whole = content.whole() if content.text else None
    return content if whole is None else whole


def form_file_body(data):
    # type: (Any) -> Union[bytes, FileBody]
    """What sends a file as a part of a form, read at once if it is small and of unknown length.

    Raises: what reading it raises.
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


class IteratorBody(StreamedBody):
    """An iterable of bytes, or of Futures of bytes, or an asynchronous iterable of bytes."""

    def __init__(self, data):
        # type: (Any) -> None
        self._data = data
        self.asynchronous = hasattr(data, "__aiter__")

    def pieces(self):
        return _AsyncPieces(self._data) if self.asynchronous else iter(self._data)

    def rewind(self):
        raise UnrewindableBodyError("the body cannot be sent again: it is no file")


class _AsyncPieces(object):
    """An asynchronous iterator as an iterator of what is to be waited for.

    Attributes:
        aclose (callable): where the iterator has one, as an asynchronous generator does.
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
    """A file from where it stands to its end; what it gives as text is sent as UTF-8.

    ``length`` is None for text, whose bytes are not counted; for one that cannot seek (a
    pipe), unless it says itself how long it is; and for one that does not hold as much as it
    claims (see `waterspout._encoding.file_sizes`). Otherwise a file must not change while it is
    sent: the server was told its length.

    Raises, also from `whole` and `pieces`: what reading the file raises.
    """

    def __init__(self, data):
        # type: (Any) -> None
        self._file = data
        self._ahead = b""  # Read before it was asked for, of one that cannot seek.
        self._start = position(data)
        self.text = self._start is not None and gives_text(data)
        if self.text:
            self.length = None
        elif self._start is not None:
            self.length = bytes_left(data, self._start)
        else:
            self.length = stated_length(data)
            if self.length == 0:  # Which may mean that it does not know.
                self._ahead = self._read()
                self.length = None if self._ahead else 0

    def whole(self):
        # type: () -> Optional[bytes]
        """All of it, for a file that can seek and holds no more than WHOLE_BYTES; else None."""
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
            self.rewind()  # Sent once before, perhaps.
        if self.length is not None:
            return self._counted()
        ahead, self._ahead = self._ahead, b""
        return itertools.chain([ahead] if ahead else [], iter(self._read, b""))

    def _counted(self):
        left = self.length
        while True:
            # One more than there should be shows that it has grown, before the last is sent.
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
                                        "give an asynchronous iterator that waits for them")
        return to_bytes(piece)

    def rewind(self):
        try:
            if self._start is not None:
                self._file.seek(self._start)
                return
        except (IOError, OSError, ValueError):
            pass  # Closed meanwhile, say.
        raise UnrewindableBodyError("the body cannot be sent again: its file cannot seek")
