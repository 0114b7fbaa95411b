"""Limits of an application on each HTTP server: what is refused before its body is read."""

from __future__ import absolute_import, division, print_function

import logging
import re
import socket
import struct

import pytest
from programs import wait_until
from raw_client import request_bytes
from served_app import ServedApp
from tornado import gen
from tornado.concurrent import Future
from tornado.locks import Event

from waterspout import service

MiB = 1024 * 1024


class WaitHandler(service.JSONHandler):
    """Answers when the test says so; ``/fail`` then raises."""

    go = None

    @gen.coroutine
    def get(self):
        yield self.settings["go"].wait()
        if self.request.path == "/fail":
            raise ValueError("a bug")
        self.write_json({"bytes": len(self.body)})

    post = get


def header_tenant(request):
    return request.headers.get("X-Tenant")


class Limited(object):
    """A served application with limits, whose handlers wait until `go`."""

    def __init__(self, serve, **limits):
        limits.setdefault("tenant", header_tenant)
        self._connections = []
        self.served = serve(lambda: service.Application(
            [("/.*", WaitHandler)], go=Event(), overload=service.Overload(**limits)))

    def __enter__(self):
        self.served.__enter__()
        return self

    def __exit__(self, *exc_info):
        self.go()
        if exc_info[0] is None:
            wait_until(lambda: self.served.application.requests_in_flight == 0)
            stats = self.stats()
            stats.pop("rate_tenants", None)
            assert set(stats.values()) <= {0}, stats
        for connection in self._connections:
            connection.socket.close()
        self.served.__exit__(*exc_info)

    def go(self):
        self.served.call(self.served.application.settings["go"].set)

    def stats(self):
        return self.served.application.admission.stats()

    def connect(self):
        self._connections.append(self.served.connect())
        return self._connections[-1]

    def begin(self, tenant="a", method="GET", path="/x", body=None):
        """Send a request, and return its connection."""
        connection = self.connect()
        connection.send(request_bytes(method, path, body, [("X-Tenant", tenant)]))
        return connection

    def wait_for(self, **numbers):
        wait_until(lambda: all(self.stats()[name] == numbers[name] for name in numbers), numbers)


@pytest.fixture
def limited(serve):
    return lambda **limits: Limited(serve, **limits)


def check_refused(connection, status, error):
    answer = connection.read_answer()
    assert (answer.status, answer.json) == (status, {"error": error})
    assert answer.headers["retry-after"] == "1"
    assert re.match("[0-9a-f]{32}$", answer.headers["x-request-id"])


def test_further_request_is_refused_and_the_connection_stays(limited, caplog):
    caplog.set_level(logging.INFO, logger="tornado.access")
    with limited(max_requests=1) as app:
        first = app.begin()
        app.wait_for(requests_running=1)
        other = app.begin(method="POST", body=b"x" * 1000)
        check_refused(other, 503, "the service has too many requests to answer")
        wait_until(lambda: "refused by the server (overload)" in caplog.text)
        assert app.served.application.refused == {"overload": 1}
        app.go()
        assert first.read_answer().status == 200
        app.wait_for(requests_running=0)
        assert other.get("/x").status == 200


def test_tenant_with_too_many_requests_is_refused_and_others_are_served(limited):
    with limited(max_requests_per_tenant=1) as app:
        first = app.begin("a")
        app.wait_for(requests_running=1)
        check_refused(app.begin("a"), 429, "too many of your requests are under way")
        second = app.begin("b")
        app.wait_for(requests_running=2)
        app.go()
        assert [each.read_answer().status for each in (first, second)] == [200, 200]


def test_waiting_request_is_served_when_another_has_ended(limited):
    """With its body, which is read then."""
    with limited(max_requests=1, max_waiting=5, max_wait=60) as app:
        first = app.begin()
        app.wait_for(requests_running=1)
        second = app.begin(method="POST", body=b"x" * MiB)
        third = app.begin()
        app.wait_for(requests_waiting=2)
        app.go()
        assert first.read_answer().status == 200
        assert second.read_answer().json == {"bytes": MiB}
        assert third.read_answer().status == 200


def test_request_that_has_waited_too_long_is_refused(limited):
    with limited(max_requests=1, max_waiting=5, max_wait=0.05) as app:
        first = app.begin()
        app.wait_for(requests_running=1)
        check_refused(app.begin(), 503, "the service has too many requests to answer")
        long = app.begin(method="POST", body=b"x" * 100000)
        check_refused(long, 503, "the service has too many requests to answer")
        app.go()
        assert first.read_answer().status == 200


def test_client_that_leaves_while_it_waits_holds_no_place(limited):
    """Tornado's server notices that only when it is the request's turn."""
    with limited(max_requests=1, max_waiting=5, max_wait=60) as app:
        first = app.begin()
        app.wait_for(requests_running=1)
        leaves = app.begin(method="POST", body=b"x" * 100)
        app.wait_for(requests_waiting=1)
        leaves.socket.close()
        app.go()
        assert first.read_answer().status == 200
        app.wait_for(requests_running=0, requests_waiting=0)
        assert app.begin().read_answer().status == 200


