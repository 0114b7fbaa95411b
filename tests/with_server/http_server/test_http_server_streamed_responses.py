"""Responses that are sent in pieces: back-pressure, and clients that leave or do not read."""

from __future__ import absolute_import, division, print_function

import socket
import struct

import pytest
import tornado.web
from raw_responses import ResponseReader
from served_http import BOTH, ServedHTTP, read_until
from tornado import gen, iostream

import waterspout

PIECE = b"x" * 65536
GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


def endless(handlers, errors):
    class Endless(tornado.web.RequestHandler):
        """Sends pieces until it is told to stop, and awaits that each was taken."""

        flushed = 0
        stopped = False

        @gen.coroutine
        def get(self):
            handlers.append(self)
            try:
                while not self.stopped:
                    self.write(PIECE)
                    yield self.flush()
                    self.flushed += 1
            except Exception as error:
                errors.append(error)
                raise

    return tornado.web.Application([("/", Endless)])


def served(server_class=waterspout.HTTPServer):
    handlers, errors = [], []
    server = ServedHTTP(endless(handlers, errors), server_class)
    server.handlers, server.errors = handlers, errors
    return server


def stalled(server):
    """A connection that does not read; its response has come to a stand."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
    sock.connect(("127.0.0.1", server.port))
    sock.sendall(GET)
    server.wait_for(lambda: server.handlers)
    counts = [-1]

    def stands():
        counts.append(server.handlers[0].flushed)
        return len(counts) > 20 and len(set(counts[-20:])) == 1

    server.wait_for(stands, "a stand of the response")
    return sock


@pytest.mark.parametrize("server_class", BOTH)
def test_flush_is_not_done_before_the_client_reads(server_class):
    with served(server_class) as server:
        sock = stalled(server)
        handler = server.handlers[0]
        before = handler.flushed
        assert before * len(PIECE) < 20 * 1024 * 1024  # What the kernel keeps.
        sock.settimeout(30)
        read_until(sock, b"\r\n\r\n")
        taken = 0
        while handler.flushed < before + 50:
            taken += len(sock.recv(65536))
        assert taken > 40 * len(PIECE)
        handler.stopped = True
        tail = b""
        while not tail.endswith(b"\r\n0\r\n\r\n"):
            tail = tail[-10:] + sock.recv(65536)


def reset(sock):
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


@pytest.mark.parametrize("leave", [socket.socket.close, reset], ids=["close", "reset"])
def test_flush_fails_when_the_client_leaves(leave):
    with served() as server:
        sock = stalled(server)
        leave(sock)
        server.wait_for(lambda: server.errors)
        assert [type(error) for error in server.errors] == [iostream.StreamClosedError]
        server.wait_for_stats(connections=0, active=0)


def test_flush_fails_when_the_connection_is_closed_by_the_server():
    with served() as server:
        stalled(server)
        server.call(server.server.close_all_connections)
        server.wait_for(lambda: server.errors)
        assert [type(error) for error in server.errors] == [iostream.StreamClosedError]


@pytest.mark.parametrize("server_class", BOTH)
def test_large_response_arrives_whole_with_a_slow_reader(server_class):
    body = b"0123456789abcdef" * (1024 * 1024)

    class Large(tornado.web.RequestHandler):
        def get(self):
            self.write(body)

    with ServedHTTP(tornado.web.Application([("/", Large)]), server_class) as server:
        sock = server.connect()
        sock.sendall(GET + GET)
        reader = ResponseReader(sock)
        assert reader.read().body == body
        assert reader.read().body == body


def test_full_duplex_echo():
    @tornado.web.stream_request_body
    class Echo(tornado.web.RequestHandler):
        """Sends each piece back at once."""

        @gen.coroutine
        def data_received(self, piece):
            self.write(piece)
            yield self.flush()

        def post(self):
            pass

    with ServedHTTP(tornado.web.Application([("/", Echo)])) as server:
        sock = server.connect()
        sock.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\n\r\none ")
        read_until(sock, b"\r\n\r\n")
        assert read_until(sock, b"one \r\n") == b"4\r\none \r\n"
        sock.sendall(b"two ")
        assert read_until(sock, b"two \r\n") == b"4\r\ntwo \r\n"
        sock.sendall(b"end ")
        assert read_until(sock, b"0\r\n\r\n") == b"4\r\nend \r\n0\r\n\r\n"
        sock.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx")
        assert ResponseReader(sock).read().body == b"x"


def test_full_duplex_echo_of_many_bytes_is_held_up_by_a_client_that_does_not_read():
    received = []

    @tornado.web.stream_request_body
    class Echo(tornado.web.RequestHandler):
        @gen.coroutine
        def data_received(self, piece):
            received.append(len(piece))
            self.write(piece)
            yield self.flush()

        def post(self):
            pass

    with ServedHTTP(tornado.web.Application([("/", Echo)])) as server:
        sock = server.connect()
        total = 64 * 1024 * 1024
        sock.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % total)
        sock.setblocking(False)
        counts = []

        def stands():
            try:
                while True:
                    sock.send(PIECE)
            except socket.error:
                counts.append(sum(received))
            return len(counts) > 20 and len(set(counts[-20:])) == 1

        server.wait_for(stands, "a stand of the echo")
        assert sum(received) < total // 2
        sock.close()
        server.wait_for_stats(connections=0)
