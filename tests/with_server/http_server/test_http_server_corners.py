"""Situations in which two things happen at once."""

from __future__ import absolute_import, division, print_function

import socket

import tornado.web
from gates import Gate
from raw_responses import ResponseReader
from served_http import ServedHTTP, read_until
from serving_apps import application
from tornado import gen

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


def test_two_requests_in_flight_on_one_connection_never_share_a_response():
    gate = Gate()
    with ServedHTTP(application(gate)) as server:
        sock = server.connect()
        sock.sendall(b"POST /late HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\none"
                     b"POST /late HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\ntwo")
        first = gate.wait()
        server.resolve(first)
        reader = ResponseReader(sock)
        assert reader.read().body == b"one"
        server.resolve(gate.wait())
        assert reader.read().body == b"two"


def test_client_that_resets_with_many_responses_waiting_harms_no_other():
    gate = Gate()
    with ServedHTTP(application(gate)) as server:
        socks = [server.connect() for _ in range(40)]
        for sock in socks:
            sock.sendall(b"GET /late HTTP/1.1\r\nHost: a\r\n\r\n" + GET)
        server.wait_for_stats(active=40)
        for sock in socks[::2]:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            sock.close()
        server.call(gate.open)
        for sock in socks[1::2]:
            reader = ResponseReader(sock)
            assert reader.read().body == b"late"
            assert reader.read().body == b"GET / "
            sock.close()
        server.wait_for_stats(connections=0, active=0)


def test_response_larger_than_the_batch_follows_a_small_one_in_order():
    """With many requests at once small responses are collected."""
    gate = Gate()

    class Mixed(tornado.web.RequestHandler):
        @gen.coroutine
        def get(self):
            yield gate()
            self.write(b"s" * 10)
            self.flush()
            self.write(b"L" * 200000)
            self.flush()
            self.write(b"e" * 10)

    with ServedHTTP(tornado.web.Application([("/", Mixed)])) as server:
        socks = [server.connect() for _ in range(30)]
        for sock in socks:
            sock.sendall(GET)
        server.wait_for_stats(active=30)
        server.call(gate.open)
        for sock in socks:
            assert ResponseReader(sock).read().body == b"s" * 10 + b"L" * 200000 + b"e" * 10


def test_connection_that_was_kept_for_early_hints_is_read_on():
    with ServedHTTP(application()) as server:
        sock = server.connect()
        for _ in range(3):
            sock.sendall(b"GET /hints HTTP/1.1\r\nHost: a\r\n\r\n")
            assert b" 103 " in read_until(sock, b"\r\n\r\n")
            read_until(sock, b"final")
