"""Tunnel: CONNECT through an HTTP proxy (RFC 9110 section 9.3.6)."""

from __future__ import absolute_import, division, print_function

import socket

from tornado.ioloop import IOLoop

from waterspout._compat import to_bytes
from waterspout._net.stream import PlainStream
from waterspout._wire.client_connection import ClientConnection
from waterspout._wire.events import ProtocolSwitched, ResponseHead
from waterspout._wire.field_lines import FieldLines
from waterspout.exceptions import RemoteProtocolError


class Tunnel(object):
    """Asks a proxy for a tunnel to an origin."""

    def __init__(self, io_loop, sock, origin, done):
        # type: (IOLoop, socket.socket, Origin, Callable) -> None
        self._io_loop = io_loop
        self._socket = sock
        self._stream = PlainStream(sock)
        self._origin = origin
        self._done = done
        self._wire = ClientConnection()
        self._output = b""
        self._status = None

    def start(self):
        # type: () -> None
        """``done(sock, what)`` is called, once, unless cancelled; ``what`` went wrong, or None."""
        authority = to_bytes("%s:%d" % (self._origin.host, self._origin.port))
        pairs = [(b"Host", authority)]
        if self._origin.proxy.authorization is not None:
            pairs.append((b"Proxy-Authorization", self._origin.proxy.authorization))
        self._output = self._wire.send_request(b"CONNECT", authority, FieldLines(pairs))
        self._io_loop.add_handler(self._socket.fileno(), self._ready, IOLoop.READ | IOLoop.WRITE)

    def cancel(self):
        # type: () -> None
        self._io_loop.remove_handler(self._socket.fileno())
        self._socket.close()

    def _ready(self, fd, events):
        try:
            if self._output:
                self._output = self._output[self._stream.send(self._output):]
                if not self._output:
                    self._io_loop.update_handler(fd, IOLoop.READ)
                return
            data = self._stream.recv()
            if data is None:
                return
            received = self._wire.receive_data(data) if data else self._wire.receive_eof()
        except (socket.error, RemoteProtocolError) as error:
            self._finish("the proxy %s: %s" % (self._origin.proxy, error))
            return
        for event in received:
            self._take(event)

    def _take(self, event):
        if isinstance(event, ProtocolSwitched):
            if event.leftover:  # TLS begins with the client's word, never with the server's.
                self._finish("the proxy sent bytes of its own into the tunnel")
            else:
                self._finish(None)
        elif type(event) is ResponseHead and not 200 <= event.status_code < 300:
            self._finish("the proxy %s answered %d %s" % (
                self._origin.proxy, event.status_code, event.reason.decode("latin-1")))

    def _finish(self, what):
        if self._done is not None:
            self._io_loop.remove_handler(self._socket.fileno())
            done, self._done = self._done, None
            done(self._socket, what)
