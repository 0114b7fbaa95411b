"""Sources of request bodies that are sent piece by piece."""

from __future__ import absolute_import, division, print_function

import logging

from tornado import gen
from tornado.ioloop import IOLoop

from waterspout._compat import StopAsyncIteration, in_this_context

_log = logging.getLogger("waterspout.net")


class BodySource(object):
    """A body that an `Upload` asks for, never faster than the socket takes it.

    Attributes:
        length (int or None): bytes in all; None if unknown: the body is then sent chunked.
    """

    length = None

    def start(self, upload):
        # type: (Upload) -> None
        """Begin: the head was sent. Call ``upload.write(data)``, and at the end ``end_body()``.

        Call ``upload.body_failed(error)``, or raise, to fail the call with that error.
        """
        raise NotImplementedError

    def drained(self):
        # type: () -> None
        """Write more: the socket has taken all that was written."""

    def stop(self):
        # type: () -> None
        """Stop: the response arrived first, or the connection is closed."""


class IteratorBodySource(BodySource):
    """Bytes from an iterator; each item may also be a Future or an awaitable of bytes.

    The iterator runs in the context in which this object was made. `stop` cancels the awaitable
    that is being waited for, but not a Future, which others may wait for too; then it calls the
    iterator's ``close()`` or ``aclose()``, which generators have.
    """

    def __init__(self, pieces, length=None):
        # type: (Iterable[Union[bytes, Future[bytes]]], Optional[int]) -> None
        self.length = length
        self._pieces = iter(pieces)
        self._in_context = in_this_context(lambda function: function())
        self._upload = None  # type: Optional[Upload]  # While it wants more.
        self._pulling = False
        self._awaited = None  # type: Optional[Future]  # Made here from an awaitable.
        self._given_up = False  # That Future was cancelled.
        self._closed = False

    def start(self, upload):
        self._upload = upload
        self.drained()

    def drained(self):
        upload = self._upload
        if upload is None:
            return
        try:
            piece = self._in_context(self._pull)
        except (StopIteration, StopAsyncIteration):
            self._end()
        except Exception as error:
            self._fail(error)
        else:
            if not isinstance(piece, bytes):
                IOLoop.current().add_future(piece, self._came)
            elif self._upload is not None:
                upload.write(piece)
            if self._upload is None:  # The piece has ended the call.
                self._close()

    def stop(self):
        self._upload = None
        if not self._pulling:
            self._close()

    def _pull(self):
        self._pulling = True
        try:
            piece = next(self._pieces)
            if isinstance(piece, (bytearray, memoryview)):
                return bytes(bytearray(piece))
            if isinstance(piece, bytes):
                return piece
            future = _future_of(piece)  # asyncio may run a part of it at once (eager tasks).
        finally:
            self._pulling = False
        if future is not piece:
            self._awaited = future
        return future

    def _came(self, future):
        self._awaited = None
        error = None if future.cancelled() else future.exception()
        if self._upload is None:
            self._close()
            if error is not None and not isinstance(error, StopAsyncIteration):
                self._warn(error)
        elif future.cancelled():
            self._fail(RuntimeError("a Future that the request body waited for was cancelled"))
        elif error is None:
            self._upload.write(future.result())
        elif isinstance(error, StopAsyncIteration):
            self._end()
        else:
            self._fail(error)

    def _end(self):
        self._closed = True  # An exhausted iterator has cleaned up already.
        upload, self._upload = self._upload, None
        if upload is not None:
            upload.end_body()

    def _fail(self, error):
        upload, self._upload = self._upload, None
        if upload is not None:
            upload.body_failed(error)

    def _close(self):
        """Let a generator clean up; an asynchronous one after what it waits for has ended."""
        awaited, pieces = self._awaited, self._pieces
        if awaited is not None:
            if not self._given_up:
                self._given_up = True
                awaited.cancel()  # Only once: a second time would interrupt its cleanup.
            if hasattr(pieces, "aclose"):
                return  # `_came` will call this method again.
        if self._closed:
            return
        self._closed = True
        try:
            if hasattr(pieces, "aclose"):
                closing = self._in_context(lambda: gen.convert_yielded(pieces.aclose()))
                IOLoop.current().add_future(closing, self._has_closed)
            elif hasattr(pieces, "close"):
                pieces.close()
        except Exception as error:
            self._warn(error)

    def _has_closed(self, closing):
        if not closing.cancelled() and closing.exception() is not None:
            self._warn(closing.exception())

    def _warn(self, error):
        _log.warning("a request body raised when it was closed",
                     exc_info=(type(error), error, getattr(error, "__traceback__", None)))


def _future_of(piece):
    try:
        return gen.convert_yielded(piece)
    except gen.BadYieldError:
        raise TypeError("data= yielded %s; it must yield bytes" % type(piece).__name__)
