"""Requests that the server refuses: a response in JSON, a line in the access log, a counter."""

from __future__ import absolute_import, division, print_function

import logging
import re

import pytest
from programs import wait_until
from served_app import ServedApp

from waterspout import service
from waterspout._wire.refusals import STATUS_CODES
from waterspout.service._server import draining_server
from waterspout.service._server.refusal_sentences import SENTENCES

#: In the query, in field values and in the body. It must not come back, nor reach the log.
SECRET = b"hunter2"

POST = b"POST /echo?token=hunter2 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer hunter2\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"

#: For each kind of refusal requests that are refused for it.
REFUSED = {
    "request line": [b"POST /echo?token=hunter2\r\nHost: x\r\n\r\n",
                     b"\x16\x03\x01hunter2\r\n\r\n"],
    "target size": [b"GET /" + b"a" * 9000 + b"?hunter2 HTTP/1.1\r\nHost: x\r\n\r\n"],
    "target": [b"GET http://user:hunter2@x/ HTTP/1.1\r\nHost: x\r\n\r\n",
               b"GET hunter2 HTTP/1.1\r\nHost: x\r\n\r\n"],
    "version": [b"GET /echo?hunter2 HTTP/2.0\r\nHost: x\r\n\r\n"],
    "line end": [b"GET /echo HTTP/1.1\r\nHost: x\nX: hunter2\r\n\r\n"],
    "field": [POST + b"hunter2 without a colon\r\n\r\n", POST + b"X : hunter2\r\n\r\n",
              POST + b"X: a\r\n hunter2\r\n\r\n"],
    "head size": [POST + b"X: " + SECRET * 10000 + b"\r\n\r\n"],
    "field count": [POST + b"X: hunter2\r\n" * 100 + b"\r\n"],
    "host": [POST + b"Host: hunter2\r\n\r\n", b"GET /echo HTTP/1.1\r\n\r\n",
             b"GET /echo HTTP/1.1\r\nHost: user:hunter2@x\r\n\r\n"],
    "connection": [POST + b"Connection: hunter2\xff\r\n\r\n"],
    "content-length": [POST + b"Content-Length: hunter2\r\n\r\n",
                       POST + b"Content-Length: 7\r\nContent-Length: 7\r\n\r\nhunter2"],
    "transfer-encoding": [POST + b"Transfer-Encoding: chunked, hunter2\r\n\r\n"],
    "unsupported coding": [POST + b"Transfer-Encoding: hunter2, chunked\r\n\r\n"],
    "chunk": [CHUNKED + b"hunter2\r\n"],
    "trailer": [CHUNKED + b"0\r\nhunter2\r\n\r\n"],
    "trailer size": [CHUNKED + b"0\r\n" + b"X: hunter2\r\n" * 2000 + b"\r\n"],
    "body size": [POST + b"Content-Length: 1001\r\n\r\nhunter2"],
    "expectation": [POST + b"Expect: hunter2\r\n\r\n"],
}

CASES = [(kind, data) for kind in sorted(REFUSED) for data in REFUSED[kind]]


class EchoHandler(service.JSONHandler):
    def post(self):
        self.write_json({"body": self.body.decode("latin1")})

    get = post


def make_app():
    return service.Application([("/echo", EchoHandler)], max_body_bytes=1000)


@pytest.fixture
def caplog(caplog):
    """Has every line from INFO on."""
    for name in ("tornado.access", "tornado.general", "tornado.application", "waterspout"):
        caplog.set_level(logging.INFO, logger=name)
    return caplog


@pytest.fixture
def served(caplog):
    with ServedApp(make_app) as served:
        yield served
        wait_until(lambda: served.application.requests_in_flight == 0)
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR] == []


def access_line(caplog):
    (line,) = wait_until(
        lambda: [r.getMessage() for r in caplog.records if r.name == "tornado.access"])
    return re.sub(r"[\d.]+ms id=[0-9a-f]{32}:", "0ms:", line)


