"""Engine: the connections of one HTTPServer on one IOLoop."""

from __future__ import absolute_import, division, print_function

import collections
import functools
import itertools
import logging

from tornado.ioloop import IOLoop
from tornado.log import app_log, gen_log

from waterspout._compat import context_copies, monotonic, resolved
from waterspout._http_server import phases
from waterspout._http_server.connection import HTTPServerConnection
from waterspout._http_server.decompression import DecompressingDelegate
from waterspout._http_server.request_context import RequestContext
from waterspout._http_server.response_batch import ResponseBatch
from waterspout._http_server.time_limits import NEVER
from waterspout._net.listener import Listener
from waterspout._net.server_handshake import ServerHandshake
from waterspout._net.socket_stream import PlainStream, TLSStream
from waterspout._net.timeout_sweep import TimeoutSweep

#: Seconds between two looks at the time limits of all connections, at least.
SWEEP_SECONDS = 0.5

#: Seconds between two lines that say that the limit of connections is reached. A busy server
#: reaches it with each connection that another one makes room for.
QUIET_SECONDS = 60.0

_log = logging.getLogger("waterspout.server")


def peer_text(address):
    # type: (Any) -> str
    """How logs name the peer of a connection."""
    if not isinstance(address, tuple):
        return "a unix socket"
    return ("[%s]:%d" if ":" in address[0] else "%s:%d") % address[:2]


