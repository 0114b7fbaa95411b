"""HTTPServer: Tornado's server interface on waterspout's own HTTP/1.1 engine.

::

    tornado.httpserver.HTTPServer.configure("waterspout.HTTPServer")

Differences from Tornado's server, on every Tornado:

- Requests by which two readers can disagree are refused: with Transfer-Encoding and Content-Length,
  a bare LF, a space before a colon, a sign in a chunk size, several Hosts and so on.
- The client can read a refusal: the server reads on for a while before it closes the connection.
- A client that has only ended its sending side gets its response.
- ``Connection: close`` that the application sets is obeyed.
- Chunk extensions and trailers are accepted, and ignored.
- Futures of ``flush()`` fail with StreamClosedError when the client leaves; Tornado's are never
  done.
- Full process and system limits (EMFILE) pause accepting; nothing is logged in a loop.
- ``handle_stream`` is not called: a subclass that overrides it is refused.
"""

from __future__ import absolute_import, division, print_function

import socket

import tornado.httpserver
from tornado import httputil, process  # noqa: F401
from tornado.log import app_log, gen_log
from tornado.netutil import bind_sockets

from waterspout._compat import TYPE_CHECKING, resolved
from waterspout._http_server import tornado_refusals
from waterspout._http_server.engine import Engine
from waterspout._http_server.request_limits import checked_count, request_limits
from waterspout._net.server_tls import ServerTLS

if TYPE_CHECKING:
    from typing import Any, Dict, Iterable, List, Optional  # noqa: F401

    from tornado.concurrent import Future  # noqa: F401

    from waterspout._http_server.exchange import Exchange  # noqa: F401
    from waterspout._wire.refusals import RequestRefused  # noqa: F401

#: Connections that the kernel keeps until they are accepted: as in Tornado.
_BACKLOG = 128