def refused(served):
    return served.server.stats()["refused"]


@pytest.mark.parametrize("kind, data", CASES)
def test_refused_request_is_answered_logged_and_counted(served, caplog, kind, data):
    """Nothing of its fields, its query and its body is repeated."""
    with served.connect() as connection:
        connection.send(data)
        answer = connection.read_answer()
        assert answer.status == STATUS_CODES[kind]
        assert answer.headers["connection"] == "close"
        why = SENTENCES.get(kind, "the body is longer than the 1000 bytes accepted here")
        assert answer.json == {"error": why}
        assert connection.is_closed_by_peer()
    line = access_line(caplog)
    assert re.match(
        r"%d (GET|POST|-) (/echo|/a+|-) \(127.0.0.1\) 0ms: refused by the server \(%s\)\Z"
        % (answer.status, kind), line), line
    assert refused(served) == {kind: 1}
    assert SECRET not in answer.body and "hunter2" not in caplog.text


def test_every_kind_of_refusal_is_tested_and_has_a_sentence():
    """Apart from kinds that no bytes cause, and those that need none."""
    kinds = set(STATUS_CODES) - {"incomplete"}
    assert kinds - set(REFUSED) == {"head time", "body time", "application"}
    assert kinds - set(SENTENCES) == {"body size"}
    assert set(STATUS_CODES[kind] for kind in kinds) == {400, 408, 413, 414, 417, 431, 501, 505}


def test_head_that_takes_too_long_is_408(served, caplog, monkeypatch):
    """RFC 9110 section 15.5.9."""
    monkeypatch.setattr(served.server, "head_timeout", 0.05)
    with served.connect() as connection:
        connection.send(POST)
        answer = connection.read_answer()
        assert answer.status == 408
        assert answer.json == {"error": "the header fields did not arrive in time"}
        assert connection.is_closed_by_peer()
    assert access_line(caplog) == "408 - - (127.0.0.1) 0ms: refused by the server (head time)"
    assert refused(served) == {"head time": 1}


def test_body_that_takes_too_long_is_408(caplog, monkeypatch):
    """RFC 9110 section 15.5.9."""
    monkeypatch.setattr(draining_server, "BODY_TIMEOUT", 0.05)
    with ServedApp(make_app) as served, served.connect() as connection:
        connection.send(POST + b"Content-Length: 8\r\n\r\nhunter2")
        answer = connection.read_answer()
        assert (answer.status, answer.json) == (408, {"error": "the body did not arrive in time"})
        assert connection.is_closed_by_peer()
        assert refused(served) == {"body time": 1}
    line = access_line(caplog)
    assert line == "408 POST /echo (127.0.0.1) 0ms: refused by the server (body time)"


@pytest.mark.parametrize("method", [b"PROPFIND", b"BREW", b"__init__"])
def test_refusal_has_its_status_for_any_method(served, method):
    """Also for one that Tornado does not know."""
    with served.connect() as connection:
        connection.send(method + b" /echo HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n")
        assert connection.read_answer().status == 400


def test_refused_head_request_gets_no_body(served):
    """Otherwise its client would take the body for the next response."""
    with served.connect() as connection:
        connection.send(b"HEAD /echo HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n")
        assert connection.read_answer(without_body=True).status == 400
        assert connection.is_closed_by_peer()


def test_refusal_of_a_pipelined_request_follows_the_responses_before_it(served):
    """In their order, on the same connection."""
    with served.connect() as connection:
        connection.send(b"GET /echo HTTP/1.1\r\nHost: x\r\n\r\nnonsense\r\n\r\n")
        assert [connection.read_answer().status for _ in range(2)] == [200, 400]
        assert connection.is_closed_by_peer()


def test_request_that_is_cut_short_is_counted(served):
    """Its client does not read a response any more."""
    with served.connect() as connection:
        connection.send(POST + b"Content-Length: 10\r\n\r\nhalf")
    wait_until(lambda: refused(served) == {"incomplete": 1})
