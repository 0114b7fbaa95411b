"""BodyStream: a response body that is read piece by piece, at the reader's pace."""

from __future__ import absolute_import, division, print_function

import collections

from waterspout._compat import Future, monotonic, reject, rejected, resolve, resolved
from waterspout._decoding.content_codings import BodyDecoder
from waterspout.constants import STREAM_BUFFER_BYTES
from waterspout.exceptions import RequestException, ResponseTooLarge, StreamClosed


class BodyStream(object):
    """The received, unread part of a body. A connection fills it, a reader empties it.

    Pieces are decoded when they are read, so that a few bytes that hold gigabytes stay few. Once it
    holds `STREAM_BUFFER_BYTES` the connection pauses, so that the server is read no faster than
    the reader reads. If the stream is garbage-collected before its end, the exchange is aborted.

    Args:
        source: the exchange. It has ``pause()``, ``resume()`` and ``cancel()``;
            ``failure(error_class, what, cause)``, which makes an error of the call; and an
            attribute ``reading``, set to this stream while a `read` waits.
        coding (native str or None): the Content-Encoding.
        limits (Limits): ``max_body_bytes`` for `read_all`, which keeps the whole body, and
            ``max_content_codings``.

    Attributes:
        ended (float or None): `monotonic` seconds at which the end of the body arrived.
    """

    def __init__(self, source, coding, limits):
        # type: (Any, Optional[str], Limits) -> None
        self.ended = None  # type: Optional[float]
        self._on_end = None  # type: Optional[Callable[[Optional[float], Optional[BaseException]], None]]
        self._on_loop = None  # type: Optional[Callable[..., None]]
        self._source = source
        self._coding = coding
        self._max_bytes = limits.max_body_bytes
        self._max_codings = limits.max_content_codings
        self._decoder = None  # type: Optional[BodyDecoder]  # Made for the first piece.
        self._decoded = iter(())  # type: Iterator[bytes]  # The rest of the current piece.
        self._pieces = collections.deque()  # Still encoded.
        self._size = 0
        self._paused = False
        self._ended = False  # Nothing more will arrive.
        self._error = None  # type: Optional[BaseException]
        self._reader = None  # type: Optional[Future[bytes]]  # The `read` that waits.

    def when_ended(self, function, on_loop):
        # type: (Callable[[Optional[float], Optional[BaseException]], None], Callable[..., None]) -> None
        """Have ``function(ended, error)`` called once, when nothing more will arrive, or now.

        The error is `StreamClosed` if the reader has stopped before the end; ``ended`` is then None
        or the time of that. A function must have no reference to the response. Of several functions
        the first is called first.

        Args:
            on_loop (callable): ``on_loop(function, *args)`` has a function called on the IOLoop.
                For a stream that is dropped: garbage may be collected in any thread, in the middle
                of anything.
        """
        self._on_loop = on_loop
        before = self._on_end
        if self._ended:
            function(self.ended, self._error)
        elif before is None:
            self._on_end = function
        else:
            def both(ended, error):
                before(ended, error)
                function(ended, error)

            self._on_end = both

    # For the exchange

    def feed(self, data):
        # type: (bytes) -> None
        if self._ended:
            return  # The body was refused or closed meanwhile.
        self._pieces.append(data)
        self._size += len(data)
        self._serve()
        if self._size >= STREAM_BUFFER_BYTES and not self._paused and not self._ended:
            self._paused = True
            self._source.pause()

    def end(self):
        # type: () -> None
        self._ended = True
        self.ended = monotonic()
        if self._on_end is not None:
            self._tell_end(None)
        self._serve()

    def fail(self, error):
        # type: (BaseException) -> None
        """End with ``error``, after the pieces that arrived before it."""
        if self._error is None:
            self._ended = True
            self._error = error
            if self._on_end is not None:
                self._tell_end(error)
            self._serve()

    def _serve(self):
        if self._reader is not None:
            here = self._at_hand()
            if here is not None:
                reader, self._reader = self._reader, None
                self._source.reading = None
                if here.exception() is None:
                    resolve(reader, here.result())
                else:
                    reject(reader, here.exception())

    # For the reader

    def keep_encoded(self):
        # type: () -> None
        """Have `read` return the pieces as they arrive. Call it before the first `read`."""
        self._coding = None

    def read(self):
        # type: () -> Future[bytes]
        """Resolve to the next decoded piece, ``b""`` at the end.

        A second call while one waits returns the same Future.
        Raises: through the Future the exchange's error; ContentDecodingError; StreamClosed after
            `close`.
        """
        here = self._at_hand()
        if here is None:
            if self._reader is None:
                self._reader = Future()
                # The waiting reader may have no other reference to the stream.
                self._source.reading = self
            here = self._reader
        if self._paused and not self._pieces:
            self._paused = False
            if not self._ended:
                self._source.resume()
        return here

    def _at_hand(self):
        """A Future that is done, or None if nothing can be read yet."""
        try:
            data = self._next_piece()
            if not data and self._error is None and self._ended and self._decoder is not None:
                self._decoder.finish()
        except RequestException as error:
            self._refuse(type(error), str(error), error)
            data = b""
        if data:
            return resolved(data)
        if self._error is not None:
            return rejected(self._error)
        return resolved(b"") if self._ended else None

    def _next_piece(self):
        while True:
            piece = next(self._decoded, b"")
            if piece or not self._pieces:
                return piece
            data = self._pieces.popleft()
            self._size -= len(data)
            self._decoded = iter((data,)) if self._coding is None else self._decode(data)

    def _decode(self, data):
        if self._decoder is None:  # Not earlier: there may be no body.
            self._decoder = BodyDecoder(self._coding, None, self._max_codings)
        return self._decoder.pieces(data)

    def _refuse(self, error_class, what, cause=None):
        """Fail the body, which cannot be decoded or is too large, and end the exchange."""
        self._abort(self._source.failure(error_class, what, cause))

    def _abort(self, error):
        ended, self._ended = self._ended, True
        self._error = error
        self._pieces.clear()
        self._decoded = iter(())
        if not ended:
            self._source.cancel()
            if self._on_end is not None:
                self._tell_end(error)

    def _tell_end(self, error):
        on_end, self._on_end = self._on_end, None
        if on_end is not None:
            on_end(self.ended, error)

    def read_all(self, keep):
        # type: (Callable[[bytes], None]) -> Future[bytes]
        """Resolve to the rest of the body, after passing it to ``keep``.

        Raises: through the Future ResponseTooLarge, and what `read` raises.
        """
        future = Future()
        pieces = []
        left = [self._max_bytes]

        def take(reading):
            while reading.done():  # A loop: callbacks for many ready pieces would recurse.
                if reading.exception() is not None:
                    reject(future, reading.exception())
                    return
                piece = reading.result()
                if not piece:
                    content = b"".join(pieces)
                    keep(content)
                    resolve(future, content)
                    return
                pieces.append(piece)
                left[0] -= len(piece)
                if left[0] < 0:
                    self._refuse(ResponseTooLarge, "the body is more than %d bytes%s" % (
                        self._max_bytes, " once decompressed" if self._coding else ""))
                reading = self.read()
            reading.add_done_callback(take)

        take(self.read())
        return future

    def close(self):
        # type: () -> None
        """Stop reading. Unless the whole body arrived, its connection is closed. Idempotent."""
        if not self._ended:
            self._abort(StreamClosed("the response was closed before its body was read"))
            self._serve()

    def __del__(self):
        if not self._ended:
            self._ended = True
            self._source.cancel()
            if self._on_end is not None and self._on_loop is not None:
                self._on_loop(self._on_end, monotonic(), StreamClosed(
                    "the response was dropped before its body was read"))