def test_client_that_leaves_during_another_check_takes_no_place():
    """By a reset, since the server does not notice another end before the check is done."""
    asked, turns = [], []

    def ask_another(request):
        if request.path == "/slow":
            asked.append(Future())
            return asked[-1]

    def make_app():
        return service.Application(
            [("/.*", WaitHandler)], go=go, head_checks=[ask_another],
            overload=service.Overload(max_requests=1))

    go = Event()
    go.set()
    with ServedApp(make_app) as served, served.connect() as stays:
        leaves = served.connect()
        leaves.send(request_bytes("GET", "/slow"))
        wait_until(lambda: asked)
        leaves.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        leaves.socket.close()
        wait_until(lambda: served.application.requests_in_flight == 0)
        served.call(lambda: asked[0].set_result(None))
        for count in range(1, 6):  # The loop goes on with what waits for the check.
            served.call(lambda: turns.append(None))
            wait_until(lambda count=count: len(turns) == count)
        stays.send(request_bytes("GET", "/"))
        assert stays.read_answer().status == 200


def test_rate_of_a_tenant_is_limited(limited):
    with limited(rate_limit=service.RateLimit(0.01, burst=2)) as app:
        app.go()
        statuses = [app.begin(tenant).read_answer().status for tenant in "aaabba"]
        assert statuses == [200, 200, 429, 200, 200, 429]
        answer = app.begin("a").read_answer()
        assert 90 <= int(answer.headers["retry-after"]) <= 100
        assert answer.json == {"error": "you send more requests than you may"}


NO_MEMORY = "the service has too many large requests to answer"


def test_bodies_beyond_the_memory_are_refused_before_they_arrive(limited):
    """And small ones are served."""
    with limited(max_body_bytes_in_flight=10 * MiB) as app:
        first = app.begin(method="POST", body=b"x" * 10 * MiB)
        app.wait_for(body_bytes=10 * MiB)
        late = app.connect()
        late.send(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n"
                  b"Expect: 100-continue\r\n\r\n")
        check_refused(late, 503, NO_MEMORY)
        small = app.begin(method="POST", body=b"x" * 60000)
        app.wait_for(body_bytes=10 * MiB + 60000)
        app.go()
        assert first.read_answer().json == {"bytes": 10 * MiB}
        assert small.read_answer().json == {"bytes": 60000}


def test_chunked_body_beyond_the_memory_is_refused_as_it_arrives(limited):
    """Its client, which is still sending, gets the answer."""
    with limited(max_body_bytes_in_flight=10 * MiB) as app:
        first = app.begin(method="POST", body=b"x" * 10 * MiB)
        app.wait_for(body_bytes=10 * MiB)
        chunked = app.connect()
        chunked.send(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        chunked.send((b"10000\r\n" + b"x" * 65536 + b"\r\n") * 20 + b"0\r\n\r\n")
        check_refused(chunked, 503, NO_MEMORY)
        app.go()
        assert first.read_answer().status == 200


def test_nothing_is_held_after_errors_departures_and_cut_offs(limited):
    """`Limited` checks the counters at the end."""
    with limited(max_requests=20, max_requests_per_tenant=20, max_body_bytes_in_flight=10 * MiB,
                 rate_limit=service.RateLimit(1000)) as app:
        fails = app.begin(path="/fail")
        leaves = app.begin()
        half = app.connect()
        half.send(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nhalf")
        chunks = app.connect()
        chunks.send(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello")
        app.wait_for(requests_running=4, body_bytes=100005)
        for connection in (leaves, half, chunks):
            connection.socket.close()
        app.wait_for(requests_running=2)
        app.go()
        assert fails.read_answer().status == 500


def test_malformed_body_gives_its_place_back():
    with Limited(ServedApp, max_requests=5, max_body_bytes_in_flight=10 * MiB) as app:
        bad = app.connect()
        bad.send(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                 b"5\r\nhello\r\nx\r\n")
        assert bad.read_answer().status == 400
        app.wait_for(requests_running=0, body_bytes=0)


def test_body_that_is_too_long_gives_its_place_back(limited):
    with limited(max_requests=5, max_body_bytes_in_flight=10 * MiB) as app:
        long = app.begin(method="POST", body=b"x" * (10 * MiB + 1))
        assert long.read_answer().status in (413, 503)
        app.wait_for(requests_running=0, body_bytes=0)


def test_requests_that_wait_when_the_service_stops_are_answered():
    """A stop loses none of them."""
    with Limited(ServedApp, max_requests=1, max_waiting=5, max_wait=60) as app:
        first = app.begin()
        app.wait_for(requests_running=1)
        second = app.begin(method="POST", body=b"x" * 100000)
        app.wait_for(requests_waiting=1)
        app.served.stop()
        app.go()
        assert first.read_answer().status == 200
        answer = second.read_answer()
        assert answer.status == 200 and answer.headers["connection"] == "close"