class Engine(object):
    """Accepts connections and serves them.

    Made when the server gets its first socket, because that is after a fork.

    Args:
        server (HTTPServer): its arguments are read from it, also later: ``conn_params`` may change.
        tls (ServerTLS or None).
        limits (MessageLimits): of each request.
        max_connections (int or None): while there are so many, none is accepted.
        max_requests (int or None): on one connection.
        io_loop (IOLoop or None): None for the current one.
    Attributes:
        connections (set of HTTPServerConnection): open, after their TLS handshake.
        requests (int): whose head was read, since the start.
        active (int): of these, how many were not answered whole.
        batch (ResponseBatch).
        refused (dict): how many requests were refused, by the kind of refusal.
        params (HTTP1ConnectionParameters): the server's; they may be changed while it runs.
        done (Future): done; what a write returns that was sent at once.
        new_context: ``new_context()`` returns ``run(function, *args)`` for one request. Its
            context is a copy of the one in which the server got its sockets.
    """

    def __init__(self, server, tls, limits, max_connections=None, max_requests=None, io_loop=None):
        # type: (HTTPServer, Optional[ServerTLS], MessageLimits, Optional[int], Optional[int], Any) -> None
        self.io_loop = IOLoop.current() if io_loop is None else io_loop
        self.limits = limits
        self.connections = server._connections  # type: Set[HTTPServerConnection]
        self.requests = self.active = 0
        self.batch = ResponseBatch(self.io_loop)
        self.refused = collections.Counter()  # type: collections.Counter[str]
        self.sweep = TimeoutSweep(self.io_loop, SWEEP_SECONDS)
        self.done = resolved(None)  # type: Future[None]
        self.new_context = context_copies()
        self.requires_host = server.requires_host
        self.refuses_expectations = server.refuses_expectations
        self.max_buffer_size = server.max_buffer_size
        self._server = server
        self.params = server.conn_params
        self._tls = tls
        self._handshakes = set()  # type: Set[ServerHandshake]
        self._listeners = []  # type: List[Listener]
        self._max_connections = max_connections
        self.max_requests = float("inf") if max_requests is None else max_requests
        self._is_full = self._is_logged = False  # The limit is reached, and that was logged.
        self._quiet_until = 0.0

    def listen(self, sock):
        # type: (socket.socket) -> Listener
        """Accept connections on ``sock``."""
        listener = Listener(self.io_loop, sock, self._accepted)
        self._listeners.append(listener)
        return listener

    def serve(self, connection):
        # type: (HTTPServerConnection) -> None
        """Serve the requests that come on a new connection, which was made for this engine."""
        self.connections.add(connection)
        self.sweep.watched.add(connection)
        self.sweep.reschedule(connection)

    def close_connections(self):
        # type: () -> None
        """Close all connections at once; requests under way are cut off."""
        for handshake in list(self._handshakes):
            handshake.cancel()
        self._handshakes.clear()
        for connection in list(self.connections):
            connection.close()
        self._make_room()

    def close_idle_connections(self):
        # type: () -> bool
        """Close the connections that await a request, or linger after their last response.

        Returns: bool: True if some are left, for which bytes have arrived that were not read yet:
            to close them would reset them.
        """
        left = False
        for connection in list(self.connections):
            if connection.phase is phases.IDLE and not connection.stream.is_silent():
                left = True
            elif connection.phase in phases.WITHOUT_REQUEST:
                connection.close()
        return left

    def partial_heads(self):
        # type: () -> int
        """Return how many connections have received a part of a request's head."""
        return sum(connection.phase is phases.HEAD for connection in self.connections)

    def accept_waiting(self):
        # type: () -> None
        """Accept the connections in the kernel's queues."""
        for listener in self._listeners:
            listener.accept_waiting()

    def sockets(self):
        # type: () -> List[socket.socket]
        """Return the sockets of all connections, also of those that are not served yet."""
        return [each.socket for each in itertools.chain(self.connections, self._handshakes)]

    def stats(self):
        # type: () -> Dict[str, Any]
        """Return numbers for `HTTPServer.stats`."""
        return {
            "connections": self._count(),
            "active": self.active,
            "requests": self.requests,
            "refused": dict(self.refused),
        }

    # For connections

    @property
    def head_seconds(self):
        # type: () -> float
        """For the head of a request."""
        seconds = self._server.head_timeout
        return NEVER if seconds is None else seconds

    @property
    def send_seconds(self):
        # type: () -> float
        """For a client to take some bytes of a response."""
        seconds = self._server.send_timeout
        return NEVER if seconds is None else seconds

    def start_request(self, connection, exchange):
        # type: (HTTPServerConnection, Exchange) -> HTTPMessageDelegate
        """Return the delegate of a request whose head has arrived."""
        delegate = self._server.start_request(connection, exchange)
        if self.params.decompress:
            return DecompressingDelegate(delegate, exchange, self.params.chunk_size)
        return delegate

    def refuse(self, refused, exchange, calls):
        # type: (RequestRefused, Exchange, Optional[DelegateCalls]) -> None
        """Answer a request that cannot be served. Its delegate is told by the server."""
        self._server.refuse_request(refused, exchange, calls and calls.taken_back())

    def ended(self, connection):
        # type: (HTTPServerConnection) -> None
        """A connection is closed or detached."""
        self.sweep.watched.discard(connection)
        try:
            self._server.on_close(connection)
        except Exception:
            app_log.error("Uncaught exception in on_close()", exc_info=True)
        self._make_room()

    def _count(self):
        return len(self.connections) + len(self._handshakes)

    # Accepting

    def _accepted(self, sock, address):
        if self._tls is None:
            self._serve(sock, PlainStream(sock), address)
        else:
            self._begin_handshake(sock, address)
        if self._max_connections is not None and self._count() >= self._max_connections:
            self._pause()

    def _begin_handshake(self, sock, address):
        try:
            context = self._tls.context()
        except (IOError, ValueError) as error:
            _log.error("The certificate cannot be loaded: %s", error)
            sock.close()
            return
        handshake = ServerHandshake(
            self.io_loop, sock, context, functools.partial(self._shaken, address))
        self._handshakes.add(handshake)
        self.sweep.watched.add(handshake)
        self.sweep.reschedule(handshake)
        handshake.start()

    def _shaken(self, address, handshake, sock, failure):
        self._handshakes.discard(handshake)
        self.sweep.watched.discard(handshake)
        if failure is None:
            self._serve(sock, TLSStream(sock), address)
        else:
            log = gen_log.warning if handshake.was_refused else _log.debug
            log("SSL Error on a connection from %s: %s", peer_text(address), failure)
            self._make_room()

    def _serve(self, sock, stream, address):
        server = self._server
        context = RequestContext(
            sock.family, address, self._tls is not None, server.protocol,
            server.trusted_downstream)
        self.serve(HTTPServerConnection(self, sock, stream, context))

    def _pause(self):
        if not self._is_full:
            self._is_full = True
            self._is_logged = monotonic() >= self._quiet_until
            if self._is_logged:
                self._quiet_until = monotonic() + QUIET_SECONDS
                _log.warning("Accepting no connections for now: %d are open, which is the limit",
                             self._max_connections)
            for listener in self._listeners:
                listener.pause()

    def _make_room(self):
        if self._is_full:
            if self._count() >= self._max_connections:
                return
            self._is_full = False
            if self._is_logged:
                _log.warning("Accepting connections again")
        for listener in self._listeners:
            listener.resume()
