"""Tornado's own HTTPServer for an Application: for comparison, and as a way out."""

from __future__ import absolute_import, division, print_function

import errno
import select

import tornado.httpserver
from tornado import gen

from waterspout._compat import TYPE_CHECKING, py2_close_on_exec
from waterspout.service._server.draining_server import DrainingServer

if TYPE_CHECKING:
    import socket  # noqa: F401
    from typing import Any, Dict, List, Optional, Tuple  # noqa: F401

#: Connections accepted at a stop, at most: more than a usual listen queue holds.
_LAST_ACCEPTS = 1000


class TornadoServer(DrainingServer, tornado.httpserver.HTTPServer):
    """Serves an :class:`Application`, as strictly as the installed Tornado does."""

    def initialize(self, application, **kwargs):
        """Called by Tornado's constructor with its arguments."""
        super(TornadoServer, self).initialize(application, **kwargs)
        # By connection: the request that it awaits or answers.
        self._requests = {}  # type: Dict[Any, Tuple[Any, Any]]

    @property
    def open_connections(self):
        # type: () -> int
        return len(self._connections)

    @property
    def active_requests(self):
        # type: () -> int
        """Requests that are not answered whole."""
        return sum(1 for _, delegate in self._requests.values() if _has_begun(delegate))

    def accept_waiting(self):
        # type: () -> None
        """Accept the connections that wait in the kernel's queue."""
        if not self._stopped:
            for listener in self._sockets.values():
                self._accept_waiting(listener)

    def connected_sockets(self):
        # type: () -> List[socket.socket]
        """Return the sockets of all open connections."""
        streams = [connection.stream for connection in self._connections]
        return [stream.socket for stream in streams if stream.socket is not None]

    def start_request(self, server_conn, request_conn):
        """Called by Tornado when a connection opens, and after each response."""
        delegate = super(TornadoServer, self).start_request(server_conn, request_conn)
        self._requests[server_conn] = request_conn, delegate
        self.on_progress()
        return delegate

    def on_close(self, server_conn):
        """Called by Tornado when a connection is closed."""
        self._requests.pop(server_conn, None)
        super(TornadoServer, self).on_close(server_conn)

    def partial_heads(self):
        # type: () -> int
        """Return 0: Tornado does not tell."""
        return 0

    def drain(self, *args, **kwargs):
        """See `DrainingServer.drain`."""
        drained = super(TornadoServer, self).drain(*args, **kwargs)
        for request_conn, delegate in self._requests.values():
            if _has_begun(delegate):
                # Tornado decides at a request's head whether its connection is kept, and has no
                # public way to change that.
                request_conn._disconnect_on_finish = True
        return drained

    def close_idle_connections(self):
        # type: () -> bool
        """Close the connections that await a request; see `HTTPServer.close_idle_connections`."""
        left = False
        for server_conn, (_, delegate) in list(self._requests.items()):
            if not _has_begun(delegate):
                if _has_input(server_conn.stream.socket):
                    left = True
                else:
                    gen.convert_yielded(server_conn.close())
        return left

    def _accept_waiting(self, listener):
        for _ in range(_LAST_ACCEPTS):
            try:
                connection, address = listener.accept()
            except EnvironmentError as error:
                if error.errno == errno.ECONNABORTED:  # Its client has left.
                    continue
                return
            py2_close_on_exec(connection)
            self._handle_connection(connection, address)


def _has_input(sock):
    # type: (Optional[socket.socket]) -> bool
    """Whether bytes have arrived that were not read yet."""
    if sock is None or not hasattr(select, "poll"):  # It is closed, or this is Windows.
        return False
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    try:
        return bool(poll.poll(0))
    except select.error:  # py2: a signal came.
        return True


def _has_begun(delegate):
    # type: (Any) -> bool
    return getattr(delegate, "has_begun", True)  # An application may have wrapped our delegate.
