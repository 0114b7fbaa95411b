"""Requests that the application refuses by their head, on each HTTP server: bytes on the wire."""

from __future__ import absolute_import, division, print_function

import logging
import re

import pytest
from programs import wait_until
from raw_client import request_bytes
from served_app import ServedApp
from tornado import gen

from waterspout import service

#: In the body and in a field. It must not come back, nor reach the log.
SECRET = "hunter2"


class EchoHandler(service.JSONHandler):
    def post(self):
        self.write_json({"bytes": len(self.body)})

    get = post


class OwnErrors(service.ErrorHandler):
    def error_body(self, status, message, exception=None, incident=None):
        return {"own": [status, message]}


def refuse_closed(request):
    if request.path == "/closed":
        return service.Refusal(
            503, "closed for today", {"Retry-After": "3600"}, kind="opening hours")
    if request.path == "/broken":
        raise ValueError("internals")


def make_app(**keywords):
    keywords.setdefault("head_checks", [refuse_closed])
    return service.Application([("/.*", EchoHandler)], max_body_bytes=1000000, **keywords)


@pytest.fixture(autouse=True)
def caplog(caplog):
    """Has every line from INFO on."""
    for name in ("tornado.access", "tornado.general", "tornado.application", "waterspout"):
        caplog.set_level(logging.INFO, logger=name)
    return caplog


@pytest.fixture
def served(serve, caplog):
    with serve(make_app) as served:
        yield served
        wait_until(lambda: served.application.requests_in_flight == 0)
        wait_until(lambda: served.server.active_requests == 0)


def access_lines(caplog):
    return [re.sub(r"[\d.]+ms id=[0-9a-f]{32}", "0ms", r.getMessage())
            for r in caplog.records if r.name == "tornado.access"]


def check_refused(answer):
    assert answer.status == 503
    assert answer.headers["retry-after"] == "3600"
    assert re.match("[0-9a-f]{32}$", answer.headers["x-request-id"])
    assert answer.json == {"error": "closed for today"}


def test_refused_request_is_answered_logged_and_counted(served, caplog):
    """With the fields of the refusal, and with the id that every response has."""
    with served.connect() as connection:
        check_refused(connection.get("/closed"))
        assert connection.get("/open").status == 200
    assert served.application.refused == {"opening hours": 1}
    wait_until(lambda: len(access_lines(caplog)) == 2)
    assert access_lines(caplog) == [
        "503 GET /closed (127.0.0.1) 0ms: refused by the server (opening hours)",
        "200 GET /open (127.0.0.1) 0ms"]


@pytest.mark.parametrize("length", [1, 65536])
def test_connection_goes_on_after_a_short_body(served, length):
    """Which is dropped, and is not taken for the next request."""
    with served.connect() as connection:
        for path, status in (("/closed", 503), ("/open", 200), ("/closed", 503)):
            answer = connection.post(path, b"x" * length)
            assert answer.status == status and "connection" not in answer.headers
    assert served.application.refused == {"opening hours": 2}


def test_pipelined_requests_are_answered_in_their_order(served):
    with served.connect() as connection:
        connection.send(request_bytes("POST", "/closed", b"body")
                        + request_bytes("GET", "/closed") + request_bytes("POST", "/open", b"abc"))
        assert [connection.read_answer().status for _ in range(3)] == [503, 503, 200]


def test_client_that_is_still_sending_a_long_body_gets_the_answer(served):
    """It reads only when it has sent everything, and gets no reset."""
    with served.connect() as connection:
        check_refused(connection.post("/closed", b"x" * 900000))


