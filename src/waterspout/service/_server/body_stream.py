"""BodyStream: the body of one request, on its way from the server to a handler that reads it."""

from __future__ import absolute_import, division, print_function

from tornado.concurrent import Future
from tornado.ioloop import IOLoop

from waterspout._compat import TYPE_CHECKING, reject, rejected, resolve, resolved

if TYPE_CHECKING:
    from typing import Any, Callable, Optional  # noqa: F401

#: The attribute of a request that keeps its stream.
ATTRIBUTE = "_waterspout_body_stream"


class BodyStream(object):
    """Keeps one piece at most: the server reads no further than the handler does.

    Args:
        chunk_timeout (float): seconds in which the client has to send the next piece, while the
            handler waits for it.
        expired (callable): called without arguments when it has not; calls `fail`.
        io_loop (IOLoop or None): None for the current one.
    Attributes:
        received_bytes (int): that the server has given it.
    """

    def __init__(self, chunk_timeout, expired, io_loop=None):
        # type: (float, Callable[[], None], Any) -> None
        self._expired = expired
        self._chunk_timeout = chunk_timeout
        self._io_loop = io_loop or IOLoop.current()
        self._piece = None  # type: Optional[bytes]  # That has arrived and was not read.
        self._reader = None  # type: Optional[Future[bytes]]  # That waits for a piece.
        self._wanted = None  # type: Optional[Future[None]]  # Of the server, until one is wanted.
        self._timer = None  # type: Any
        self._ended = False
        self._error = None  # type: Optional[BaseException]
        self.received_bytes = 0

    def __repr__(self):
        # type: () -> str
        state = "failed" if self._error else "ended" if self._ended else "open"
        return "<BodyStream %s%s>" % (state, "" if self._piece is None else ", a piece waits")

    # For the handler

    def read(self):
        # type: () -> Future[bytes]
        """Return a Future of the next piece; ``b""`` at the end of the body.

        It fails with what `fail` was called with.

        Raises: RuntimeError: the last Future is not done.
        """
        if self._reader is not None:
            raise RuntimeError("read_chunk() was called before the last call was done")
        piece, self._piece = self._piece, None
        if piece is None:
            if self._error is not None:
                return rejected(self._error)
            if self._ended:
                return resolved(b"")
            reader = self._reader = Future()
            self._timer = self._io_loop.call_later(self._chunk_timeout, self._expire)
        else:
            reader = resolved(piece)
        self._let_the_server_go_on()
        return reader

    # For the server

    def wanted(self):
        # type: () -> Optional[Future[None]]
        """Return None if the next piece may come; otherwise a Future that is done when it may."""
        if self._reader is not None or self._error is not None:
            return None
        self._wanted = Future()
        return self._wanted

    def feed(self, piece):
        # type: (bytes) -> Optional[Future[None]]
        """Take a piece, at least one byte. Returns: as `wanted`. It is dropped after `fail`."""
        self.received_bytes += len(piece)
        if self._error is not None:
            return None
        if self._reader is not None:
            resolve(self._take_reader(), piece)
            return None
        self._piece = piece if self._piece is None else self._piece + piece
        return self.wanted()

    def end(self):
        # type: () -> None
        """The body is complete."""
        self._ended = True
        if self._reader is not None:
            resolve(self._take_reader(), b"")

    def fail(self, error):
        # type: (BaseException) -> None
        """No more will come, or no one reads it. The first error counts."""
        if self._ended or self._error is not None:
            return
        self._error = error
        self._piece = None
        if self._reader is not None:
            reject(self._take_reader(), error)
        self._let_the_server_go_on()

    # Parts

    def _take_reader(self):
        # type: () -> Future[bytes]
        if self._timer is not None:
            self._io_loop.remove_timeout(self._timer)
        reader, self._reader, self._timer = self._reader, None, None
        return reader

    def _let_the_server_go_on(self):
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            resolve(wanted, None)

    def _expire(self):
        self._timer = None
        self._expired()
