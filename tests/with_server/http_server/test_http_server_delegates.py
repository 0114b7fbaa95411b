"""HTTPServerConnectionDelegate applications: which methods are called, and errors in them."""

from __future__ import absolute_import, division, print_function

import pytest
from noting_delegates import NotingApplication
from raw_responses import ResponseReader
from served_http import ServedHTTP
from tornado import httputil

POST = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody"


def fail(*ignored):
    raise ZeroDivisionError("on purpose")


def refuse(*ignored):
    raise httputil.HTTPInputError("not wanted")


def test_methods_are_called_in_order():
    app = NotingApplication()
    with ServedHTTP(app) as server:
        sock = server.connect()
        sock.sendall(POST)
        assert ResponseReader(sock).read().body == b"body"
        sock.close()
        app.wait_for("start_request", "headers_received", "data_received", "finish")
    start_line = app.delegates[0].start_line
    assert (start_line.method, start_line.path, start_line.version) == ("POST", "/", "HTTP/1.1")
    assert app.delegates[0].headers["host"] == "a"


def test_delegate_is_told_when_the_client_leaves_within_the_request():
    app = NotingApplication()
    with ServedHTTP(app) as server:
        sock = server.connect()
        sock.sendall(POST[:-1])
        sock.close()
        app.wait_for("start_request", "headers_received", "data_received", "on_connection_close")


@pytest.mark.parametrize("answer_in", ["headers_received", "data_received"])
def test_delegate_is_told_when_its_answer_came_before_the_end_of_the_request(answer_in):
    app = NotingApplication(**{answer_in: lambda delegate, *chunk: delegate.answer(b"early")})
    with ServedHTTP(app) as server:
        sock = server.connect()
        sock.sendall(POST[:-1])
        reader = ResponseReader(sock)
        assert reader.read().body == b"early"
        assert reader.rest() == b""
        sock.close()
        expected = ["start_request", "headers_received", "data_received", "on_connection_close"]
        if answer_in == "headers_received":
            expected.remove("data_received")
        app.wait_for(*expected)


@pytest.mark.parametrize("method", ["start_request", "headers_received", "data_received", "finish"])
def test_connection_is_closed_when_a_method_raises(method, caplog):
    app = NotingApplication(**{method: fail})
    with ServedHTTP(app) as server:
        assert server.exchange(POST) == b""
        assert server.call(server.server.stats) == {
            "connections": 0, "active": 0, "requests": 1, "refused": {}}
        assert [record.exc_info[0] for record in caplog.records] == [ZeroDivisionError]
        del app.do[method]
        sock = server.connect()
        sock.sendall(POST)
        assert ResponseReader(sock).read().body == b"body"


def test_connection_is_closed_when_on_connection_close_raises(caplog):
    app = NotingApplication(on_connection_close=fail)
    with ServedHTTP(app) as server:
        sock = server.connect()
        sock.sendall(POST[:-1])
        sock.close()
        app.wait_for("start_request", "headers_received", "data_received", "on_connection_close")
        assert server.call(server.server.stats)["active"] == 0
    assert [record.exc_info[0] for record in caplog.records] == [ZeroDivisionError]


@pytest.mark.parametrize("method", ["headers_received", "data_received"])
def test_request_that_a_method_refuses_is_answered_with_400(method):
    app = NotingApplication(**{method: refuse})
    with ServedHTTP(app) as server:
        sock = server.connect()
        sock.sendall(POST)
        reader = ResponseReader(sock)
        assert reader.read().status == 400
        assert reader.rest() == b""
        assert app.calls.count("on_connection_close") == 1
        assert server.call(server.server.stats)["refused"] == {"application": 1}


def test_connection_of_a_refused_request_is_closed_when_on_connection_close_raises():
    app = NotingApplication(on_connection_close=fail)
    with ServedHTTP(app) as server:
        sock = server.connect()
        sock.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n")
        ResponseReader(sock).rest()
        sock.close()
        server.wait_for_stats(connections=0, active=0)


def test_connection_is_closed_when_refuse_request_raises(caplog):
    app = NotingApplication()
    with ServedHTTP(app) as server:
        server.server.refuse_request = fail
        sock = server.connect()
        sock.sendall(b"bad\r\n\r\n")
        assert ResponseReader(sock).rest() == b""
    assert [record.exc_info[0] for record in caplog.records] == [ZeroDivisionError]


def test_callback_that_raises_closes_the_connection(caplog):
    with ServedHTTP(fail) as server:
        assert server.exchange(POST) == b""
    assert [record.exc_info[0] for record in caplog.records] == [ZeroDivisionError]


def test_callback_that_never_answers_keeps_the_connection_until_the_client_leaves():
    requests = []
    with ServedHTTP(requests.append) as server:
        sock = server.connect()
        sock.sendall(POST)
        server.wait_for_stats(active=1)
        closed = []
        server.call(lambda: requests[0].connection.set_close_callback(
            lambda: closed.append(True)))
        sock.close()
        server.wait_for(lambda: closed == [True])
