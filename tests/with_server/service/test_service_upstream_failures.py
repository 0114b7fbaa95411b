"""How clients see errors of upstream calls that a handler does not catch."""

from __future__ import absolute_import, division, print_function

import logging
import re

import pytest
from client_fixtures import Client
from served_app import ServedApp
from tornado import gen, web

import waterspout
from waterspout import exceptions, service
from waterspout.testing import AppTransport, MockTransport


class RaisesHandler(service.JSONHandler):
    """Raises what its class attribute holds."""

    error = None

    def get(self):
        raise self.error


class CallsHandler(service.JSONHandler):
    """Calls an upstream service and catches nothing."""

    def initialize(self, sdk):
        self.sdk = sdk

    @gen.coroutine
    def get(self):
        answer = yield self.sdk.fetch_async("GET", "/secret-path?token=hidden")
        self.write_json(answer)


class OwnEnvelopeHandler(RaisesHandler):
    def error_body(self, status, message, exception=None, incident=None):
        return {"code": status, "said": message, "kind": type(exception).__name__}


@pytest.fixture
def connection():
    routes = [("/", RaisesHandler), ("/own", OwnEnvelopeHandler)]
    with ServedApp(lambda: service.Application(routes)) as served, served.connect() as connection:
        yield connection


@pytest.mark.parametrize(
    "error, status, message",
    [
        (exceptions.QueueFull("x"), 503, "too many calls to the upstream service are waiting"),
        (exceptions.BulkheadFull("x"), 503,
         "too many calls to the upstream service are under way"),
        (exceptions.CircuitOpen("x"), 503,
         "the upstream service is not called for a while, since it fails too often"),
        (exceptions.PoolTimeout("x"), 504,
         "no connection to the upstream service came free in time"),
        (exceptions.ReadTimeout("x"), 504, "the upstream service did not answer in time"),
        (exceptions.ConnectTimeout("x"), 504, "the upstream service did not answer in time"),
        (exceptions.DeadlineExceeded("x"), 504, "the upstream service did not answer in time"),
        (exceptions.ConnectError("x"), 502, "the upstream service cannot be reached"),
        (exceptions.SSLError("x"), 502, "the connection to the upstream service broke"),
        (exceptions.JSONDecodeError("x"), 502, "the answer of the upstream service is not JSON"),
        (exceptions.ResponseTooLarge("x"), 502,
         "the answer of the upstream service is larger than what is accepted here"),
        (exceptions.HTTPError("x"), 502, "the upstream service answered with an error"),
        (exceptions.RequestException("x"), 502, "the call to the upstream service failed"),
    ],
)  # fmt: skip
def test_uncaught_error_of_a_call_has_its_status_and_one_line(
    connection, caplog, error, status, message
):
    """It is not a bug: no incident, no traceback, nothing internal for the client."""
    RaisesHandler.error = error
    answer = connection.get("/")
    assert (answer.status, answer.json) == (status, {"error": message})
    (record,) = [r for r in caplog.records if r.name == "waterspout.service"]
    assert (record.levelno, record.exc_info) == (logging.WARNING, None)
    assert record.getMessage() == "RaisesHandler.get failed with %d id=%s: %s: x" % (
        status, answer.headers["x-request-id"], type(error).__name__)


@pytest.mark.parametrize("seconds, value", [
    (0.0, "1"), (0.2, "1"), (1.0, "1"), (1.01, "2"), (29.5, "30"),
])
def test_open_circuit_says_when_to_come_back(connection, seconds, value):
    """In whole seconds, rounded up: earlier it would be refused again."""
    RaisesHandler.error = exceptions.CircuitOpen("http://10.1.2.3:8079 x")
    RaisesHandler.error.retry_after = seconds
    answer = connection.get("/")
    assert (answer.status, answer.headers["retry-after"]) == (503, value)
    assert "10.1.2.3" not in answer.json["error"]