class HTTPServer(tornado.httpserver.HTTPServer):
    """An ``HTTPServer`` for any Tornado application, strict, and for less CPU time than Tornado's.

    ::

        tornado.httpserver.HTTPServer.configure("waterspout.HTTPServer")

    Args (beside those of ``tornado.httpserver.HTTPServer``, with the same meanings):
        max_connections (int or None): while so many are open, no other is accepted.
        max_requests (int or None): on one connection, which is closed then.
    Raises:
        TypeError: a subclass overrides ``handle_stream``.
        KeyError, ValueError: ``ssl_options`` have no ``certfile``, or a file does not exist. As in
            Tornado, the files are loaded later, at the first connection.
        TypeError, ValueError: a limit is not an int of at least 1.
    """

    #: Refuse requests of HTTP/1.1 without a Host field. From Tornado 6.5 on its request class does
    #: that itself.
    requires_host = False

    #: Refuse requests with an Expect field other than ``100-continue`` (RFC 9110 section 10.1.1).
    #: Tornado ignores them.
    refuses_expectations = False

    #: Bytes of a request line, at most; None: as many as the whole head may have.
    max_start_line_size = None  # type: Optional[int]

    #: Seconds for the head of a request, from its first byte: as nginx's client_header_timeout.
    #: None: no other limit than ``idle_connection_timeout``.
    head_timeout = 60.0  # type: Optional[float]

    #: Seconds in which a client must take some bytes of a response, or None for no limit, as with
    #: Tornado.
    send_timeout = None  # type: Optional[float]

    #: Header fields of a request, at most. Tornado has no such limit; a browser sends about 20.
    max_header_fields = 1000

    def initialize(self, *args, **kwargs):
        # type: (*Any, **Any) -> None
        """Called by Tornado's constructor with its arguments."""
        self._max_connections = checked_count(kwargs, "max_connections")
        self._max_requests = checked_count(kwargs, "max_requests")
        owner = next(each for each in type(self).__mro__ if "handle_stream" in vars(each))
        if owner is not HTTPServer:
            raise TypeError(
                "%s overrides handle_stream, which waterspout.HTTPServer does not call: it has no "
                "IOStream. Use tornado.httpserver.HTTPServer" % owner.__name__)
        super(HTTPServer, self).initialize(*args, **kwargs)
        self._tls = None if self.ssl_options is None else ServerTLS(self.ssl_options)
        self._limits = request_limits(
            self.conn_params, self.max_buffer_size, self.max_header_fields,
            self.max_start_line_size)
        self._engine = None  # type: Optional[Engine]  # Not before a fork: it has an IOLoop.

    def listen(self, port, address=None, family=socket.AF_UNSPEC, backlog=_BACKLOG, flags=None,
               reuse_port=False):
        # type: (int, Optional[str], int, int, Optional[int], bool) -> None
        """Accept connections on a port, with the arguments of Tornado 6.2 on every Tornado."""
        self.add_sockets(bind_sockets(port, address, family, backlog, flags, reuse_port))

    def bind(self, port, address=None, family=socket.AF_UNSPEC, backlog=_BACKLOG, flags=None,
             reuse_port=False):
        # type: (int, Optional[str], int, int, Optional[int], bool) -> None
        """Bind a port, for `start`; with the arguments of Tornado 6.2 on every Tornado."""
        sockets = bind_sockets(port, address, family, backlog, flags, reuse_port)
        if self._started:
            self.add_sockets(sockets)
        else:
            self._pending_sockets.extend(sockets)

    def start(self, num_processes=1, max_restarts=None):
        # type: (Optional[int], Optional[int]) -> None
        """Fork, unless ``num_processes`` is 1, and accept; as Tornado 6 does it."""
        assert not self._started
        self._started = True
        if num_processes != 1:
            # py2: Tornado 5.1 takes no None for its default.
            process.fork_processes(
                num_processes, *([] if max_restarts is None else [max_restarts]))
        sockets, self._pending_sockets = self._pending_sockets, []
        self.add_sockets(sockets)

    def add_sockets(self, sockets):
        # type: (Iterable[socket.socket]) -> None
        """Accept connections on these sockets, which listen. `stop` closes them."""
        if self._engine is None:
            self._engine = self._make_engine()
        for sock in sockets:
            self._sockets[sock.fileno()] = sock
            self._handlers[sock.fileno()] = self._engine.listen(sock).stop_watching

    def _make_engine(self, io_loop=None):
        return Engine(
            self, self._tls, self._limits, self._max_connections, self._max_requests, io_loop)

    def accept_waiting(self):
        # type: () -> None
        """Accept the connections that wait in the kernel's queue. `stop` would reset them."""
        if self._engine is not None:
            self._engine.accept_waiting()

    def connected_sockets(self):
        # type: () -> List[socket.socket]
        """Return the sockets of all open connections, for options of the system."""
        return [] if self._engine is None else self._engine.sockets()

    def stats(self):
        # type: () -> Dict[str, Any]
        """Return what the server does now, and what it has refused.

        Returns: dict with ``connections`` (open ones), ``active`` (with a request that was not
            answered whole), ``requests`` (since the start), and ``refused`` (dict: how many, by the
            kind of refusal).
        """
        if self._engine is None:
            return {"connections": 0, "active": 0, "requests": 0, "refused": {}}
        return self._engine.stats()

    def partial_heads(self):
        # type: () -> int
        """Return on how many connections a part of a request's head has arrived, and not all of it.

        These are not ``active``, since nothing is known of the request. A stop should wait for
        them, too, or it resets the connection of a client that sends slowly.
        """
        return 0 if self._engine is None else self._engine.partial_heads()

    def close_idle_connections(self):
        # type: () -> bool
        """Close the connections that have no request under way.

        These await a request, or have been refused one and linger, so that their client can read
        the refusal. A connection on which a request has just arrived, and was not read yet, is
        left: it would be reset.

        Returns: bool: whether there are such connections. Call this again after the next iteration
            of the IOLoop, which reads them.
        """
        return self._engine is not None and self._engine.close_idle_connections()

    def close_all_connections(self):
        # type: () -> Future[None]
        """Close all connections at once. Requests under way are cut off."""
        if self._engine is not None:
            self._engine.close_connections()
        return resolved(None)

    def handle_stream(self, stream, address):
        """Not called: this server has no IOStream for its connections."""
        raise TypeError("waterspout.HTTPServer serves sockets, not streams; to serve a stream, use "
                        "tornado.httpserver.HTTPServer")

    def refuse_request(self, refused, exchange, delegate):
        # type: (RequestRefused, Exchange, Optional[httputil.HTTPMessageDelegate]) -> None
        """Answer a request that is refused before the application has all of it.

        Args:
            refused (RequestRefused): the reason, with the status that fits.
            exchange (Exchange): to answer on; the connection is closed after it.
            delegate: which has a part of the request; None if only its head was read.
        """
        gen_log.info("%s", tornado_refusals.log_line(refused, exchange.context))
        if delegate is not None:
            try:
                delegate.on_connection_close()
            except Exception:
                app_log.error("Uncaught exception", exc_info=True)
        status_code = tornado_refusals.status_of(refused)
        if status_code is None:
            exchange.close()
        else:
            exchange.refuse(status_code, tornado_refusals.reason(status_code))
