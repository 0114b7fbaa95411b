"""Request bodies that come piece by piece."""

from __future__ import absolute_import, division, print_function

from tornado import gen
from tornado.ioloop import IOLoop

from waterspout._compat import StopAsyncIteration

class StreamedBody(object):
    """A body that a `Connection` asks for, never faster than the socket takes it.

    Attributes:
        length (int or None): bytes in all; None if nobody knows, then it is sent chunked.
    """

    length = None

    def start(self, connection):
        # type: (Connection) -> None
        """The head is out: begin to ``connection.write(data)``, at the end ``end_body()``."""
        raise NotImplementedError

    def drained(self):
        # type: () -> None
        """All that was written has left."""

    def stop(self):
        # type: () -> None
        """No more is wanted: the response came first, or the connection is gone."""


class IteratedBody(StreamedBody):
    """Bytes from an iterator; each item may also be a Future or an awaitable of bytes."""

    def __init__(self, pieces, length=None):
        # type: (Iterable[Union[bytes, Future[bytes]]], Optional[int]) -> None
        self.length = length
        self._pieces = iter(pieces)
        self._connection = None

    def start(self, connection):
        self._connection = connection
        self._next()

    def drained(self):
        self._next()

    def stop(self):
        self._connection = None
        close = getattr(self._pieces, "close", None)
        if close is not None:
            close()

    def _next(self):
        connection = self._connection
        if connection is None:
            return
        try:
            piece = next(self._pieces)
        except StopIteration:
            self._connection = None
            connection.end_body()
        except Exception as error:
            self._connection = None
            connection.body_failed(error)
        else:
            if isinstance(piece, bytes):
                connection.write(piece)
            else:
                IOLoop.current().add_future(gen.convert_yielded(piece), self._came)

    def _came(self, future):
        connection = self._connection
        error = future.exception()
        if connection is None:
            return
        if isinstance(error, StopAsyncIteration):
            self._connection = None
            connection.end_body()
        elif error is not None:
            self.stop()
            connection.body_failed(error)
        else:
            connection.write(future.result())
