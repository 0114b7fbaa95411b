"""The base of JSONHandler that notices when the client leaves before it was answered."""

from __future__ import absolute_import, division, print_function

import tornado.web
from tornado import iostream

from waterspout._compat import TYPE_CHECKING, reject

if TYPE_CHECKING:
    from typing import Optional  # noqa: F401

    from tornado.concurrent import Future  # noqa: F401


class ClientDepartureHandler(tornado.web.RequestHandler):
    """Records when the client closes the connection, and ends a `flush` that waits for it.

    Attributes:
        client_left_after (float or None): seconds from the request's start; None while the client
            is connected.
    """

    client_left_after = None  # type: Optional[float]
    _flushed = None  # type: Optional[Future]  # Of the last flush().

    def flush(self, *args, **kwargs):
        """Like Tornado's, but the Future fails with StreamClosedError when the client leaves.

        Tornado drops that Future, and a handler that waits for it would wait forever.
        """
        self._flushed = super(ClientDepartureHandler, self).flush(*args, **kwargs)
        return self._flushed

    def on_connection_close(self):
        """Hook of Tornado's: the client closed the connection before it was answered.

        Call the inherited method when you override it. The handler's method keeps running unless
        this hook stops it.
        """
        self._record_departure()
        super(ClientDepartureHandler, self).on_connection_close()

    def _client_left(self):
        # type: () -> bool
        # A write can fail before Tornado calls `on_connection_close`.
        stream = getattr(self.request.connection, "stream", None)
        if stream is not None and stream.closed():
            self._record_departure()
        return self.client_left_after is not None

    def _record_departure(self):
        if self.client_left_after is not None:
            return
        self.client_left_after = self.request.request_time()
        if self._flushed is not None and not self._flushed.done():
            reject(self._flushed, iostream.StreamClosedError())
            self._flushed.exception()  # Mark it retrieved: a handler need not wait for it.
