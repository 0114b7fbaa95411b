"""What the span of a service's request has, however the request ends."""

from __future__ import absolute_import, division, print_function

import pytest
from programs import wait_until
from raw_client import request_bytes
from served_app import ServedApp
from tornado.locks import Event

from waterspout import service

pytest.importorskip("opentelemetry.sdk")

from opentelemetry import trace  # noqa: E402
from opentelemetry.trace import StatusCode  # noqa: E402
from recorded_spans import RecordedSpans, kind  # noqa: E402

from waterspout.instrumentation.otel import OpenTelemetryObserver  # noqa: E402


class ThingHandler(service.JSONHandler):
    def get(self, name):
        self.write_json({"is": "here"})

    def post(self, name):
        raise RuntimeError(name)


class PartHandler(service.JSONHandler):
    """Fails when a part of the response was sent."""

    async def get(self):
        self.set_header("Content-Length", "1000")
        self.write("x")
        await self.flush()
        raise RuntimeError()


class HeldHandler(service.JSONHandler):
    """Answers when the test says so."""

    async def get(self):
        self.application.reached = True
        await self.application.event.wait()
        self.write_json({})


@pytest.fixture(params=service.HTTP_SERVERS)
def served(request):
    """A service; ``spans`` are those of its requests."""
    spans = RecordedSpans()
    observer = spans.observer()

    def make():
        application = service.Application(
            [("/thing/(.*)", ThingHandler), ("/held", HeldHandler), ("/part", PartHandler)],
            observers=[observer])
        application.reached, application.event = False, Event()
        return application

    with ServedApp(make, http_server=request.param) as served:
        served.spans = spans
        yield served
    assert observer._requests == {}


def test_a_request(served):
    """Without its query, which may be secret."""
    with served.connect() as connection:
        connection.send(request_bytes("GET", "/thing/a?token=s3cret", headers=[
            ("User-Agent", "test/1"), ("X-Request-ID", "r1"), ("Cookie", "s3cret")]))
        assert connection.read_answer().status == 200
    span = served.spans.only()
    assert (kind(span), span.name) == ("SERVER", "GET /thing/(.*)")
    assert dict(span.attributes) == {
        "client.address": "127.0.0.1",
        "http.request.method": "GET",
        "http.response.body.size": 13,
        "http.response.status_code": 200,
        "http.route": "/thing/(.*)",
        "network.protocol.version": "1.1",
        "server.address": "test",
        "server.port": 80,
        "url.path": "/thing/a",
        "url.scheme": "http",
        "user_agent.original": "test/1",
        "waterspout.request_id": "r1",
    }
    assert span.status.status_code is StatusCode.UNSET
    assert "s3cret" not in span.to_json()


@pytest.mark.parametrize("method, path, status, name", [
    ("GET", "/nowhere", 404, "GET"), ("POST", "/thing/a", 500, "POST /thing/(.*)"),
    ("DELETE", "/thing/a", 405, "DELETE /thing/(.*)"), ("BREW", "/nowhere", 404, "HTTP")])
def test_the_status(served, method, path, status, name):
    """Only the service's own faults are errors."""
    with served.connect() as connection:
        connection.send(request_bytes(method, path, b""))
        assert connection.read_answer().status == status
    span = served.spans.only()
    assert span.name == name
    assert span.attributes["http.response.status_code"] == status
    failed = status >= 500
    assert span.status.status_code is (StatusCode.ERROR if failed else StatusCode.UNSET)
    assert span.attributes.get("error.type") == ("500" if failed else None)
    assert ("http.request.method_original" in span.attributes) == (method == "BREW")


def test_a_client_that_has_left(served):
    """No status was sent."""
    with served.connect() as connection:
        connection.send(request_bytes("GET", "/held"))
        wait_until(lambda: served.application.reached, "the request")
    served.wait_until_clients_left()
    served.call(served.application.event.set)
    span = served.spans.only()
    assert span.status.status_code is StatusCode.ERROR
    assert span.attributes["error.type"] == "client_left"
    assert "http.response.status_code" not in span.attributes


def test_a_response_that_was_cut_off(served):
    """The client got a status, and not the body."""
    with served.connect() as connection:
        connection.send(request_bytes("GET", "/part"))
        connection.read_answer(without_body=True)
    span = served.spans.only()
    assert span.status.status_code is StatusCode.ERROR
    assert span.attributes["error.type"] == "cut_off"
    assert span.attributes["http.response.status_code"] == 200
    assert "http.response.body.size" not in span.attributes


def test_a_request_that_is_not_complete(served):
    with served.connect() as connection:
        connection.send(b"POST /thing/a HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\nabc")
        wait_until(lambda: served.application.requests_in_flight == 1, "the head")
    span = served.spans.only()
    assert span.attributes["error.type"] == "client_left"
    assert span.name == "POST"


@pytest.mark.parametrize("host, address, port", [
    ("a.example:8080", "a.example", 8080), ("a.example", "a.example", 80),
    ("[::1]:81", "::1", 81), ("[::1]", "::1", 80)])
def test_the_host(served, host, address, port):
    with served.connect() as connection:
        connection.send(b"GET /thing/a HTTP/1.1\r\nHost: %s\r\n\r\n" % host.encode())
        assert connection.read_answer().status == 200
    attributes = served.spans.only().attributes
    assert (attributes["server.address"], attributes["server.port"]) == (address, port)


def test_a_refused_request(served):
    """It has a span, too, without a route."""
    with served.connect() as connection:
        connection.send(b"GET /thing/a HTTP/1.1\r\n\r\n")
        assert connection.read_answer().status == 400
    span = served.spans.only()
    assert span.attributes["http.response.status_code"] == 400
    assert span.status.status_code is StatusCode.UNSET


def test_no_request_is_the_child_of_what_has_started_the_server():
    spans = RecordedSpans()
    tracer = spans.provider.get_tracer("test")

    def make():
        # As if the program had been started within a span.
        trace.use_span(tracer.start_span("start")).__enter__()
        return service.Application([("/thing/(.*)", ThingHandler)], observers=[spans.observer()])

    with ServedApp(make) as served, served.connect() as connection:
        connection.get("/thing/a")
        assert spans.only().parent is None


def test_many_requests_without_an_sdk():
    """Nothing is kept of them."""
    observer = OpenTelemetryObserver(trace.NoOpTracerProvider())
    with ServedApp(lambda: service.Application(
            [("/thing/(.*)", ThingHandler)], observers=[observer])) as served:
        with served.connect() as connection:
            for _ in range(100):
                assert connection.get("/thing/a").status == 200
    assert observer._requests == {}
