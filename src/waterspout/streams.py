"""Response bodies that are pulled, piece by piece, at the reader's pace."""

from __future__ import absolute_import, division, print_function

import collections

from waterspout._compat import Future, StopAsyncIteration, reject, rejected, resolve, resolved
from waterspout.constants import STREAM_BUFFER_BYTES
from waterspout.exceptions import StreamClosed


class ResponseStream(object):
    """What came of a body and was not asked for yet; a connection fills it, a reader empties it.

    Once it holds `STREAM_BUFFER_BYTES` the connection is told to pause, so that the server
    is read no faster than the reader reads. Dropping it, unread, aborts the exchange.

    Args:
        source: has ``pause()``, ``resume()`` and ``cancel()``: the exchange.
    """

    def __init__(self, source):
        # type: (Any) -> None
        self._source = source  # None once nothing more will come.
        self._pieces = collections.deque()
        self._size = 0
        self._paused = False
        self._error = None  # type: Optional[BaseException]
        self._reader = None  # type: Optional[Future[bytes]]  # Waits for the next piece.

    # For the exchange

    def feed(self, data):
        # type: (bytes) -> None
        if not data:
            return
        if self._reader is not None:
            self._give(data)
            return
        self._pieces.append(data)
        self._size += len(data)
        if self._size >= STREAM_BUFFER_BYTES and not self._paused and self._source is not None:
            self._paused = True
            self._source.pause()

    def end(self):
        # type: () -> None
        self._source = None
        if self._reader is not None:
            self._give(b"")

    def fail(self, error):
        # type: (BaseException) -> None
        """What came before stays readable; the error follows it."""
        self._source = None
        self._error = error
        reader, self._reader = self._reader, None
        if reader is not None:
            reject(reader, error)

    def _give(self, data):
        reader, self._reader = self._reader, None
        reader.set_result(data)

    # For the reader

    def read(self):
        # type: () -> Future[bytes]
        """The next piece, ``b""`` at the end. One read at a time: another meanwhile is the same.

        Raises: through the Future what the exchange failed with; StreamClosed after `close`.
        """
        if self._pieces:
            data = self._pieces.popleft()
            self._size -= len(data)
            if self._paused and not self._pieces:
                self._paused = False
                if self._source is not None:
                    self._source.resume()
            return resolved(data)
        if self._error is not None:
            return rejected(self._error)
        if self._source is None:
            return resolved(b"")
        if self._reader is None:
            self._reader = Future()
        return self._reader

    def read_all(self, keep):
        # type: (Callable[[bytes], None]) -> Future[bytes]
        """All that is left, once it has come; ``keep`` gets it first."""
        future = Future()
        pieces = []

        def take(reading):
            while reading.done():  # A loop, for many pieces at hand would recurse deep.
                if reading.exception() is not None:
                    reject(future, reading.exception())
                    return
                if not reading.result():
                    content = b"".join(pieces)
                    keep(content)
                    resolve(future, content)
                    return
                pieces.append(reading.result())
                reading = self.read()
            reading.add_done_callback(take)

        take(self.read())
        return future

    def close(self):
        # type: () -> None
        """Want no more: unless the body is whole, its connection is closed. Idempotent."""
        source, self._source = self._source, None
        if source is not None:
            self.fail(StreamClosed("the response was closed before its body was read"))
            self._pieces.clear()
            source.cancel()

    def __del__(self):
        source, self._source = self._source, None
        if source is not None:
            source.cancel()


class Pieces(object):
    """An iterator for ``async for``, and for ``yield pieces.next()`` until it gives ``b""``.

    One piece at a time. A wait that is cancelled loses nothing: the next one gets the piece.

    Args:
        read (callable): gives a Future of the next bytes, ``b""`` at the end.
        size (int or None): bytes in each piece but the last; None for as they come.
    """

    def __init__(self, read, size=None):
        # type: (Callable[[], Future[bytes]], Optional[int]) -> None
        if size is not None and size < 1:
            raise ValueError("chunk_size=%r is not a number of bytes above 0" % (size,))
        self._read = read
        self._size = size
        self._held = []  # type: List[bytes]
        self._held_bytes = 0
        self._ended = False
        self._reading = None  # type: Optional[Future[bytes]]  # One that nobody took yet.

    def next(self):
        # type: () -> Future[bytes]
        future = Future()
        self._fill(future, resolve)
        return future

    def __aiter__(self):
        return self

    def __anext__(self):
        future = Future()
        self._fill(future, _resolve_or_stop)
        return future

    def _fill(self, future, settle):
        while not self._enough():  # A loop, for many pieces at hand would recurse deep.
            if self._reading is None:
                self._reading = self._read()
            if not self._reading.done():
                self._reading.add_done_callback(lambda reading: self._came(future, settle))
                return
            reading, self._reading = self._reading, None
            if reading.exception() is not None:
                reject(future, reading.exception())
                return
            self._hold(reading.result())
        settle(future, self._take())

    def _came(self, future, settle):
        if not future.done():  # Cancelled: what came is for whoever asks next.
            self._fill(future, settle)

    def _enough(self):
        return self._ended or self._held_bytes >= (self._size or 1)

    def _hold(self, data):
        if data:
            self._held.append(data)
            self._held_bytes += len(data)
        else:
            self._ended = True

    def _take(self):
        held = b"".join(self._held)
        size = len(held) if self._size is None else self._size
        data, rest = held[:size], held[size:]
        self._held, self._held_bytes = [rest], len(rest)
        return data


def _resolve_or_stop(future, data):
    if data:
        resolve(future, data)
    else:
        reject(future, StopAsyncIteration())
