"""Requirements of RFC 9110 and RFC 9112 for servers, on sockets."""

from __future__ import absolute_import, division, print_function

import socket
import threading

import pytest
from served_app import ServedApp
from tornado import gen

from waterspout import service

POST = b"POST /echo HTTP/1.1\r\nHost: x\r\n"
BODY = b"Content-Length: 2\r\n\r\n{}"


class EchoHandler(service.JSONHandler):
    def get(self):
        self.write_json({"uri": self.request.uri, "host": self.request.headers.get("Host")})

    def post(self):
        self.write_json({"body": self.body.decode("latin1")})


class LaterHandler(service.JSONHandler):
    @gen.coroutine
    def get(self):
        for _ in range(3):
            yield gen.sleep(0.01)
        self.write_json({})


@pytest.fixture(scope="module")
def served():
    routes = [("/echo", EchoHandler), ("/later", LaterHandler), ("/", EchoHandler)]
    with ServedApp(lambda: service.Application(routes)) as served:
        yield served


@pytest.fixture
def connection(served):
    with served.connect() as connection:
        yield connection


def received(connection):
    """All bytes until the end."""
    data, piece = b"", b"."
    while piece:
        piece = connection.socket.recv(65536)
        data += piece
    return data


# Expect: RFC 9110 section 10.1.1


@pytest.mark.parametrize("value", [b"100-continue", b"100-Continue", b"100-CONTINUE"])
def test_expectation_is_compared_without_case(connection, value):
    """Otherwise the client would wait for 100 Continue."""
    connection.send(POST + b"Expect: " + value + b"\r\nContent-Length: 2\r\n\r\n")
    assert connection.read_answer(without_body=True).status == 100
    connection.send(b"{}")
    assert connection.read_answer().json == {"body": "{}"}


def test_http_1_0_client_gets_no_100_continue(connection):
    """It would take that for the response."""
    connection.send(b"POST /echo HTTP/1.0\r\nExpect: 100-continue\r\n" + BODY)
    assert connection.read_answer().status == 200


@pytest.mark.parametrize("value", [b"the best", b"100-continue, the best", b"100-continue;q=1"])
def test_other_expectations_are_417(connection, value):
    """The client would rely on what this server does not do."""
    connection.send(POST + b"Expect: " + value + b"\r\n" + BODY)
    answer = connection.read_answer()
    assert answer.status == 417
    assert answer.json == {"error": "this service meets no expectation but 100-continue"}
    assert connection.is_closed_by_peer()


def test_other_expectations_are_417_without_a_body(connection):
    """A request that is complete is refused as well."""
    connection.send(b"GET /echo HTTP/1.1\r\nHost: x\r\nExpect: the best\r\n\r\n")
    assert connection.read_answer().status == 417


def test_other_expectations_of_http_1_0_are_ignored(connection):
    """Its clients do not know the field."""
    connection.send(b"POST /echo HTTP/1.0\r\nExpect: the best\r\n" + BODY)
    assert connection.read_answer().status == 200


# Connection: RFC 9112 section 9.6


@pytest.mark.parametrize(
    "lines",
    [
        b"Connection: close\r\n",
        b"Connection: Close\r\n",
        b"Connection: TE, close\r\n",
        b"Connection: close,TE\r\n",
        b"Connection: TE\r\nConnection: close\r\n",
        b"Connection: keep-alive, close\r\n",
    ],
)
def test_connection_closes_if_the_request_says_close(connection, lines):
    """At any place in the list; the response says close, too."""
    connection.send(POST + lines + BODY)
    assert connection.read_answer().headers["connection"] == "close"
    assert connection.is_closed_by_peer()


@pytest.mark.parametrize("value", [b"TE", b"keep-alive", b"closed", b"Upgrade, HTTP2-Settings"])
def test_connection_is_kept_with_other_options(connection, value):
    """Unknown options do not close it."""
    for _ in range(2):
        connection.send(POST + b"Connection: " + value + b"\r\n" + BODY)
        answer = connection.read_answer()
        assert (answer.status, answer.headers.get("connection")) == (200, None)