@pytest.mark.parametrize(
    "error",
    [
        exceptions.InvalidURL("x"), exceptions.InvalidHeader("x"), exceptions.InvalidJSONError("x"),
        exceptions.LocalProtocolError("x"), exceptions.Unsupported("x"),
        waterspout.SessionClosed("x"),
    ],
)  # fmt: skip
def test_mistake_in_a_call_is_an_incident(connection, caplog, error):
    """No upstream service can cause it; the log has the traceback."""
    RaisesHandler.error = error
    answer = connection.get("/")
    assert answer.status == 500
    (record,) = [r for r in caplog.records if answer.json["incident"] in r.getMessage()]
    assert record.exc_info[1] is error


def test_error_body_gets_the_exception(connection):
    """The hook shapes these errors, too."""
    RaisesHandler.error = exceptions.ReadTimeout("x")
    assert connection.get("/own").json == {
        "code": 504, "said": "the upstream service did not answer in time", "kind": "ReadTimeout",
    }  # fmt: skip


@pytest.fixture
def ask(io_loop):
    """``ask(*respond)``: what a client gets if an upstream responds so to the handler's call."""
    def ask(*args, **kwargs):
        with MockTransport() as upstream:
            upstream.get("/secret-path").respond(*args, **kwargs)
            sdk = waterspout.BaseSDK("upstream.test", org=1, transport=upstream)
            application = service.Application([("/", CallsHandler, {"sdk": sdk})])
            client = Client(io_loop, AppTransport(application))
            response = client.get("http://service.test/")
            client.close()
            return response

    return ask


@pytest.mark.parametrize("status", [401, 429, 503])
def test_error_status_of_an_upstream_is_502(ask, status, caplog):
    """With its Retry-After; neither its challenge nor its address is passed on."""
    said = {"Retry-After": "7", "WWW-Authenticate": "Basic realm=x"}
    answer = ask(status, {}, headers=said)
    assert (answer.status_code, answer.headers["Retry-After"]) == (502, "7")
    assert "WWW-Authenticate" not in answer.headers
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert answer.json() == {"error": "the upstream service answered with an error"}
    assert re.search("CallsHandler.get failed with 502 id=[0-9a-f]{32}: HTTPError: ", caplog.text)
    assert "hidden" not in caplog.text and "Traceback" not in caplog.text


def test_log_line_has_the_beginning_of_an_error_response(ask, caplog):
    """On one line, without secrets that it quotes; the client gets nothing of it."""
    said = b'{"message":\r\n"no such kind: HOTS", "url": "/secret-path?token=hidden"}' + b"x" * 5000
    answer = ask(400, content=said)
    assert answer.json() == {"error": "the upstream service answered with an error"}
    (record,) = [r for r in caplog.records if r.name == "waterspout.service"]
    line = record.getMessage()
    assert '; the response begins with: {"message": "no such kind: HOTS", "url": ' in line
    assert "token=***" in line and "hidden" not in line
    assert not set("\r\n") & set(line) and len(line) < 600


def test_text_of_an_upstream_is_logged_on_one_line(connection, caplog):
    """It can neither forge a line nor fill the log."""
    RaisesHandler.error = exceptions.ReadError("bad\r\nERROR forged\x1b[31m" + "x" * 5000)
    assert connection.get("/").status == 502
    (record,) = [r for r in caplog.records if r.name == "waterspout.service"]
    line = record.getMessage()
    assert not set("\r\n\x1b") & set(line) and len(line) < 1500


@pytest.mark.parametrize(
    "status, phrase",
    [
        (308, b"Permanent Redirect"), (422, b"Unprocessable Content"), (423, b"Locked"),
        (413, b"Content Too Large"), (414, b"URI Too Long"), (416, b"Range Not Satisfiable"),
        (425, b"Too Early"), (428, b"Precondition Required"), (429, b"Too Many Requests"),
        (431, b"Request Header Fields Too Large"), (451, b"Unavailable For Legal Reasons"),
        (499, b"Client Closed Request"), (507, b"Insufficient Storage"), (404, b"Not Found"),
        (299, b"Unknown"),
    ],
)  # fmt: skip
def test_statuses_have_the_same_phrase_on_every_python(connection, status, phrase):
    """The phrases of RFC 9110; Python 2.7 has only those of RFC 2616."""
    RaisesHandler.error = web.HTTPError(status)
    connection.send(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    received = connection.socket.recv(65536)
    assert received.startswith(b"HTTP/1.1 %d %s\r\n" % (status, phrase))
