"""Asynchronous iterators over a body: for ``async for``, and with ``next()`` on Python 2.7."""

from __future__ import absolute_import, division, print_function

import collections

from waterspout._compat import (
    TYPE_CHECKING,
    Future,
    StopAsyncIteration,
    integer_types,
    reject,
    resolve,
)

if TYPE_CHECKING:
    import codecs  # noqa: F401
    from typing import Any, Callable, List, Optional, Text  # noqa: F401

    from typing_extensions import Self  # noqa: F401


class Items(object):
    """Items made from the results of ``read``, one at a time.

    Cancelling a Future loses no item: the next call gets it.

    Attributes:
        end: the result of `next` after the last item.

    Args:
        read (callable): returns a Future of the next input, which is empty at the end.
    """

    end = b""

    def __init__(self, read):
        # type: (Callable[[], Future]) -> None
        self._read = read
        self._reading = None  # type: Optional[Future]  # A read whose result was not taken yet.
        self._ended = False

    def next(self):
        # type: () -> Future[Any]
        """Return a Future of the next item, or of `end`."""
        future = Future()
        self._fill(future, self._resolve_or_end)
        return future

    def __aiter__(self):
        # type: () -> Self
        return self

    def __anext__(self):
        # type: () -> Future[Any]
        future = Future()
        self._fill(future, _resolve_or_stop)
        return future

    # For a subclass

    def _has_item(self):
        # type: () -> bool
        raise NotImplementedError

    def _hold(self, data):
        """Take more input."""
        raise NotImplementedError

    def _finish(self):
        """Handle the end of the input."""

    def _take(self):
        """Return an item, or None if there are no more."""
        raise NotImplementedError

    def _fill(self, future, settle):
        while not (self._ended or self._has_item()):
            # A loop: callbacks for many ready pieces would recurse.
            if self._reading is None:
                self._reading = self._read()
            if not self._reading.done():
                self._reading.add_done_callback(
                    lambda reading: self._came(reading, future, settle))
                return
            reading, self._reading = self._reading, None
            if reading.exception() is not None:
                reject(future, reading.exception())
                return
            data = reading.result()
            if data:
                self._hold(data)
            else:
                self._ended = True
                self._finish()
        settle(future, self._take())

    def _came(self, reading, future, settle):
        if not future.done():
            self._fill(future, settle)
        elif not reading.cancelled():
            # The caller's Future was cancelled. The next call gets the item or the error, which is
            # not to be logged as one that was never retrieved: there may be no next call.
            reading.exception()

    def _resolve_or_end(self, future, item):
        resolve(future, self.end if item is None else item)


def _resolve_or_stop(future, item):
    if item is None:
        reject(future, StopAsyncIteration())
    else:
        resolve(future, item)


class Pieces(Items):
    """A body in pieces of bytes; `next` resolves to ``b""`` at the end.

    Args:
        size (int or None): bytes in each piece but the last; None for pieces as they arrive.
    """

    if TYPE_CHECKING:
        def next(self):
            # type: () -> Future[bytes]
            raise NotImplementedError

        def __anext__(self):
            # type: () -> Future[bytes]
            raise NotImplementedError

    def __init__(self, read, size=None):
        # type: (Callable[[], Future[bytes]], Optional[int]) -> None
        super(Pieces, self).__init__(read)
        self._size = size
        self._held = []  # type: List[bytes]
        self._held_bytes = 0

    def _has_item(self):
        return self._held_bytes >= (self._size or 1)

    def _hold(self, data):
        self._held.append(data)
        self._held_bytes += len(data)

    def _take(self):
        held = b"".join(self._held)
        size = len(held) if self._size is None else self._size
        data, rest = held[:size], held[size:]
        self._held, self._held_bytes = [rest], len(rest)
        return data or None


class TextPieces(Items):
    """A body in pieces of text; `next` resolves to ``u""`` at the end.

    Args:
        decoder (codecs.IncrementalDecoder): decodes characters that are split between pieces too.
    """

    end = u""

    if TYPE_CHECKING:
        def next(self):
            # type: () -> Future[Text]
            raise NotImplementedError

        def __anext__(self):
            # type: () -> Future[Text]
            raise NotImplementedError

    def __init__(self, read, decoder):
        # type: (Callable[[], Future[bytes]], codecs.IncrementalDecoder) -> None
        super(TextPieces, self).__init__(read)
        self._decoder = decoder
        self._text = u""

    def _has_item(self):
        return bool(self._text)

    def _hold(self, data):
        self._text = self._decoder.decode(data)

    def _finish(self):
        self._text = self._decoder.decode(b"", True)

    def _take(self):
        text, self._text = self._text, u""
        return text or None


class Lines(Items):
    """Lines without their ends; `next` resolves to None at the end, since a line may be empty.

    Args:
        splitter (LineSplitter or DelimiterSplitter).
    """

    end = None

    def __init__(self, read, splitter):
        # type: (Callable[[], Future[Any]], Any) -> None
        super(Lines, self).__init__(read)
        self._splitter = splitter
        self._lines = collections.deque()

    def _has_item(self):
        return bool(self._lines)

    def _hold(self, data):
        self._lines.extend(self._splitter.feed(data))

    def _finish(self):
        self._lines.extend(self._splitter.finish())

    def _take(self):
        return self._lines.popleft() if self._lines else None


def checked_size(chunk_size):
    # type: (Any) -> Optional[int]
    """``chunk_size``. Raises: TypeError: not an int, as in requests; ValueError: below 1."""
    if chunk_size is not None:
        if not isinstance(chunk_size, integer_types):
            raise TypeError("chunk_size=%r must be an int" % (chunk_size,))
        if chunk_size < 1:
            raise ValueError("chunk_size=%r must be at least 1 byte" % (chunk_size,))
    return chunk_size
