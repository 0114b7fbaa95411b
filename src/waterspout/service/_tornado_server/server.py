"""An HTTP server that can stop without losing a request."""

from __future__ import absolute_import, division, print_function

import datetime

from tornado import gen
from tornado.httpserver import HTTPServer
from tornado.locks import Condition

from waterspout._compat import monotonic
from waterspout.service._tornado_server.acceptor import Acceptor
from waterspout.service._tornado_server.chunk_checks import check_chunks
from waterspout.service._tornado_server.request_head import keep_head

#: Seconds a connection may be silent between requests, or take to send its headers. nginx's
#: keepalive_timeout; longer than the 60 s after which common load balancers give up theirs.
IDLE_TIMEOUT = 75.0

#: Seconds one request body may take to arrive.
BODY_TIMEOUT = 60.0

#: Seconds that in-flight requests get to finish when the server stops. Process managers kill
#: after 10 s (docker) to 90 s (systemd); most upstream timeouts are 10 s.
DRAIN_TIMEOUT = 30.0

#: Seconds that idle kept-alive connections stay open when the server stops. A client that is
#: about to use one gets an answer with ``Connection: close`` instead of a reset.
IDLE_GRACE = 0.5


class Server(HTTPServer):
    """Serves an :class:`Application`; knows which connections are in the middle of a request."""

    def initialize(self, application, **kwargs):
        """Called by Tornado's constructor with its arguments."""
        kwargs.setdefault("idle_connection_timeout", IDLE_TIMEOUT)
        kwargs.setdefault("body_timeout", BODY_TIMEOUT)
        super(Server, self).initialize(application, **kwargs)
        self._application = application
        self._acceptors = []
        self._opening = 0  # connections accepted whose first request is not awaited yet
        self._exchanges = {}  # server connection -> the request it is awaiting or answering
        self._progress = None  # a Condition while draining

    def __repr__(self):
        return "<Server connections=%d in_flight=%d>" % (len(self._exchanges), self.in_flight)

    @property
    def in_flight(self):
        # type: () -> int
        """Requests not answered to the last byte, or still handled though their client left."""
        answering = sum(1 for exchange in self._exchanges.values() if exchange.started)
        return max(answering, self._application.requests_in_flight)

    def add_sockets(self, sockets):
        # type: (Iterable[socket.socket]) -> None
        """Accept connections on these; they are closed by ``stop``."""
        self._acceptors += [Acceptor(sock, self._handle_connection) for sock in sockets]

    def stop(self):
        # type: () -> None
        """Accept no more. Connections that wait to be accepted are reset; see :meth:`drain`."""
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
        """Called by Tornado when a connection opens and after each answer is sent."""
        previous = self._exchanges.get(server_conn)
        if previous is None:
            self._opening -= 1
        elif previous.announced_close:
            request_conn.close()
        exchange = super(Server, self).start_request(server_conn, request_conn)
        self._exchanges[server_conn] = exchange
        self._note_progress()
        return exchange

    def on_close(self, server_conn):
        """Called by Tornado when a connection is closed."""
        super(Server, self).on_close(server_conn)
        self._exchanges.pop(server_conn, None)
        for acceptor in self._acceptors:
            acceptor.resume()
        self._note_progress()

    @gen.coroutine
    def drain(self, timeout=DRAIN_TIMEOUT):
        # type: (float) -> Future[int]
        """Stop accepting, let requests in flight finish, then close every connection.

        Returns: Future of int, how many requests were still in flight after ``timeout``
            seconds and were cut off.
        """
        now = monotonic
        deadline, idle_until = now() + timeout, now() + min(timeout, IDLE_GRACE)
        for acceptor in self._acceptors:  # Connections that wait to be accepted would be reset.
            acceptor.accept_waiting()
            acceptor.close()
        self.stop()
        self._progress = Condition()
        self.conn_params.no_keep_alive = True
        self._application.start_draining(self._note_progress)
        while (self._opening or self._exchanges or self.in_flight) and now() < deadline:
            if now() < idle_until:
                yield self._wait_for_progress(idle_until - now())
            elif self.in_flight:
                yield self._wait_for_progress(deadline - now())
            else:
                break
        cut_off = self.in_flight
        yield self.close_all_connections()
        raise gen.Return(cut_off)

    @gen.coroutine
    def let_go(self, timeout):
        # type: (float) -> Future[None]
        """Give handlers that `drain` has cut off so many seconds to end."""
        deadline = monotonic() + timeout
        while self.in_flight and monotonic() < deadline:
            yield self._wait_for_progress(deadline - monotonic())

    def _wait_for_progress(self, seconds):
        # An hour at most, since the caller looks again: infinity is no timedelta.
        return self._progress.wait(datetime.timedelta(seconds=min(seconds, 3600)))

    def _note_progress(self):
        if self._progress is not None:
            self._progress.notify_all()
