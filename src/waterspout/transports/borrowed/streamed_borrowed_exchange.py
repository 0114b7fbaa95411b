"""StreamedBorrowedExchange: an exchange on another library's client, with a streamed response."""

from __future__ import absolute_import, division, print_function

import weakref

from waterspout._compat import resolve
from waterspout._decoding.body_stream import BodyStream
from waterspout.transports.borrowed.borrowed_exchange import BorrowedExchange


class StreamedBorrowedExchange(BorrowedExchange):
    """Resolves at the head; the body goes to a `BodyStream`, at the reader's pace.

    While the reader pauses, ``timeout.read`` does not run.

    Attributes:
        paused (bool): the client must give no more of the body until `resumed` is called.
        resumed (callable or None): set by the transport; called at the end of a pause, also if the
            exchange has ended.
    """

    def __init__(self, request, options, io_loop, limits):
        # type: (PreparedRequest, CallOptions, IOLoop, Limits) -> None
        super(StreamedBorrowedExchange, self).__init__(request, options, io_loop, limits)
        self.paused = False
        self.resumed = None
        self._stream = None  # A weak reference: a collected response ends its exchange.
        self.reading = None
        self._ended = False

    @property
    def over(self):
        # Before the head by its Future, then by its stream.
        return self._ended or self._stream is None and self.future.done()

    # For the client

    def line_received(self, line):
        super(StreamedBorrowedExchange, self).line_received(line)
        if self.head is not None and self._stream is None:
            self.begin()

    def begin(self):
        # type: () -> None
        """The head is complete: resolve the Future."""
        if self.over:
            return
        coding = None if self.decoded else self.head.headers.get("Content-Encoding")
        stream = BodyStream(self, coding, self._limits)
        self._stream = weakref.ref(stream)
        future, self.future = self.future, None  # It refers to the response: see `_stream`.
        resolve(future, self._response(None, stream))

    def body_received(self, data):
        self.timeouts.byte_received()
        if self.notes is not None:
            self.notes.response_bytes = (self.notes.response_bytes or 0) + len(data)
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
        self.timeouts.pause()

    def resume(self):
        # type: () -> None
        if not self._ended:
            self._unpause()
            self.timeouts.resume()

    def cancel(self):
        # type: () -> None
        """The rest is not wanted: the client releases the connection."""
        if not self._ended:
            self._end()

    def _unpause(self):
        paused, self.paused = self.paused, False
        if paused and self.resumed is not None:
            self.resumed()
