"""Response bodies that are pulled, piece by piece, at the reader's pace."""

from __future__ import absolute_import, division, print_function

import collections

from waterspout._compat import Future, monotonic, reject, rejected, resolve, resolved
from waterspout.constants import STREAM_BUFFER_BYTES
from waterspout.exceptions import StreamClosed


class ResponseStream(object):
    """What came of a body and was not asked for yet; a connection fills it, a reader empties it.

    Once it holds `STREAM_BUFFER_BYTES` the connection is told to pause, so that the server
    is read no faster than the reader reads. Dropping it, unread, aborts the exchange.

    Args:
        source: has ``pause()``, ``resume()`` and ``cancel()``: the exchange.

    Attributes:
        ended (float or None): `monotonic` seconds at which the last of the body came.
    """

    def __init__(self, source):
        # type: (Any) -> None
        self._source = source  # None once nothing more will come.
        self.ended = None  # type: Optional[float]
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
        self.ended = monotonic()
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
