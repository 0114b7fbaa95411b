"""SimpleUpload: sends a body with Tornado's simple client while it is read."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import Future, resolve
from waterspout._net.body_sources import IteratorBodySource
from waterspout._wire.body_writers import ChunkedWriter
from waterspout.exceptions import WriteError

#: Methods for which Tornado sends a body of unknown length chunked by itself.
CHUNKED_BY_TORNADO = ("POST", "PUT", "PATCH")


class SimpleUpload(object):
    """The ``upload`` that an `IteratorBodySource` writes to; it asks for one piece at a time.

    Args:
        write (callable): Tornado's function, which returns a Future that is done when the bytes
            were sent.
    """

    def __init__(self, exchange, write):
        # type: (BorrowedExchange, Callable[[bytes], Future[None]]) -> None
        content = exchange.request.body
        self._exchange = exchange
        self._write = write
        self._body = IteratorBodySource(content.pieces())
        self._done = Future()
        self._chunks = None  # type: Optional[ChunkedWriter]  # Where Tornado does not.
        if content.length is None and exchange.request.method not in CHUNKED_BY_TORNADO:
            self._chunks = ChunkedWriter()

    def begin(self):
        # type: () -> Future[None]
        """Return a Future that is done when the whole body was sent, or no more is wanted."""
        exchange, stop_connection = self._exchange, self._exchange.stop

        def stop():
            stop_connection()
            self._stop()

        exchange.stop = stop
        exchange.timeouts.awaiting_body()
        self._body.start(self)
        return self._done

    # For the body

    def write(self, data):
        # type: (bytes) -> None
        if not isinstance(data, bytes):
            self.body_failed(
                TypeError("a request body must give bytes, not %s" % type(data).__name__))
        elif self._exchange.over:
            self._stop()
        else:
            self._exchange.timeouts.sending()
            self._send(self._chunks.write(data) if self._chunks else data, self._flushed)

    def _send(self, data, flushed):
        # In a later iteration, even if the bytes were sent: many small pieces would recurse.
        self._write(data).add_done_callback(
            lambda future: self._exchange.call_soon(lambda: flushed(future.exception())))

    def _flushed(self, error):
        if error is not None:
            self._exchange.fail(WriteError, str(error), error)
        if self._exchange.over:
            self._stop()
        else:
            self._exchange.timeouts.awaiting_body()
            self._body.drained()

    def end_body(self):
        # type: () -> None
        if self._chunks is not None:
            self._send(self._chunks.end(None), lambda error: None)
        self._exchange.timeouts.sent()
        resolve(self._done, None)

    def body_failed(self, error):
        # type: (Exception) -> None
        self._exchange.raised(error)
        self._stop()

    def _stop(self):
        self._body.stop()
        resolve(self._done, None)
