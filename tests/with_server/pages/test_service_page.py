"""docs/service.md: its services run, and its tables and log lines are what the kit does."""

from __future__ import absolute_import, division, print_function

import io
import json
import logging
import os
import re
import unittest

import doc_pages
import pytest
from programs import wait_until
from raw_server import RawServer, answering, response
from served_app import ServedApp

from waterspout import exceptions, service
from waterspout._net import lingering
from waterspout._wire.message_limits import MessageLimits
from waterspout._wire.refusals import STATUS_CODES
from waterspout.service import upstream_failures
from waterspout.service._json_bodies import checks
from waterspout.service._processes import restart_policy, roll, service_plan
from waterspout.service._server import (
    drain,
    draining_server,
    server,
    tornado_request_delegate,
)
from waterspout.service._server.refusal_sentences import SENTENCES

PAGE = "docs/service.md"
BLOCKS = doc_pages.blocks(PAGE, "python")
HOSTS = [{"name": "web-1", "cpu": 4}]
ANSWER = json.dumps({"code": 0, "data": {"list": HOSTS}}).encode("ascii")


def text():
    with io.open(os.path.join(doc_pages.ROOT, PAGE), encoding="utf-8") as file:
        return re.sub(r"\s+", " ", file.read())


def block_with(words):
    (found,) = [block for block in BLOCKS if words in block.source]
    return found


@pytest.fixture
def upstream():
    with RawServer(answering(response(ANSWER), response(status=500))) as upstream:
        yield upstream


def program(style, upstream):
    """The service of the page; the one with `yield` takes the rest from the one with `await`."""
    names = {"__name__": "example"}
    with_await = block_with("async def search")
    if style == "await":
        doc_pages.run(with_await, names, [("127.0.0.1:8079", upstream.address)])
        return names
    with_yield = block_with("raise gen.Return")
    rest = with_await.source[with_await.source.index("def make_app"):]
    both = with_yield._replace(source=with_yield.source + "\n\n" + rest)
    doc_pages.run(both, names, [("127.0.0.1:8079", upstream.address)])
    return names


STYLES = [
    pytest.param("await", marks=pytest.mark.skipif(str is bytes, reason="await is Python 3")),
    "yield",
]


@pytest.mark.parametrize("style", STYLES)
def test_the_service_answers_with_what_the_upstream_says(style, upstream):
    """200 with the hosts, 502 for an error of the upstream, 400 for a body that is no object."""
    with ServedApp(program(style, upstream)["make_app"]) as served:
        with served.connect() as connection:
            answer = connection.post("/search/HOST", b'{"cpu": {"$gte": 4}}')
            assert (answer.status, answer.json) == (200, {"hosts": HOSTS})
            (sent,) = upstream.received
            assert json.loads(sent.body.decode("ascii")) == {"query": {"cpu": {"$gte": 4}}}
            assert dict(sent.headers)["org"] == "777777"
            answer = connection.post("/search/HOST", b"{}")
            assert answer.status == 502
            assert answer.json == {"error": "the upstream service answered with an error"}
            answer = connection.post("/search/HOST", b"[]")
            assert answer.status == 400
            (shown,) = [block.source for block in doc_pages.blocks(PAGE, "json")]
            assert answer.json == json.loads(shown)


def test_refusals_are_answered_as_the_page_says():
    """A status, a reason and header fields of one's own."""
    names = {}
    doc_pages.run(block_with("class HostHandler"), names)
    routes = [("/(.*)", names["HostHandler"])]
    with ServedApp(lambda: service.Application(routes)) as served:
        with served.connect() as connection:
            assert connection.get("/-x").status == 400
            answer = connection.get("/x")
            assert (answer.status, answer.headers["retry-after"]) == (503, "5")


def test_envelope_of_the_page_is_used_for_unknown_paths():
    """`error_handler` gives 404 the shape of the handlers' errors."""
    names = {}
    doc_pages.run(block_with("class Enveloped("), names)
    with ServedApp(names["make_app"]) as served, served.connect() as connection:
        for path, status in (("/nowhere", 404), ("/", 405)):
            answer = connection.get(path)
            assert answer.json["code"] == answer.status == status
            assert answer.json["data"] is None


def test_the_test_case_of_the_page_passes():
    """The recipe for testing a service."""
    names = {}
    doc_pages.run(block_with("class EchoTest"), names)
    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(names["EchoTest"]).run(result)
    assert (result.testsRun, result.failures, result.errors) == (1, [], [])


