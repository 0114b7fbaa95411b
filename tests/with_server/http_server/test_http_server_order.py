"""Pipelined requests, half-closed clients, and fairness between connections."""

from __future__ import absolute_import, division, print_function

import socket

import pytest
from gates import Gate
from programs import wait_until
from raw_responses import ResponseReader
from served_http import BOTH, ServedHTTP
from serving_apps import application
from tornado import httputil

GET = b"GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
LATE = b"GET /late HTTP/1.1\r\nHost: a\r\n\r\n"
PIECES = b"GET /pieces HTTP/1.1\r\nHost: a\r\n\r\n"
POST = (b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
        b"POST /b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nde\r\n0\r\n\r\n")


@pytest.mark.parametrize("server_class", BOTH)
def test_pipelined_requests_are_answered_in_order(server_class):
    gate = Gate()
    with ServedHTTP(application(gate), server_class) as server:
        sock = server.connect()
        reader = ResponseReader(sock)
        sock.sendall(GET + LATE + POST + PIECES + LATE + GET)
        assert reader.read().body == b"GET /a "
        server.resolve(gate.wait())
        assert [reader.read().body for _ in range(4)] == [
            b"late", b"POST /a abc", b"POST /b de", b"one two three"]
        server.resolve(gate.wait())
        assert [reader.read().body for _ in range(2)] == [b"late", b"GET /a "]


def test_next_request_is_not_begun_before_the_response_is_complete():
    gate = Gate()
    with ServedHTTP(application(gate)) as server:
        sock = server.connect()
        sock.sendall(LATE + LATE)
        gate.wait()
        server.exchange(b"GET /a HTTP/1.0\r\n\r\n")
        assert len(gate.futures) == 1
        server.call(gate.open)
        reader = ResponseReader(sock)
        assert reader.read().body == reader.read().body == b"late"


def test_pipelined_requests_are_read_ahead_within_bounds():
    gate = Gate()
    with ServedHTTP(application(gate)) as server:
        sock = server.connect()
        sock.sendall(LATE)
        gate.wait()
        many = 4000
        sock.sendall(many * GET)
        server.call(gate.open)
        reader = ResponseReader(sock)
        assert reader.read().body == b"late"
        for _ in range(many):
            assert reader.read().body == b"GET /a "


def test_pipelining_client_does_not_hold_up_another():
    order = []

    def answer(request):
        """Without a coroutine: the response is complete when this returns."""
        order.append(request.path)
        if request.path == "/first":
            second.sendall(b"GET /other HTTP/1.1\r\nHost: a\r\n\r\n")
        request.connection.write_headers(
            httputil.ResponseStartLine("HTTP/1.1", 200, "OK"),
            httputil.HTTPHeaders({"Content-Length": "2"}), b"ok")
        request.connection.finish()

    with ServedHTTP(answer) as server:
        first, second = server.connect(), server.connect()
        # The server has both before the first request arrives.
        wait_until(lambda: server.server.stats()["connections"] == 2)
        first.sendall(b"".join(
            b"GET /%s HTTP/1.1\r\nHost: a\r\n\r\n" % name
            for name in [b"first"] + 500 * [b"next"] + [b"last"]))
        reader = ResponseReader(first)
        for _ in range(502):
            assert reader.read().body == b"ok"
        assert ResponseReader(second).read().body == b"ok"
        assert order.index("/other") < 50


@pytest.mark.parametrize("data, bodies", [
    (GET, [b"GET /a "]),
    (POST, [b"POST /a abc", b"POST /b de"]),
    (PIECES + GET, [b"one two three", b"GET /a "]),
    (GET + LATE + PIECES, [b"GET /a ", b"late", b"one two three"]),
])
def test_client_that_ended_its_side_gets_its_answers(data, bodies):
    gate = Gate()
    gate.open()
    with ServedHTTP(application(gate)) as server:
        sock = server.connect()
        sock.sendall(data)
        sock.shutdown(socket.SHUT_WR)
        reader = ResponseReader(sock)
        assert [reader.read().body for _ in bodies] == bodies
        assert reader.rest() == b""


def test_client_that_ended_its_side_gets_a_late_answer():
    gate = Gate()
    with ServedHTTP(application(gate)) as server:
        sock = server.connect()
        sock.sendall(LATE + GET)
        sock.shutdown(socket.SHUT_WR)
        future = gate.wait()
        wait_until(lambda: server.call(
            lambda: [each.has_ended for each in server.server._connections] == [True]))
        server.resolve(future)
        reader = ResponseReader(sock)
        assert [reader.read().body for _ in range(2)] == [b"late", b"GET /a "]
        assert reader.rest() == b""


@pytest.mark.parametrize("rest", [
    b"\r\n", b"\r", b"GET / HT",
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab",
])
def test_connection_is_closed_after_an_end_within_a_request(rest):
    gate = Gate()
    with ServedHTTP(application(gate)) as server:
        sock = server.connect()
        sock.sendall(LATE + rest)
        sock.shutdown(socket.SHUT_WR)
        future = gate.wait()
        wait_until(lambda: server.call(
            lambda: [each.has_ended for each in server.server._connections] == [True]))
        server.resolve(future)
        reader = ResponseReader(sock)
        assert reader.read().body == b"late"
        assert reader.rest() == b""
        wait_until(lambda: server.call(server.server.stats)["connections"] == 0)
        assert server.call(server.server.stats)["active"] == 0


def test_client_that_only_connects_and_leaves_costs_nothing():
    with ServedHTTP(application()) as server:
        sock = server.connect()
        wait_until(lambda: server.server.stats()["connections"] == 1)
        sock.close()
        wait_until(lambda: server.server.stats()["connections"] == 0)