# The request's target: RFC 9112 section 3.2


@pytest.mark.parametrize(
    "target, uri, host",
    [
        ("http://other:81/echo?a=b", "/echo?a=b", "other:81"),
        ("HTTP://Other:81/echo", "/echo", "oTHER:81"),
        ("https://other/echo", "/echo", "other:443"),
        ("http://other:80/echo", "/echo", "other"),
        ("http://other:/echo", "/echo", "other"),
        ("http://[::1]:81", "/", "[::1]:81"),
        ("http://other:81?a=b", "/?a=b", "other:81"),
    ],
)
def test_absolute_form_is_served(connection, target, uri, host):
    """The Host field has the same host (RFC 9112 section 3.2.2) and is not changed."""
    connection.send(("GET %s HTTP/1.1\r\nHost: %s\r\n\r\n" % (target, host)).encode())
    assert connection.read_answer().json == {"uri": uri, "host": host}


def test_absolute_form_without_a_host_field_is_served(connection):
    """HTTP/1.0 does not require the field."""
    connection.send(b"GET http://other:81/echo HTTP/1.0\r\n\r\n")
    assert connection.read_answer().json == {"uri": "/echo", "host": "other:81"}


@pytest.mark.parametrize(
    "target, host",
    [
        ("http://other/echo", "x"),
        ("http://other:81/echo", "other"),
        ("http://other/echo", "other:81"),
        ("http://other:443/echo", "other"),
        ("https://other:80/echo", "other"),
        ("http://other/echo", ""),
        ("http://[::1]/echo", "[::2]"),
    ],
)
def test_absolute_form_of_another_host_is_refused(connection, target, host):
    """Two recipients could disagree about the host."""
    connection.send(("GET %s HTTP/1.1\r\nHost: %s\r\n\r\n" % (target, host)).encode())
    assert connection.read_answer().status == 400
    assert connection.is_closed_by_peer()


@pytest.mark.parametrize(
    "target", ["http://", "http:///echo", "http://:80/", "http://a@b/", "http://a,b/"]
)
def test_absolute_form_without_a_host_is_refused(connection, target):
    """RFC 9110 section 4.2: an empty host is invalid; user information is an error."""
    connection.send(("GET %s HTTP/1.1\r\nHost: x\r\n\r\n" % target).encode())
    assert connection.read_answer().status == 400


@pytest.mark.parametrize("host", [b"a,b", b"a b", b"a/b", b"a@b", b"[::1", b"x:y"])
def test_invalid_host_field_is_refused(connection, host):
    """RFC 9112 section 3.2: 400."""
    connection.send(b"GET /echo HTTP/1.1\r\nHost: " + host + b"\r\n\r\n")
    assert connection.read_answer().status == 400


@pytest.mark.parametrize("host", [b"a_b.example:80", b"127.0.0.1", b"[::1]:80", b"", b"x:"])
def test_valid_host_fields_are_served(connection, host):
    """Names of DNS and of containers, addresses, and an empty one."""
    connection.send(b"GET /echo HTTP/1.1\r\nHost: " + host + b"\r\n\r\n")
    assert connection.read_answer().status == 200


# Chunks: RFC 9112 section 7.1


@pytest.mark.parametrize(
    "body",
    [
        b"2;a=b\r\n{}\r\n0\r\n\r\n",
        b"2;a\r\n{}\r\n0;last\r\n\r\n",
        b'2;a="b;c, d"\r\n{}\r\n0\r\n\r\n',
        b"1;" + b"a" * 200 + b"\r\n{\r\n01\r\n}\r\n000\r\n\r\n",
        b"2\r\n{}\r\n0\r\nA: b\r\n\r\n",
        b"2\r\n{}\r\n0\r\nA: b\r\nContent-Length: 5\r\nC:\r\n\r\n",
        b"2\r\n{}\r\n0\r\nA: " + b"b" * 2000 + b"\r\n\r\n",
    ],
)
def test_chunk_extensions_and_trailers_are_ignored(connection, body):
    """A recipient MUST ignore unknown extensions and may drop trailers."""
    for _ in range(2):
        connection.send(POST + b"Transfer-Encoding: chunked\r\n\r\n" + body)
        assert connection.read_answer().json == {"body": "{}"}


