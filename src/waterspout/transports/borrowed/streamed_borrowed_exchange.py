"""An exchange on a client that is not ours, whose response's body is pulled."""

from __future__ import absolute_import, division, print_function

import weakref

from waterspout._compat import resolve
from waterspout._decoding.body_stream import BodyStream
from waterspout.transports.borrowed.borrowed_exchange import BorrowedExchange


class StreamedBorrowedExchange(BorrowedExchange):
    """Resolves at the head; the body goes to a `BodyStream`, at the reader's pace.

    The reader's pauses are not the server's: meanwhile ``timeout.read`` stands still.

    Attributes:
        paused (bool): the client is to hand out nothing more until `resumed` is called.
        resumed (callable or None): set by the transport; called where a pause ends, also
            because the exchange does.
    """

    def __init__(self, request, options, io_loop, limits):
        # type: (PreparedRequest, CallOptions, IOLoop, Limits) -> None
        super(StreamedBorrowedExchange, self).__init__(request, options, io_loop, limits)
        self.paused = False
        self.resumed = None
        self._stream = None  # Weak: a response that nobody keeps ends its exchange.
        self.reading = None
        self._ended = False

    @property
    def over(self):
        # Cancelled or failed before the head, or else by what becomes of the stream.
        return self._ended or self._stream is None and self.future.done()

    # For the client

    def line_received(self, line):
        super(StreamedBorrowedExchange, self).line_received(line)
        if self.head is not None and self._stream is None:
            self.begin()

    def begin(self):
        # type: () -> None
        """The head is there."""
        if self.over:
            return
        stream = BodyStream(
            self, self.head.headers.get("Content-Encoding"), self._limits)
        self._stream = weakref.ref(stream)
        future, self.future = self.future, None  # It leads to the response: see `_stream`.
        resolve(future, self._response(None, stream))

    def body_received(self, data):
        self.byte_received()
        stream = self._stream and self._stream()
        if stream is not None:
            stream.feed(data)

    def succeed(self):
        if self._stream is None:
            super(StreamedBorrowedExchange, self).succeed()  # It failed, or has no head.
        elif not self._ended:
            self.stop = None
            self._end()
            stream = self._stream()
            if stream is not None:
                stream.end()

    def _end_with(self, error):
        if self._stream is None:
            super(StreamedBorrowedExchange, self)._end_with(error)
            return
        stream = self._stream()
        self._end()
        if stream is not None:
            stream.fail(error)

    def _settled(self, future):
        if self.over:
            super(StreamedBorrowedExchange, self)._settled(future)

    def _end(self):
        self._ended = True
        self._let_go()
        self._unpause()

    # For the stream

    def pause(self):
        # type: () -> None
        self.paused = True
        self._stop_timer()

    def resume(self):
        # type: () -> None
        if not self._ended:
            self._unpause()
            self.byte_received()
            self._watch_bytes()

    def cancel(self):
        # type: () -> None
        """Nobody wants the rest: the client lets go of the connection."""
        if not self._ended:
            self._end()

    def _unpause(self):
        paused, self.paused = self.paused, False
        if paused and self.resumed is not None:
            self.resumed()
