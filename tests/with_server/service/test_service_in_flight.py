"""No request stays in flight, however it ends, so that it does not delay a stop."""

from __future__ import absolute_import, division, print_function

import logging

import pytest
from programs import wait_until
from raw_client import request_bytes
from served_app import ServedApp
from tornado import routing

from waterspout import service


class EchoHandler(service.JSONHandler):
    def get(self):
        self.write_json({})

    def post(self):
        self.write_json({"bytes": len(self.body)})


class FailsToBeMade(EchoHandler):
    def initialize(self):
        raise KeyError("a bug in initialize")


class FailsToTakeABody(EchoHandler):
    def data_received(self, chunk):
        raise KeyError("a bug in data_received")


class FailsToFinish(EchoHandler):
    def finish(self, chunk=None):
        raise KeyError("a bug in finish")


class SaysLessThanItAnnounced(EchoHandler):
    def get(self):
        self.set_header("Content-Length", "10")
        self.finish(b"{}")


class FailsToMatch(routing.Matcher):
    def match(self, request):
        if request.path == "/fails-to-match":
            raise KeyError("a bug in a matcher")
        return None


class FailsToBeMadeAsAnError(service.ErrorHandler):
    def set_default_headers(self):
        raise KeyError("a bug in the error handler")


ROUTES = [
    ("/echo", EchoHandler),
    ("/fails-to-be-made", FailsToBeMade),
    ("/fails-to-take-a-body", FailsToTakeABody),
    ("/fails-to-finish", FailsToFinish),
    ("/says-less", SaysLessThanItAnnounced),
    routing.Rule(FailsToMatch(), EchoHandler),
]


def make_app(**options):
    return lambda: service.Application(ROUTES, **options)


@pytest.fixture
def served(serve, caplog):
    """An application that must stop with nothing in flight."""
    with serve(make_app(), drain_timeout=5) as served:
        yield served
        wait_until(lambda: served.application.requests_in_flight == 0, "the counting out")
    assert "Cut off" not in caplog.text


@pytest.fixture
def connection(served):
    with served.connect() as connection:
        yield connection


def test_query_of_many_arguments_is_answered_and_not_in_flight(connection):
    """Tornado 6.6 refuses to make a request of more than 1,000 arguments."""
    answer = connection.get("/echo?" + "a&" * 1100)
    assert answer.status in (200, 400)
    if answer.status == 400:
        assert answer.json == {"error": "the request target or a header field is not valid"}


@pytest.mark.parametrize("path", ["/fails-to-be-made", "/fails-to-match"])
def test_handler_that_cannot_be_made_is_500_with_an_incident(connection, caplog, path):
    """A bug before the handler exists is answered like one in the handler."""
    for _ in range(2):
        answer = connection.post(path, b"{}")
        assert answer.status == 500
        (record,) = [r for r in caplog.records if answer.json["incident"] in r.getMessage()]
        assert (record.levelno, record.exc_info[0]) == (logging.ERROR, KeyError)
    assert connection.get("/echo").status == 200


def test_bug_in_data_received_closes_the_connection(connection):
    """Tornado catches no exceptions around it."""
    connection.send(request_bytes("POST", "/fails-to-take-a-body", b"{}"))
    assert_ended(connection)


@pytest.mark.parametrize("path", ["/fails-to-finish", "/says-less"])
def test_response_that_cannot_be_finished_closes_the_connection(connection, path):
    """The client does not wait forever."""
    connection.send(request_bytes("GET", path))
    assert_ended(connection)


@pytest.mark.parametrize("path", ["/nowhere", "/fails-to-be-made", "/echo?" + "a&" * 1100])
def test_error_handler_that_cannot_be_made_closes_the_connection(caplog, path):
    """No response is possible; the request ends with the connection."""
    make = make_app(error_handler=FailsToBeMadeAsAnError)
    with ServedApp(make, drain_timeout=5) as served:
        with served.connect() as connection:
            connection.send(request_bytes("GET", path))
            if "?" not in path:
                assert_ended(connection)
        wait_until(lambda: served.application.requests_in_flight == 0, "the counting out")
    assert "Cut off" not in caplog.text


@pytest.mark.parametrize(
    "data",
    [
        b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n",
        b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}nonsense",
        b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: x\r\n\r\n",
        b"POST /echo HTTP/1.1\r\nContent-Length: 1\r\n\r\n1",
        b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n",
        b"GET /echo HTTP/1.1\r\nHost: a,b\r\n\r\n",
        b"GET /echo HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET /echo\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    ],
)
def test_refused_requests_are_not_in_flight(data, caplog):
    """For any error, at any point of reading the request."""
    with ServedApp(make_app(), drain_timeout=5) as served, served.connect() as connection:
        connection.send(data)
        assert connection.read_answer().status in (400, 413)
        assert connection.is_closed_by_peer()
    assert "Cut off" not in caplog.text


def assert_ended(connection):
    """The server closes the connection without a complete response."""
    data = b"."
    while data:
        data = connection.socket.recv(65536)
