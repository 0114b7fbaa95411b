"""Request bodies that are handed over in pieces, no faster than the application takes them."""

from __future__ import absolute_import, division, print_function

import socket

import pytest
import tornado.web
from gates import Gate
from raw_responses import ResponseReader
from served_http import BOTH, ServedHTTP, Stuffing
from tornado import gen

import waterspout

PIECE = b"x" * 65536


@tornado.web.stream_request_body
class Upload(tornado.web.RequestHandler):
    """Keeps each piece until the test lets it go on."""

    #: Set by a test: called with the handler and a piece; returns None or a Future.
    take = None
    #: Set by a test: called with the handler; returns None or a Future.
    ready = None

    def initialize(self):
        self.pieces = []
        type(self).last = self

    def prepare(self):
        return self.ready and self.ready()

    def data_received(self, piece):
        self.pieces.append(piece)
        return self.take and self.take(piece)

    def get(self):
        self.write(b"got")

    def post(self):
        self.write(b"%d bytes" % sum(map(len, self.pieces)))


class Turn(tornado.web.RequestHandler):
    def get(self):
        self.write(b"turn")


def served(server_class=waterspout.HTTPServer, ready=None, take=None, **kwargs):
    handler = type("TestUpload", (Upload,), {"ready": ready, "take": take})
    return ServedHTTP(
        tornado.web.Application([("/turn", Turn), ("/", handler)]), server_class, **kwargs)


def post(length, path=b"/"):
    return b"POST %s HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % (path, length)


@pytest.mark.parametrize("server_class", BOTH)
def test_body_in_pieces_arrives_whole(server_class):
    with served(server_class) as server:
        sock = server.connect()
        sock.sendall(post(3 * len(PIECE)))
        for _ in range(3):
            sock.sendall(PIECE)
        assert ResponseReader(sock).read().body == b"%d bytes" % (3 * len(PIECE))


@pytest.mark.parametrize("server_class", BOTH)
def test_piece_is_not_longer_than_chunk_size(server_class):
    sizes = []
    take = lambda handler, piece: sizes.append(len(piece))  # noqa: E731
    with served(server_class, take=take, chunk_size=1000) as server:
        sock = server.connect()
        sock.sendall(post(10000) + b"x" * 10000)
        assert ResponseReader(sock).read().body == b"10000 bytes"
    assert sum(sizes) == 10000 and max(sizes) == 1000


def test_nothing_is_read_while_the_handler_keeps_a_piece():
    gate = Gate()
    with served(take=gate) as server:
        server.set_receive_buffer(65536)
        sock = server.connect()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
        sock.sendall(post(64 * 1024 * 1024))
        sent = Stuffing(server, sock).send(PIECE, 32 * 1024 * 1024)
        assert sent < 2 * 1024 * 1024
        assert len(gate.futures) == 1
        sock.close()
        server.call(gate.open)


def test_nothing_is_read_before_prepare_has_ended():
    gate = Gate()
    with served(ready=gate) as server:
        server.set_receive_buffer(65536)
        sock = server.connect()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
        sock.sendall(post(64 * 1024 * 1024))
        assert Stuffing(server, sock).send(PIECE, 32 * 1024 * 1024) < 2 * 1024 * 1024
        sock.close()
        server.call(gate.open)


@pytest.mark.parametrize("server_class", BOTH)
def test_reading_goes_on_when_the_piece_is_taken(server_class):
    gate = Gate()
    with served(server_class, take=gate) as server:
        sock = server.connect()
        sock.sendall(post(3))
        for _ in range(3):
            sock.sendall(b"x")
            server.resolve(gate.wait())
        assert ResponseReader(sock).read().body == b"3 bytes"


@pytest.mark.parametrize("server_class", BOTH)
def test_get_waits_for_prepare(server_class):
    gate = Gate()
    with served(server_class, ready=gate) as server:
        sock = server.connect()
        sock.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        server.resolve(gate.wait())
        assert ResponseReader(sock).read().body == b"got"


def finish_in_prepare(body):
    @gen.coroutine
    def ready(handler):
        yield gen.moment
        handler.finish(body)
        yield gen.moment

    return ready


def test_response_in_prepare_to_get_keeps_the_connection():
    with served(ready=finish_in_prepare(b"early")) as server:
        sock = server.connect()
        reader = ResponseReader(sock)
        for _ in range(3):
            sock.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            assert reader.read().body == b"early"


@pytest.mark.parametrize("size", [10, 30 * 1024 * 1024])
@pytest.mark.parametrize("server_class", BOTH)
def test_response_in_prepare_is_sent_whole(server_class, size):
    with served(server_class, ready=finish_in_prepare(b"e" * size)) as server:
        sock = server.connect()
        sock.sendall(post(100) + b"x" * 100)
        assert len(ResponseReader(sock).read().body) == size


def test_half_closed_client_is_answered_after_a_kept_piece():
    gate = Gate()
    with served(take=gate) as server:
        sock = server.connect()
        sock.sendall(post(4) + b"body")
        sock.shutdown(socket.SHUT_WR)
        future = gate.wait()
        server.exchange(b"GET /turn HTTP/1.0\r\n\r\n")
        server.resolve(future)
        assert ResponseReader(sock).read().body == b"4 bytes"