@pytest.mark.parametrize(
    "body",
    [
        b"2;a\n{}\r\n0\r\n\r\n",
        b"2;a\rb\r\n{}\r\n0\r\n\r\n",
        b"2;a\0\r\n{}\r\n0\r\n\r\n",
        b"2 ;a\r\n{}\r\n0\r\n\r\n",
        b"2\r\n{}\r\n0\r\nno colon\r\n\r\n",
        b"2\r\n{}\r\n0\r\nA : b\r\n\r\n",
        b"2\r\n{}\r\n0\r\n: b\r\n\r\n",
        b"2\r\n{}\r\n0\r\nA: b\n\r\n\r\n",
        b"2\r\n{}\r\n0\r\nA: b\r\n c\r\n\r\n",
        b"2\r\n{}\r\n0\r\nGET /echo HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
)
def test_faulty_extensions_and_trailers_are_refused(connection, body):
    """Two recipients could see the end in different places."""
    connection.send(POST + b"Transfer-Encoding: chunked\r\n\r\n" + body)
    assert connection.read_answer().status == 400
    assert connection.is_closed_by_peer()


@pytest.mark.parametrize(
    "body, status", [(b"2;" + b"a" * 100000, 400), (b"0\r\n" + b"A: b\r\n" * 20000, 431)]
)
def test_endless_extensions_and_trailers_are_refused(connection, body, status):
    """They are not part of the body, so they have limits of their own."""
    connection.send(POST + b"Transfer-Encoding: chunked\r\n\r\n" + body)
    assert connection.read_answer().status == status
    assert connection.is_closed_by_peer()


# The client's end of the connection


def send_and_half_close(served, connection, data):
    """The server reads the request and the end of the connection at once."""
    busy, go_on = threading.Event(), threading.Event()

    def hold_the_loop():
        busy.set()
        go_on.wait(30)

    assert connection.get("/echo").status == 200
    served.call(hold_the_loop)
    assert busy.wait(30)
    connection.send(data)
    connection.socket.shutdown(socket.SHUT_WR)
    go_on.set()


def test_half_closed_client_gets_its_answer(served, connection):
    """It has sent everything and reads (RFC 9112 section 9.6); the handler takes some time."""
    send_and_half_close(served, connection, b"GET /later HTTP/1.1\r\nHost: x\r\n\r\n")
    assert b" 200 " in received(connection)


@pytest.mark.parametrize("fields", [b"A: " + b"a" * 70000 + b"\r\n", b"A: b\r\n" * 20000])
def test_head_that_is_too_long_is_431(connection, fields):
    """RFC 6585 section 5. The client reads it although it sends everything first."""
    connection.send(POST + fields + BODY)
    assert connection.read_answer().status == 431
    assert connection.is_closed_by_peer()


def test_endless_head_is_431(connection):
    """It is not read to its end."""
    connection.send(POST + b"A: " + b"a" * 70000)
    assert connection.read_answer().status == 431


def test_many_fields_are_431(connection):
    """RFC 6585 section 5, although the head is short."""
    connection.send(POST + b"A: b\r\n" * 100 + BODY)
    answer = connection.read_answer()
    assert answer.status == 431
    assert answer.json == {"error": "the request has too many header fields"}


@pytest.mark.parametrize("length", [8200, 70000])
def test_target_that_is_too_long_is_414(connection, length):
    """RFC 9110 section 15.5.15."""
    connection.send(b"GET /" + b"a" * length + b" HTTP/1.1\r\nHost: x\r\n\r\n")
    answer = connection.read_answer()
    assert (answer.status, answer.json) == (414, {"error": "the request line is too long"})
