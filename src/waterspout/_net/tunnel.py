"""Tunnel: CONNECT through an HTTP proxy (RFC 9110 section 9.3.6)."""

from __future__ import absolute_import, division, print_function

import socket

from tornado.ioloop import IOLoop

from waterspout._compat import to_bytes, to_native
from waterspout._encoding.zones import without_zone
from waterspout._net.socket_stream import PlainStream
from waterspout._net.watch import watch
from waterspout._wire.client_connection import ClientConnection
from waterspout._wire.events import ProtocolSwitched, ResponseHead
from waterspout._wire.field_lines import FieldLines
from waterspout.exceptions import ProxyError, RemoteProtocolError, RequestException


class Tunnel(object):
    """Asks a proxy for a tunnel to an origin.

    The request is CONNECT; a response other than 2xx fails with ProxyError.

    Args:
        done (callable): ``done(sock, failure)`` is called, once, unless it is cancelled;
            ``failure`` is None or ``(error_class, what, cause)``.
    """

    def __init__(self, io_loop, sock, origin, done):
        # type: (IOLoop, socket.socket, Origin, Callable) -> None
        self._io_loop = io_loop
        self._socket = sock
        self._stream = PlainStream(sock)
        self._origin = origin
        self._done = done
        self._wire = ClientConnection()
        self._output = b""
        self._watched = 0

    def start(self):
        # type: () -> None
        authority = to_bytes("%s:%d" % (without_zone(self._origin.host), self._origin.port))
        pairs = [(b"Host", authority)]
        if self._origin.proxy.authorization is not None:
            pairs.append((b"Proxy-Authorization", self._origin.proxy.authorization))
        try:
            self._output = self._wire.send_request(b"CONNECT", authority, FieldLines(pairs))
        except RequestException as error:
            self._fail(str(error), error)
            return
        self._watch(IOLoop.READ | IOLoop.WRITE)

    def cancel(self):
        # type: () -> None
        self._watch(0)
        self._socket.close()

    def _ready(self, fd, events):
        try:
            if self._output:
                self._output = self._output[self._stream.send(self._output):]
                if not self._output:
                    self._watch(IOLoop.READ)
                return
            data = self._stream.recv()
            if data is None:
                return
            received = self._wire.receive_data(data) if data else self._wire.receive_eof()
        except (socket.error, RemoteProtocolError) as error:
            self._fail(str(error), error)
            return
        for event in received:
            if isinstance(event, ProtocolSwitched):
                self._switched(event)
                return
            if type(event) is ResponseHead and not 200 <= event.status_code < 300:
                reason = to_native(event.reason, "latin-1")
                self._fail("it answered %d %s" % (event.status_code, reason), None)
                return

    def _switched(self, event):
        if event.leftover:  # TLS begins with the client's message, never with the server's.
            self._fail("it sent bytes of its own into the tunnel", None)
        else:
            self._watch(0)
            self._done(self._socket, None)

    def _watch(self, events):
        self._watched = watch(self._io_loop, self._socket, self._ready, self._watched, events)

    def _fail(self, what, cause):
        self.cancel()
        what = "the proxy %s: %s" % (self._origin.proxy, what)
        self._done(None, (ProxyError, what, cause))