def test_client_that_is_still_sending_a_chunked_body_gets_the_answer(served):
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    with served.connect() as connection:
        connection.send(b"POST /closed HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        connection.send(chunk * 10 + b"0\r\n\r\n")
        check_refused(connection.read_answer())


def test_client_that_waits_for_100_gets_the_refusal_and_no_100(served):
    """And sends no body, so that the connection ends."""
    with served.connect() as connection:
        connection.send(b"POST /closed HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                        b"Content-Length: 10\r\n\r\n")
        check_refused(connection.read_answer())
        assert connection.is_closed_by_peer()


def test_client_that_waits_for_100_gets_it_if_nothing_refuses(served):
    with served.connect() as connection:
        connection.send(b"POST /open HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                        b"Content-Length: 2\r\n\r\n")
        assert connection.read_answer().status == 100
        connection.send(b"ab")
        assert connection.read_answer().json == {"bytes": 2}


def test_client_that_leaves_within_the_body_is_logged_once(served, caplog):
    with served.connect() as connection:
        connection.send(b"POST /closed HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf")
    wait_until(lambda: access_lines(caplog))
    wait_until(lambda: served.application.requests_in_flight == 0)
    assert access_lines(caplog) == ["499 POST /closed (127.0.0.1) 0ms: "
                                    "the connection ended before the request was complete"]


@pytest.mark.parametrize("body", [None, b"x" * 10, b"x" * 900000])
def test_check_that_fails_is_500_with_an_incident(served, caplog, body):
    """A mistake of the service does not let a request in, and tells nothing of itself."""
    with served.connect() as connection:
        connection.send(request_bytes("POST", "/broken", body))
        answer = connection.read_answer()
    assert answer.status == 500
    assert set(answer.json) == {"error", "incident"} and b"internals" not in answer.body
    assert any("Incident " + answer.json["incident"] in r.getMessage() and r.exc_info
               for r in caplog.records)


def test_refusal_has_the_error_envelope_of_the_application(serve):
    with serve(lambda: make_app(error_handler=OwnErrors)) as served:
        with served.connect() as connection:
            assert connection.get("/closed").json == {"own": [503, "closed for today"]}


class SlowErrors(service.ErrorHandler):
    @gen.coroutine
    def prepare(self):
        yield gen.moment
        yield gen.moment
        super(SlowErrors, self).prepare()


@pytest.mark.parametrize("request_", [
    request_bytes("POST", "/closed", b"x" * 70000),
    request_bytes("POST", "/closed", b"x" * 10),
    request_bytes("GET", "/closed"),
    b"POST /closed HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n",
], ids=["long", "short", "none", "expects"])
def test_error_handler_with_a_coroutine_as_prepare_answers_refusals(serve, request_):
    """Nothing of the request is read and no 100 is sent before it has answered."""
    with serve(lambda: make_app(error_handler=SlowErrors)) as served:
        with served.connect() as connection:
            connection.send(request_)
            check_refused(connection.read_answer())
        wait_until(lambda: served.application.requests_in_flight == 0)


def test_refused_head_request_gets_no_body(served):
    with served.connect() as connection:
        connection.send(request_bytes("HEAD", "/closed"))
        assert connection.read_answer(without_body=True).status == 503
        assert connection.get("/open").status == 200


def test_check_may_give_the_request_attributes(serve):
    """Such as who sends it."""
    class Shows(service.JSONHandler):
        def get(self):
            self.write_json({"name": self.request.principal})

    def name(request):
        request.principal = request.headers["X-Name"]

    with serve(lambda: service.Application([("/", Shows)], head_checks=[name])) as served:
        with served.connect() as connection:
            connection.send(b"GET / HTTP/1.1\r\nHost: x\r\nX-Name: Eve\r\n\r\n")
            assert connection.read_answer().json == {"name": "Eve"}


def test_long_body_ends_the_connection_before_it_is_read(caplog):
    """On waterspout's server: nothing of the body is waited for."""
    with ServedApp(make_app) as served, served.connect() as connection:
        connection.send(
            b"POST /closed HTTP/1.1\r\nHost: x\r\nContent-Length: 65537\r\n\r\n")
        answer = connection.read_answer()
        check_refused(answer)
        assert answer.headers["connection"] == "close"
        assert connection.is_closed_by_peer()
    assert len(access_lines(caplog)) == 1
    assert served.application.requests_in_flight == 0
