"""Limits on requests, and refusals that the client can read."""

from __future__ import absolute_import, division, print_function

import pytest
from noting_delegates import NotingApplication
from raw_responses import ResponseReader
from served_http import ServedHTTP
from serving_apps import application
from tornado import httputil

import waterspout

HEAD = b"GET /a HTTP/1.1\r\nHost: a\r\n"


def refusal(server, data):
    """The response to ``data``: a status line as Tornado's, and the end of the connection."""
    sock = server.connect()
    sock.sendall(data)
    response = ResponseReader(sock).read()
    assert (response.headers, response.body) == ({}, b"")
    sock.close()
    server.wait_for_stats(connections=0, active=0)
    return response


@pytest.mark.parametrize("data, status, kind", [
    (b"GET /" + b"a" * 3000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414, "target size"),
    (b"GET /" + b"a" * 3000, 414, "target size"),
    (HEAD + b"X: " + b"a" * 3000 + b"\r\n\r\n", 431, "head size"),
    (HEAD + b"X: " + b"a" * 3000, 431, "head size"),
    (HEAD + b"X: 1\r\n" * 21 + b"\r\n", 431, "field count"),
    (b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 101\r\n\r\n", 400, "body size"),
    (b"POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n", 400,
     "body size"),
    (b"POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n32\r\n" + b"a" * 50
     + b"\r\n33\r\n", 400, "body size"),
    (b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n", 400,
     "content-length"),
    (HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n", 400, "unsupported coding"),
    (b"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505, "version"),
    (b"GET / HTTP/1.1\nHost: a\n\n", 400, "line end"),
])
def test_request_beyond_a_limit_is_refused(data, status, kind, caplog):
    class Server(waterspout.HTTPServer):
        max_header_fields = 20

    caplog.set_level("INFO")
    with ServedHTTP(application(), Server, max_header_size=2000, max_body_size=100) as server:
        assert refusal(server, data).status == status
        assert server.call(server.server.stats)["refused"] == {kind: 1}
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == 1 and " from 127.0.0.1: " in lines[0]


@pytest.mark.parametrize("data", [
    b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n" + b"a" * 100,
    b"POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n" + b"a" * 100
    + b"\r\n0\r\n\r\n",
    HEAD + b"X: 1\r\n" * 19 + b"\r\n",
    HEAD + b"X: " + b"a" * 1900 + b"\r\n\r\n",
])
def test_request_at_a_limit_is_served(data):
    class Server(waterspout.HTTPServer):
        max_header_fields = 20

    with ServedHTTP(application(), Server, max_header_size=2000, max_body_size=100) as server:
        sock = server.connect()
        sock.sendall(data)
        assert ResponseReader(sock).read().status == 200


def test_body_limit_can_be_changed_for_one_request():
    app = NotingApplication(
        headers_received=lambda delegate: delegate.connection.set_max_body_size(
            int(delegate.start_line.path[1:])))
    with ServedHTTP(app, max_body_size=10) as server:
        sock = server.connect()
        reader = ResponseReader(sock)
        request = b"POST /%d HTTP/1.1\r\nHost: a\r\nContent-Length: 20\r\n\r\n" + b"a" * 20
        sock.sendall(request % 20)
        assert reader.read().body == b"a" * 20
        sock.sendall(request % 19)
        assert reader.read().status == 400


def test_body_is_not_limited_by_the_limit_of_the_request_before():
    changed = []

    def first_only(delegate):
        if not changed:
            changed.append(True)
            delegate.connection.set_max_body_size(30)

    with ServedHTTP(NotingApplication(headers_received=first_only), max_body_size=10) as server:
        sock = server.connect()
        reader = ResponseReader(sock)
        request = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 20\r\n\r\n" + b"a" * 20
        sock.sendall(request)
        assert reader.read().status == 200
        sock.sendall(request)
        assert reader.read().status == 400


def test_max_buffer_size_limits_the_body_where_nothing_else_does():
    with ServedHTTP(application(), max_buffer_size=1000) as server:
        request = b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n"
        assert refusal(server, request % 1001).status == 400
        sock = server.connect()
        sock.sendall(request % 1000 + b"a" * 1000)
        assert ResponseReader(sock).read().status == 200


def test_default_body_limit_is_that_of_tornado():
    with ServedHTTP(application()) as server:
        request = b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n"
        assert refusal(server, request % (100 * 1024 * 1024 + 1)).status == 400


@pytest.mark.parametrize("body", [
    b"Content-Length: 100000000\r\n\r\n",
    b"Transfer-Encoding: chunked\r\n\r\n5f5e100\r\n",
], ids=["length", "chunked"])
def test_refusal_can_be_read_by_a_client_that_sends_on(body):
    with ServedHTTP(application(), max_body_size=1000) as server:
        sock = server.connect()
        sock.sendall(b"POST /a HTTP/1.1\r\nHost: a\r\n" + body)
        for _ in range(100):  # 6 MiB, although the answer is there.
            sock.sendall(b"x" * 65536)
        reader = ResponseReader(sock)
        assert reader.read().status == 400
        assert reader.rest() == b""
        sock.sendall(b"x" * 65536)  # It is still read.
        sock.close()
        server.wait_for_stats(connections=0, active=0)


def test_early_answer_can_be_read_by_a_client_that_sends_on():
    app = NotingApplication(headers_received=lambda delegate: delegate.answer(b"no", 403))
    with ServedHTTP(app) as server:
        sock = server.connect()
        sock.sendall(b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000\r\n\r\n")
        for _ in range(100):
            sock.sendall(b"x" * 65536)
        reader = ResponseReader(sock)
        response = reader.read()
        assert (response.status, response.body) == (403, b"no")
        assert response.headers["connection"] == "close"
        assert reader.rest() == b""


def test_last_response_can_be_read_by_a_client_that_pipelines():
    with ServedHTTP(application(), no_keep_alive=True) as server:
        sock = server.connect()
        for _ in range(100):
            sock.sendall(b"GET /a HTTP/1.1\r\nHost: a\r\n\r\n" + b"\r\n" + b"x" * 65000)
        reader = ResponseReader(sock)
        assert reader.read().status == 200
        assert reader.rest() == b""


@pytest.mark.parametrize("count", [1, 3])
def test_connection_ends_after_max_requests(count):
    with ServedHTTP(application(), max_requests=count) as server:
        sock = server.connect()
        sock.sendall(b"GET /a HTTP/1.1\r\nHost: a\r\n\r\n" * (count + 2))
        reader = ResponseReader(sock)
        responses = [reader.read() for _ in range(count)]
        assert ["connection" in each.headers for each in responses] == (
            [False] * (count - 1) + [True])
        assert reader.rest() == b""
        assert server.call(server.server.stats)["requests"] == count


def test_connections_beyond_the_limit_wait(caplog):
    with ServedHTTP(application(), max_connections=2) as server:
        socks = [server.connect() for _ in range(5)]
        for sock in socks:
            sock.sendall(b"GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
        for sock in socks[:2]:
            assert ResponseReader(sock).read().status == 200
        assert server.call(server.server.stats)["connections"] == 2
        assert server.call(server.server.stats)["requests"] == 2
        for index, sock in enumerate(socks[2:]):
            socks[index].close()
            assert ResponseReader(sock).read().status == 200
            assert server.call(server.server.stats)["connections"] == 2
        for sock in socks:
            sock.close()
        server.wait_for_stats(connections=0)
    lines = [record.getMessage() for record in caplog.records]
    assert lines[0] == "Accepting no connections for now: 2 are open, which is the limit"
    assert lines[-1] == "Accepting connections again"


def test_refused_head_request_gets_no_body():
    class Server(waterspout.HTTPServer):
        def refuse_request(self, refused, exchange, delegate):
            exchange.write_headers(
                httputil.ResponseStartLine("HTTP/1.1", 400, "Bad Request"),
                httputil.HTTPHeaders({"Content-Length": "4"}), b"body")
            exchange.finish()

    with ServedHTTP(application(), Server) as server:
        assert server.exchange(b"HEAD / HTTP/1.1\r\nHost: a,b\r\n\r\n").endswith(b"\r\n\r\n")
        assert server.exchange(b"GET / HTTP/1.1\r\nHost: a,b\r\n\r\n").endswith(b"\r\n\r\nbody")
