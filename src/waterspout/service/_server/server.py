"""The kit's HTTPServer: serves an Application, refuses in JSON, and drains."""

from __future__ import absolute_import, division, print_function

from tornado import gen

from waterspout._compat import TYPE_CHECKING
from waterspout.httpserver import HTTPServer
from waterspout.service._server.drain import DRAIN_TIMEOUT, Drain
from waterspout.service._server.request_delegate import RequestDelegate

if TYPE_CHECKING:
    from typing import Optional  # noqa: F401

    from tornado.concurrent import Future  # noqa: F401

#: Seconds that a connection may be idle between requests. nginx's keepalive_timeout; longer than
#: the 60 s of common load balancers.
IDLE_TIMEOUT = 75.0

#: Seconds that one request body may take to arrive.
BODY_TIMEOUT = 60.0

#: Header fields of a request: as Apache's LimitRequestFields.
MAX_HEADER_FIELDS = 100


class Server(HTTPServer):
    """Serves an :class:`Application` and knows which connections have a request in flight."""

    requires_host = True
    max_header_fields = MAX_HEADER_FIELDS

    def initialize(self, application, **kwargs):
        """Called by Tornado's constructor with its arguments."""
        kwargs.setdefault("idle_connection_timeout", IDLE_TIMEOUT)
        kwargs.setdefault("body_timeout", BODY_TIMEOUT)
        super(Server, self).initialize(application, **kwargs)
        self._application = application
        self._drain = None  # type: Optional[Drain]

    def __repr__(self):
        stats = self.stats()
        return "<Server connections=%d in_flight=%d>" % (stats["connections"], self.in_flight)

    @property
    def in_flight(self):
        # type: () -> int
        """Requests whose response is not sent, or whose handler runs although the client left."""
        return max(self.stats()["active"], self._application.requests_in_flight)

    @property
    def is_busy(self):
        # type: () -> bool
        """A connection is open, or a request is in flight."""
        return bool(self.stats()["connections"] or self.in_flight)

    def on_close(self, server_conn):
        """Called when a connection is closed."""
        super(Server, self).on_close(server_conn)
        if self._drain is not None:
            self._drain.on_progress()

    def refuse_request(self, refused, exchange, delegate):
        """Called by the server: answer in JSON, with the application's error handler."""
        if not isinstance(delegate, RequestDelegate):
            if delegate is not None:
                delegate.on_connection_close()
            delegate = RequestDelegate(self._application, exchange)
        delegate.refuse(refused, exchange)

    @gen.coroutine
    def drain(self, timeout=DRAIN_TIMEOUT):
        """Stop accepting, let requests in flight finish, then close every connection.

        Returns: Future of int, the number of requests that were still in flight after ``timeout``
            seconds and were cut off.
        """
        self.accept_waiting()  # Closing the sockets would reset the connections that wait there.
        self.stop()
        self.conn_params.no_keep_alive = True
        self._drain = Drain(self, self._application)
        cut_off = yield self._drain.finish_requests(timeout)
        yield self.close_all_connections()
        raise gen.Return(cut_off)

    def end_handlers(self, timeout):
        # type: (float) -> Future[None]
        """After `drain`: give handlers that were cut off ``timeout`` seconds to end."""
        return self._drain.end_handlers(timeout)