def test_access_log_lines_look_as_on_the_page(caplog):
    """Apart from times and addresses."""
    caplog.set_level(logging.INFO, logger="tornado.access")
    with ServedApp(lambda: service.Application([])) as served:
        with served.connect() as connection:
            connection.get("/search/HOST?token=hidden")
        (line,) = wait_until(
            lambda: [r.getMessage() for r in caplog.records if r.name == "tornado.access"]
        )
        with served.connect() as connection:
            connection.send(b"POST /search/HOST HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n")
            wait_until(lambda: served.application.requests_in_flight)
        broken = wait_until(
            lambda: [r.getMessage() for r in caplog.records if "complete" in r.getMessage()]
        )[0]
        with served.connect() as connection:
            connection.send(b"POST /search/HOST HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n")
        refused = wait_until(
            lambda: [r.getMessage() for r in caplog.records if "refused" in r.getMessage()]
        )[0]
    shown = [shape(each) for block in doc_pages.blocks(PAGE, "text")
             for each in block.source.splitlines() if "/search/HOST" in each]
    assert shape(line.replace("404 GET", "200 POST")) in shown
    assert shape(broken) in shown
    assert shape(refused) in shown


def shape(line):
    """The access log line without what differs from one request to the next."""
    line = re.sub(r"^.* (?=\d{3} [A-Z]+ /)", "", line)
    line = re.sub(r"id=[0-9a-f]{32}", "id=(id)", line)
    return re.sub(r"\d+\.\d+ms", "0.0ms", re.sub(r"\([\d.]+\)", "(address)", line))


@pytest.mark.parametrize("name", ["QueueFull", "PoolTimeout", "ConnectError", "JSONDecodeError",
                                  "HTTPError"])
def test_table_of_upstream_failures_has_status_and_sentence(name):
    """As `upstream_failure` gives them."""
    (status, why), = [
        (status, why) for error, status, why in upstream_failures.MEANINGS
        if error is getattr(exceptions, name)
    ]
    assert "| `%s` | %d | %s |" % (name, status, why % "the upstream service") in text()


@pytest.mark.parametrize("kind", sorted(STATUS_CODES))
def test_table_of_refusals_has_every_kind_with_status_and_sentence(kind):
    """Apart from requests that are cut short, which get no response."""
    assert ("| `%s` |" % kind in text()) is (kind != "incomplete")
    if kind in SENTENCES:
        assert "| %d | `%s` | %s |" % (STATUS_CODES[kind], kind, SENTENCES[kind]) in text()


@pytest.mark.parametrize(
    "sentence, value",
    [
        ("| `Application(max_body_bytes=)` | 10 MiB |", service.MAX_BODY_BYTES / 2.0 ** 20 == 10),
        ("| request line | 8 KiB |", server.MAX_START_LINE_BYTES == 8 * 1024),
        ("| request line and header fields together | 64 KiB |", MessageLimits.HEAD_BYTES == 65536),
        ("| number of header fields | 100 |", server.MAX_HEADER_FIELDS == 100),
        ("| time for a request's head, from its first byte | 60 s |",
         server.Server.head_timeout == 60),
        ("| time in which a client takes no byte of its response | 60 s |",
         server.Server.send_timeout == 60),
        ("| reading on after a refusal | 5 s without a byte, 30 s and 32 MiB in all |",
         (lingering.SILENCE_SECONDS, lingering.LINGERING_SECONDS) == (5, 30)),
        ("for 30 s and 32 MiB at most", lingering.LINGERING_BYTES == 32 * 2 ** 20),
        ("up to 32 MiB beyond the limit", tornado_request_delegate.DROPPED_BYTES == 32 * 2 ** 20),
        ("| `serve(drain_timeout=)` | 30 s |", service.DRAIN_TIMEOUT == 30),
        ("| idle connection | 75 s |", draining_server.IDLE_TIMEOUT == 75),
        ("| time for a request's body | 60 s |", draining_server.BODY_TIMEOUT == 60),
        ("| idle connection while the service stops | 0.5 s |", drain.IDLE_GRACE == 0.5),
        ("| shutdown callbacks | 5 s |", service_plan.SHUTDOWN_TIMEOUT == 5),
        ("| 1 KiB; 8 KiB |", MessageLimits.CHUNK_LINE_BYTES == 1024),
        ("| 1 KiB; 8 KiB |", MessageLimits.TRAILER_BYTES == 8 * 1024),
        ("| 64; 4300 |", (checks.MAX_DEPTH, checks.MAX_INTEGER_DIGITS) == (64, 4300)),
        ("after 0.1 s, 0.2 s, 0.4 s", restart_policy.FIRST_DELAY == 0.1),
        ("each has failed six times in a row to start", restart_policy.MAX_FAILED_STARTS + 1 == 6),
        ("up to 5 s; a worker that has served for 10 s",
         (restart_policy.LONGEST_DELAY, restart_policy.HEALTHY_AFTER) == (5, 10)),
        ("not ready after 120 s", roll.START_TIMEOUT == 120),
    ],
)
def test_numbers_on_the_page_are_those_of_the_kit(sentence, value):
    """Defaults, limits and delays."""
    assert sentence in text()
    assert value
