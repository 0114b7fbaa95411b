"""Tornado's HTTPServer with strict framing, timeouts, and a stop that loses no request."""

from __future__ import absolute_import, division, print_function

from tornado import gen
from tornado.httpserver import HTTPServer

from waterspout._compat import TYPE_CHECKING
from waterspout.service._tornado_server.acceptor import Acceptor
from waterspout.service._tornado_server.chunk_checks import check_chunks
from waterspout.service._tornado_server.drain import DRAIN_TIMEOUT, Drain
from waterspout.service._tornado_server.request_head import keep_head

if TYPE_CHECKING:
    import socket  # noqa: F401
    from typing import Any, Dict, Iterable, List, Optional  # noqa: F401

    from tornado.concurrent import Future  # noqa: F401

    from waterspout.service._tornado_server.request_delegate import RequestDelegate  # noqa: F401

#: Seconds that a connection may be idle between requests, or take to send a request's head.
#: nginx's keepalive_timeout; longer than the 60 s of common load balancers.
IDLE_TIMEOUT = 75.0

#: Seconds that one request body may take to arrive.
BODY_TIMEOUT = 60.0


class Server(HTTPServer):
    """Serves an :class:`Application` and knows which connections have a request in flight."""

    def initialize(self, application, **kwargs):
        """Called by Tornado's constructor with its arguments."""
        kwargs.setdefault("idle_connection_timeout", IDLE_TIMEOUT)
        kwargs.setdefault("body_timeout", BODY_TIMEOUT)
        super(Server, self).initialize(application, **kwargs)
        self._application = application
        self._acceptors = []  # type: List[Acceptor]
        self._opening = 0  # Accepted connections whose first request is not awaited yet.
        # By connection of Tornado's: the request that it awaits or answers.
        self._requests = {}  # type: Dict[Any, RequestDelegate]
        self._drain = None  # type: Optional[Drain]

    def __repr__(self):
        return "<Server connections=%d in_flight=%d>" % (len(self._requests), self.in_flight)

    @property
    def in_flight(self):
        # type: () -> int
        """Requests whose response is not sent, or whose handler runs although the client left."""
        answering = sum(1 for request in self._requests.values() if request.started)
        return max(answering, self._application.requests_in_flight)

    @property
    def is_busy(self):
        # type: () -> bool
        """A connection is open, or a request is in flight."""
        return bool(self._opening or self._requests or self.in_flight)

    def add_sockets(self, sockets):
        # type: (Iterable[socket.socket]) -> None
        """Accept connections on these sockets; ``stop`` closes them."""
        self._acceptors += [Acceptor(sock, self._handle_connection) for sock in sockets]

    def stop(self):
        # type: () -> None
        """Stop accepting. Connections in the listen queue are reset; see :meth:`drain`."""
        super(Server, self).stop()
        for acceptor in self._acceptors:
            acceptor.close()

    def handle_stream(self, stream, address):
        """Called by Tornado for each connection."""
        keep_head(stream)
        check_chunks(stream)
        self._opening += 1
        super(Server, self).handle_stream(stream, address)

    def start_request(self, server_conn, request_conn):
        """Called by Tornado when a connection opens and after each response."""
        previous = self._requests.get(server_conn)
        if previous is None:
            self._opening -= 1
        elif previous.announced_close:
            request_conn.close()
        request = super(Server, self).start_request(server_conn, request_conn)
        self._requests[server_conn] = request
        self._on_progress()
        return request

    def on_close(self, server_conn):
        """Called by Tornado when a connection is closed."""
        super(Server, self).on_close(server_conn)
        self._requests.pop(server_conn, None)
        for acceptor in self._acceptors:
            acceptor.resume()
        self._on_progress()

    @gen.coroutine
    def drain(self, timeout=DRAIN_TIMEOUT):
        """Stop accepting, let requests in flight finish, then close every connection.

        Returns: Future of int, the number of requests that were still in flight after ``timeout``
            seconds and were cut off.
        """
        for acceptor in self._acceptors:  # Closing the socket would reset waiting connections.
            acceptor.accept_waiting()
            acceptor.close()
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

    def _on_progress(self):
        if self._drain is not None:
            self._drain.on_progress()
