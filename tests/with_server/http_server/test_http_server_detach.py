"""Connections that another protocol takes over: `detach` and WebSockets."""

from __future__ import absolute_import, division, print_function

import hashlib
import socket
import struct

import pytest
import tornado.web
import tornado.websocket
from noting_delegates import NotingApplication
from raw_responses import ResponseReader
from served_http import BOTH, ServedHTTP, read_until
from tornado import gen, httputil, iostream

HANDSHAKE = (
    b"GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")


class EchoSocket(tornado.websocket.WebSocketHandler):
    def open(self):
        self.write_message("hello from " + self.request.remote_ip)

    def on_message(self, message):
        self.write_message(message)


def frame(text):
    """A short text frame of a client, masked with zeros."""
    return struct.pack("!BBI", 0x81, 0x80 | len(text), 0) + text


def read_frame(sock):
    head = read_exactly(sock, 2)
    return read_exactly(sock, bytearray(head)[1])


def read_exactly(sock, count):
    data = b""
    while len(data) < count:
        piece = sock.recv(min(count - len(data), 65536))
        assert piece, "the connection ended"
        data += piece
    return data


@pytest.fixture(params=BOTH, ids=["ours", "tornado"])
def web_sockets(request):
    with ServedHTTP(tornado.web.Application([("/ws", EchoSocket)]), request.param) as server:
        yield server


def test_web_socket_is_opened(web_sockets):
    sock = web_sockets.connect()
    sock.sendall(HANDSHAKE)
    head = read_until(sock, b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 101 Switching Protocols\r\n")
    assert b"\r\nSec-Websocket-Accept: s3pplmbitxaq9kygzzhzrbk+xoo=" in head.replace(
        b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", b"s3pplmbitxaq9kygzzhzrbk+xoo=")
    assert b"close" not in head.lower() and b"content-length" not in head.lower()
    assert read_frame(sock) == b"hello from 127.0.0.1"
    sock.sendall(frame(b"ping"))
    assert read_frame(sock) == b"ping"


def test_frame_that_comes_with_the_handshake_is_not_lost(web_sockets):
    sock = web_sockets.connect()
    sock.sendall(HANDSHAKE + frame(b"one") + frame(b"two") + frame(b"three")[:5])
    read_until(sock, b"\r\n\r\n")
    assert [read_frame(sock) for _ in range(3)] == [b"hello from 127.0.0.1", b"one", b"two"]
    sock.sendall(frame(b"three")[5:])
    assert read_frame(sock) == b"three"


def test_web_socket_can_follow_other_requests_on_its_connection(web_sockets):
    sock = web_sockets.connect()
    sock.sendall(b"GET /none HTTP/1.1\r\nHost: a\r\n\r\n")
    assert ResponseReader(sock).read().status == 404
    sock.sendall(HANDSHAKE + frame(b"one"))
    read_until(sock, b"\r\n\r\n")
    assert [read_frame(sock) for _ in range(2)] == [b"hello from 127.0.0.1", b"one"]


def test_client_that_leaves_closes_the_web_socket():
    closed = []

    class Leaving(EchoSocket):
        def on_close(self):
            closed.append(True)

    with ServedHTTP(tornado.web.Application([("/ws", Leaving)])) as server:
        sock = server.connect()
        sock.sendall(HANDSHAKE)
        read_until(sock, b"\r\n\r\n")
        assert server.call(server.server.stats)["active"] == 0
        sock.close()
        server.wait_for(lambda: closed == [True])


def test_many_web_sockets_are_opened_at_once():
    """Responses are collected then."""
    with ServedHTTP(tornado.web.Application([("/ws", EchoSocket)])) as server:
        socks = [server.connect() for _ in range(40)]
        for sock in socks:
            sock.sendall(HANDSHAKE + frame(b"one"))
        for sock in socks:
            read_until(sock, b"\r\n\r\n")
            assert read_frame(sock) == b"hello from 127.0.0.1"
            assert read_frame(sock) == b"one"


class Detaching(object):
    """A delegate's step that takes the stream, after a response's head, and echoes lines."""

    def __init__(self, padding=b""):
        self.streams = []
        self._padding = padding

    def __call__(self, delegate):
        delegate.connection.write_headers(
            httputil.ResponseStartLine("HTTP/1.1", 101, "Switching Protocols"),
            httputil.HTTPHeaders({"Upgrade": "lines"}))
        stream = delegate.connection.detach()
        self.streams.append(stream)
        assert delegate.connection.stream is None
        if self._padding:
            stream.write(self._padding)
        self._echo(stream)

    @gen.coroutine
    def _echo(self, stream):
        try:
            while True:
                line = yield stream.read_until(b"\n")
                yield stream.write(b"echo " + line)
        except iostream.StreamClosedError:
            pass


UPGRADE = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: lines\r\n\r\n"


@pytest.mark.parametrize("step", ["headers_received", "finish"])
def test_detached_stream_has_the_bytes_that_were_not_read(step):
    with ServedHTTP(NotingApplication(**{step: Detaching()})) as server:
        sock = server.connect()
        sock.sendall(UPGRADE + b"one\ntwo\nth")
        assert b" 101 " in read_until(sock, b"\r\n\r\n")
        assert read_until(sock, b"two\n") == b"echo one\necho two\n"
        sock.sendall(b"ree\n")
        assert read_until(sock, b"\n") == b"echo three\n"
        assert server.call(server.server.stats) == {
            "connections": 0, "active": 0, "requests": 1, "refused": {}}


def test_detached_stream_sends_first_what_was_not_sent():
    size = 20 * 1024 * 1024
    body = b"0123456789abcdef" * (size // 16)

    def step(delegate):
        delegate.connection.write_headers(
            httputil.ResponseStartLine("HTTP/1.1", 200, "OK"),
            httputil.HTTPHeaders({"Content-Length": str(size)}), body)
        stream = delegate.connection.detach()
        stream.write(b"and more")
        streams.append(stream)

    streams = []
    with ServedHTTP(NotingApplication(finish=step)) as server:
        sock = server.connect()
        sock.sendall(UPGRADE)
        read_until(sock, b"\r\n\r\n")
        received = read_exactly(sock, size)
        assert hashlib.sha1(received).digest() == hashlib.sha1(body).digest()
        assert read_exactly(sock, 8) == b"and more"
        server.call(streams[0].close)


def test_detached_stream_sees_that_the_client_has_ended_its_side():
    detaching = Detaching()
    with ServedHTTP(NotingApplication(headers_received=detaching)) as server:
        sock = server.connect()
        sock.sendall(UPGRADE + b"one\n")
        sock.shutdown(socket.SHUT_WR)
        read_until(sock, b"echo one\n")
        assert sock.recv(1) == b""
        server.wait_for(detaching.streams[0].closed)


def test_detach_after_the_connection_has_ended_is_refused():
    errors, ends = [], []

    def step(delegate):
        delegate.connection.set_close_callback(lambda: ends.append(delegate.connection))

    with ServedHTTP(NotingApplication(finish=step)) as server:
        sock = server.connect()
        sock.sendall(UPGRADE)
        server.wait_for_stats(active=1)
        sock.close()
        server.wait_for(lambda: ends)

        def detach():
            ends[0].close()
            try:
                ends[0].detach()
            except iostream.StreamClosedError as error:
                errors.append(error)

        server.call(detach)
    assert len(errors) == 1
