"""What the kit's two HTTP servers have in common: time limits, and a stop that loses no request."""

from __future__ import absolute_import, division, print_function

import logging

from tornado import gen

from waterspout._compat import TYPE_CHECKING, monotonic
from waterspout.service._host.reuse_port import (
    HANDSHAKE_SECONDS,
    accept_all_packets,
    shares_port,
    waiting_connections,
)
from waterspout.service._server.drain import DRAIN_TIMEOUT, Drain

if TYPE_CHECKING:
    import socket  # noqa: F401
    from typing import Any, Dict, Optional  # noqa: F401

    from tornado.concurrent import Future  # noqa: F401

#: Seconds that a connection may be idle between requests. nginx's keepalive_timeout; longer than
#: the 60 s of common load balancers.
IDLE_TIMEOUT = 75.0

#: Seconds that one request body may take to arrive.
BODY_TIMEOUT = 60.0

#: Seconds until new connections become usable whose handshake is completed during the stop. A
#: client sends a dropped packet again after 0.2 s or more.
_HANDSHAKE_CHECK = 0.02

_log = logging.getLogger("waterspout.service")


class DrainingServer(object):
    """A base beside an ``HTTPServer`` for a server of an :class:`Application`.

    A subclass has `open_connections`, `active_requests`, `accept_waiting`, `connected_sockets`,
    `close_idle_connections` and `partial_heads`.
    """

    _drain = None  # type: Optional[Drain]

    if TYPE_CHECKING:
        open_connections = active_requests = 0
        conn_params = None  # type: Any
        close_all_connections = close_idle_connections = None  # type: Any
        accept_waiting = connected_sockets = partial_heads = None  # type: Any
        _sockets = {}  # type: Dict[int, socket.socket]  # Of Tornado's TCPServer.

    def initialize(self, application, **kwargs):
        """Called by Tornado's constructor with its arguments."""
        kwargs.setdefault("idle_connection_timeout", IDLE_TIMEOUT)
        kwargs.setdefault("body_timeout", BODY_TIMEOUT)
        self._application = application
        super(DrainingServer, self).initialize(application, **kwargs)

    def __repr__(self):
        return "<%s connections=%d in_flight=%d>" % (
            type(self).__name__, self.open_connections, self.in_flight)

    @property
    def in_flight(self):
        # type: () -> int
        """Requests whose response is not sent, or whose handler runs although the client left."""
        return max(self.active_requests, self._application.requests_in_flight)

    @property
    def is_busy(self):
        # type: () -> bool
        """A connection is open, or a request is in flight."""
        return bool(self.open_connections or self.in_flight)

    @property
    def _waiting(self):
        return sum(waiting_connections(sock) or 0 for sock in self._sockets.values())

    def on_close(self, server_conn):
        """Called when a connection is closed."""
        super(DrainingServer, self).on_close(server_conn)
        self.on_progress()

    def on_progress(self):
        # type: () -> None
        """A request or a connection has begun or ended."""
        if self._drain is not None:
            self._drain.on_progress()

    def stop(self):
        # type: () -> None
        """Stop accepting. Connections in the listen queue are accepted first, not reset."""
        self.accept_waiting()
        if self._waiting:  # One that came meanwhile, or no descriptor was free.
            self.accept_waiting()
            if self._waiting:
                _log.warning("Stopping with %d connections in the queue: they are lost if no other "
                             "process accepts them", self._waiting)
        super(DrainingServer, self).stop()

    @gen.coroutine
    def drain(self, timeout=DRAIN_TIMEOUT, others_accept=False):
        """Stop accepting, let requests in flight finish, then close every connection.

        Handshakes that have begun on a port which other instances share are waited for.

        Args:
            timeout (float seconds): for the requests.
            others_accept (bool): there is another server for the same queues, which may be in
                another process: what waits there is left to it.
        Returns: Future of int, the number of requests that were still in flight after ``timeout``
            seconds and were cut off.
        """
        self.conn_params.no_keep_alive = True
        if others_accept:
            super(DrainingServer, self).stop()
        else:
            if shares_port(self._sockets.values()):
                yield self._finish_handshakes()
            self.stop()
        self._drain = Drain(self, self._application)
        cut_off = yield self._drain.finish_requests(timeout)
        yield self.close_all_connections()
        raise gen.Return(cut_off)

    @gen.coroutine
    def _finish_handshakes(self):
        """Go on accepting for `HANDSHAKE_SECONDS`, after `stop_handshakes`."""
        end = monotonic() + HANDSHAKE_SECONDS
        while monotonic() < end:
            for sock in self.connected_sockets():
                accept_all_packets(sock)
            yield gen.sleep(_HANDSHAKE_CHECK)

    def end_handlers(self, timeout):
        # type: (float) -> Future[None]
        """After `drain`: give handlers that were cut off ``timeout`` seconds to end."""
        return self._drain.end_handlers(timeout)
