"""Request bodies that come piece by piece."""

from __future__ import absolute_import, division, print_function

import logging

from tornado import gen
from tornado.ioloop import IOLoop

from waterspout._compat import StopAsyncIteration, in_this_context

_log = logging.getLogger("waterspout.net")


class StreamedBody(object):
    """A body that an `Upload` asks for, never faster than the socket takes it.

    Attributes:
        length (int or None): bytes in all; None if nobody knows, then it is sent chunked.
    """

    length = None

    def start(self, upload):
        # type: (Upload) -> None
        """The head is out: begin to ``upload.write(data)``, at the end ``end_body()``.

        Or ``body_failed(error)``, which the call then fails with; raising does the same.
        """
        raise NotImplementedError

    def drained(self):
        # type: () -> None
        """All that was written has left."""

    def stop(self):
        # type: () -> None
        """No more is wanted: the response came first, or the connection is gone."""


class IteratedBody(StreamedBody):
    """Bytes from an iterator; each item may also be a Future or an awaitable of bytes.

    The iterator runs in the context of whoever made this.
    """

    def __init__(self, pieces, length=None):
        # type: (Iterable[Union[bytes, Future[bytes]]], Optional[int]) -> None
        self.length = length
        self._pieces = iter(pieces)
        self._pull = in_this_context(self._pull_next)
        self._upload = None  # type: Optional[Upload]  # While it wants more.
        self._pulling = False

    def start(self, upload):
        self._upload = upload
        self.drained()

    def drained(self):
        upload = self._upload
        if upload is None:
            return
        try:
            piece = self._pull()
        except StopIteration:
            self._end()
        except Exception as error:
            self._fail(error)
        else:
            if self._upload is None:  # It was what ended the call.
                self._close()
            elif isinstance(piece, bytes):
                upload.write(piece)
            else:
                IOLoop.current().add_future(piece, self._came)

    def stop(self):
        self._upload = None
        if not self._pulling:
            self._close()

    def _pull_next(self):
        self._pulling = True
        try:
            piece = next(self._pieces)
        finally:
            self._pulling = False
        if isinstance(piece, (bytearray, memoryview)):
            return bytes(bytearray(piece))
        return piece if isinstance(piece, bytes) else _awaited(piece)

    def _came(self, future):
        if future.cancelled():
            self._fail(RuntimeError("a Future that was to give the request body was cancelled"))
            return
        error = future.exception()
        if self._upload is None:
            return
        if error is None:
            self._upload.write(future.result())
        elif isinstance(error, StopAsyncIteration):
            self._end()
        else:
            self._fail(error)

    def _end(self):
        upload, self._upload = self._upload, None
        if upload is not None:
            upload.end_body()

    def _fail(self, error):
        upload, self._upload = self._upload, None
        if upload is not None:
            upload.body_failed(error)

    def _close(self):
        """Let a generator clean up."""
        close = getattr(self._pieces, "close", None)
        if close is not None:
            try:
                close()
            except Exception:
                _log.warning("a request body raised when it was closed", exc_info=True)


def _awaited(piece):
    try:
        return gen.convert_yielded(piece)
    except gen.BadYieldError:
        raise TypeError("data= gave %s where it must give bytes" % type(piece).__name__)
