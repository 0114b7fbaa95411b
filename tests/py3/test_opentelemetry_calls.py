"""What the span of a call has, however the call ends."""

from __future__ import absolute_import, division, print_function

import asyncio
import contextlib
import gc
import logging
import types

import pytest
from raw_server import RawServer, answering, response

import waterspout

pytest.importorskip("opentelemetry.sdk")

from opentelemetry import context, trace  # noqa: E402
from opentelemetry.sdk.trace import sampling  # noqa: E402
from opentelemetry.trace import StatusCode  # noqa: E402
from recorded_spans import RecordedSpans, kind  # noqa: E402

from waterspout.instrumentation import ObservedRequest, RequestReceived  # noqa: E402
from waterspout.instrumentation.otel import OpenTelemetryObserver  # noqa: E402

SECRET = "s3cret"

#: A body that does not arrive before it is read.
LONG = b"x" * 10000000


@pytest.fixture
def spans():
    return RecordedSpans()


def calling(io_loop, observer, make_call, transport="pooled", **options):
    """Run ``make_call(session)``, a coroutine; nothing is kept of its calls afterwards."""
    async def run():
        async with waterspout.Session(
                transport=transport, observers=[observer], **options) as session:
            return await make_call(session)

    try:
        return io_loop.run_sync(run, timeout=30)
    finally:
        gc.collect()
        assert observer._calls == {}


def parent_of(headers):
    """What `traceparent` says: the trace, the span, and whether it is sampled."""
    _, trace_id, span_id, flags = dict(headers)["traceparent"].split("-")
    return int(trace_id, 16), int(span_id, 16), bool(int(flags, 16) & 1)


def redirecting(count):
    return [response(status=302, reason="Found", headers=[("Location", "/a%d" % index)])
            for index in range(count)]


def test_a_call_of_an_sdk(io_loop, spans):
    """Its template is in the name; neither path arguments nor the query are anywhere."""
    with RawServer(answering(response(b'{"a": 1}'))) as server:
        sdk = waterspout.BaseSDK(server.address, observers=[spans.observer()])
        io_loop.run_sync(lambda: sdk.fetch_async(
            "POST", "/object/{id}/_search?x=1", path={"id": SECRET}, params={"token": SECRET},
            json={}))
        io_loop.run_sync(sdk.close)
        host, port = server.address.split(":")
        headers = server.received[0].headers
    span = spans.only()
    assert (kind(span), span.name) == ("CLIENT", "POST /object/{id}/_search")
    assert span.status.status_code is StatusCode.UNSET
    attributes = dict(span.attributes)
    phases = [name for name in attributes if name.startswith("waterspout.phase.")]
    assert {"waterspout.phase.connect", "waterspout.phase.first_byte"} < set(phases)
    total = sum(attributes.pop(name) for name in phases)
    assert 0 < total <= (span.end_time - span.start_time) / 1e9
    assert attributes == {
        "http.request.method": "POST",
        "http.request.body.size": 2,
        "http.response.status_code": 200,
        "http.response.body.size": 8,
        "network.protocol.version": "1.1",
        "server.address": host,
        "server.port": int(port),
        "url.full": "http://%s/object/REDACTED/_search" % server.address,
        "url.template": "/object/{id}/_search",
        "waterspout.upstream": "BaseSDK",
        "waterspout.connection.reused": False,
    }
    assert SECRET not in span.to_json()
    assert parent_of(headers) == (span.context.trace_id, span.context.span_id, True)


def test_a_call_without_operation(io_loop, spans):
    """Observers know no path: the method alone names the span."""
    with RawServer(answering(response())) as server:
        calling(io_loop, spans.observer(), lambda session: session.get(server.url("/" + SECRET)))
        assert spans.only().name == "GET"
        assert spans.only().attributes["url.full"] == server.url("/REDACTED")
        assert "url.template" not in spans.only().attributes


@pytest.mark.parametrize("operation, template", [("/x/{a}", "/x/{a}"), ("find hosts", None)])
def test_the_operation_of_a_session(io_loop, spans, operation, template):
    """One that is no path is no template."""
    with RawServer(answering(response())) as server:
        calling(io_loop, spans.observer(),
                lambda session: session.get(server.url(), operation=operation))
    span = spans.only()
    assert span.name == "GET " + operation
    assert span.attributes.get("url.template") == template


@pytest.mark.parametrize("status, code", [
    (200, StatusCode.UNSET), (304, StatusCode.UNSET), (404, StatusCode.ERROR),
    (503, StatusCode.ERROR)])
def test_the_status(io_loop, spans, status, code):
    with RawServer(answering(response(status=status))) as server:
        calling(io_loop, spans.observer(), lambda session: session.get(server.url()))
    span = spans.only()
    assert span.attributes["http.response.status_code"] == status
    assert span.status.status_code is code
    assert span.attributes.get("error.type") == (str(status) if status >= 400 else None)


@pytest.mark.parametrize("transport", waterspout.TRANSPORTS)
def test_redirects_are_events(io_loop, spans, transport):
    """One span for the call; the servers of all hops are its children."""
    if transport == "curl":
        pytest.importorskip("pycurl")
    with RawServer(answering(*redirecting(2) + [response(b"{}")])) as server:
        calling(io_loop, spans.observer(), lambda session: session.get(server.url()), transport)
        sent = {parent_of(request.headers) for request in server.received}
        port = int(server.address.split(":")[1])
    span = spans.only()
    assert sent == {(span.context.trace_id, span.context.span_id, True)}
    assert span.attributes["http.request.resend_count"] == 2
    assert span.attributes["http.response.status_code"] == 200
    assert [event.name for event in span.events] == ["waterspout.exchange"] * 2
    assert dict(span.events[1].attributes) == {
        "http.request.method": "GET", "http.response.status_code": 302,
        "http.request.resend_count": 1, "server.address": "127.0.0.1", "server.port": port}
    times = [event.timestamp for event in span.events]
    assert span.start_time <= times[0] <= times[1] <= span.end_time


def test_too_many_redirects(io_loop, spans):
    """There was a response, but it is not what the caller gets."""
    with RawServer(answering(*redirecting(3))) as server:
        with pytest.raises(waterspout.TooManyRedirects):
            calling(io_loop, spans.observer(), lambda session: session.get(server.url()),
                    max_redirects=1)
    span = spans.only()
    assert span.status.status_code is StatusCode.ERROR
    assert span.attributes["error.type"] == "waterspout.exceptions.TooManyRedirects"
    assert span.attributes["http.response.status_code"] == 302


@pytest.mark.parametrize("transport", ["pooled", "tornado"])
def test_a_failed_call(io_loop, spans, transport):
    """The class of its error and the phase; not the text, which may name the path."""
    with RawServer(answering()) as server:
        pass
    with pytest.raises(waterspout.ConnectionError):
        calling(io_loop, spans.observer(), lambda session: session.get(server.url("/" + SECRET)),
                transport)
    span = spans.only()
    assert span.status.status_code is StatusCode.ERROR
    assert span.attributes["error.type"] == "waterspout.exceptions.ConnectError"
    assert span.attributes["waterspout.error.phase"] == "connect"
    assert "http.response.status_code" not in span.attributes
    assert SECRET not in span.to_json()


def test_a_stale_connection_was_replaced(io_loop, spans):
    """That is a request that was sent again."""
    with RawServer(answering(response())) as server:
        async def twice(session):
            await session.get(server.url())
            server.hang_up()
            await session.get(server.url())

        calling(io_loop, spans.observer(), twice)
    resent = [span.attributes.get("http.request.resend_count") for span in spans.wait_for(2)]
    assert resent[0] is None
    assert resent[1] in (None, 1)  # None: the pool has noticed the end before.


@pytest.mark.parametrize("arguments", [
    {"url": "http://"}, {"url": "http://h/", "headers": {"a": "b\nc"}}, {"url": "nowhere"}])
def test_a_refused_call(io_loop, spans, arguments):
    """Nothing was sent."""
    with pytest.raises(ValueError) as caught:
        calling(io_loop, spans.observer(), lambda session: session.get(**arguments))
    span = spans.only()
    assert span.attributes["error.type"] == "waterspout.exceptions." + caught.type.__name__


def test_an_unknown_method(io_loop, spans):
    with RawServer(answering(response())) as server:
        calling(io_loop, spans.observer(), lambda session: session.request(
            "PURGE", server.url(), operation="/x"))
    span = spans.only()
    assert span.name == "HTTP /x"
    assert span.attributes["http.request.method"] == "_OTHER"
    assert span.attributes["http.request.method_original"] == "PURGE"


def test_the_known_methods_can_be_set(io_loop, spans, monkeypatch):
    monkeypatch.setenv("OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS", "GET, PURGE")
    with RawServer(answering(response(), response())) as server:
        async def two(session):
            await session.request("PURGE", server.url())
            await session.post(server.url())

        calling(io_loop, spans.observer(), two)
    assert [span.attributes["http.request.method"] for span in spans.wait_for(2)] == [
        "PURGE", "_OTHER"]


def test_a_cancelled_call(io_loop, spans):
    async def cancel(session):
        calls = [session.get(server.url()) for _ in range(50)]
        await asyncio.sleep(0)
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)

    with RawServer(lambda peer: peer.hold()) as server:
        calling(io_loop, spans.observer(), cancel, max_connections=5)
    for span in spans.wait_for(50):
        assert span.status.status_code is StatusCode.ERROR
        assert span.attributes["error.type"] == "cancelled"


def test_a_streamed_call_ends_with_its_body(io_loop, spans):
    async def read(session):
        result = await session.get(server.url(), stream=True)
        assert spans.ended() == []
        assert sum([len(piece) async for piece in result.iter_content()]) == len(LONG)

    with RawServer(answering(response(LONG))) as server:
        calling(io_loop, spans.observer(), read)
    assert spans.only().attributes["http.response.body.size"] == len(LONG)


@pytest.mark.parametrize("drop", ["close", "forget"])
@pytest.mark.parametrize("status, error", [(200, "cancelled"), (500, "500")])
def test_a_stream_that_is_not_read(io_loop, spans, drop, status, error):
    """Its span ends when it is closed, or when nothing refers to it any more."""
    async def leave(session):
        result = await session.get(server.url(), stream=True)
        if drop == "close":
            result.close()
        del result
        while not spans.ended():
            await asyncio.sleep(0)
            gc.collect()

    with RawServer(answering(response(LONG, status=status))) as server:
        calling(io_loop, spans.observer(), leave)
    span = spans.only()
    assert span.attributes["error.type"] == error
    assert span.attributes["http.response.status_code"] == status


def test_a_closed_session(io_loop, spans):
    """Its running calls fail."""
    async def close(session):
        call = session.get(server.url())
        await asyncio.sleep(0)
        await session.close()
        with pytest.raises(waterspout.ConnectionError):
            await call

    with RawServer(lambda peer: peer.hold()) as server:
        calling(io_loop, spans.observer(), close)
    assert spans.only().status.status_code is StatusCode.ERROR


def test_calls_without_an_sdk(io_loop):
    """The API alone records nothing; a trace that is there goes on."""
    observer = OpenTelemetryObserver(trace.NoOpTracerProvider())
    traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    async def two(session):
        await session.get(server.url())
        await session.get(
            server.url(), context=waterspout.CallContext(traceparent=traceparent))

    with RawServer(answering(response(), response())) as server:
        calling(io_loop, observer, two)
        first, second = [dict(request.headers) for request in server.received]
    assert "traceparent" not in first
    assert second["traceparent"] == traceparent


def test_a_call_that_is_not_sampled(io_loop):
    """The upstream is told so."""
    spans = RecordedSpans(sampler=sampling.ALWAYS_OFF)
    with RawServer(answering(response())) as server:
        calling(io_loop, spans.observer(), lambda session: session.get(server.url()))
        assert parent_of(server.received[0].headers)[2] is False
    assert spans.ended() == []


@contextlib.contextmanager
def context_with(key):
    token = context.attach(context.set_value(key, True))
    try:
        yield
    finally:
        context.detach(token)


@pytest.mark.parametrize("how", ["suppress_instrumentation", "suppress_http_instrumentation"])
def test_instrumentation_can_be_suppressed(io_loop, spans, how):
    """As programs do it."""
    utils = pytest.importorskip("opentelemetry.instrumentation.utils")
    suppress = getattr(utils, how, None)
    if suppress is None:
        pytest.skip("this version has no %s" % how)
    expect_no_span(io_loop, spans, suppress)


@pytest.mark.parametrize("key", [
    "suppress_instrumentation", "_SUPPRESS_INSTRUMENTATION_KEY",
    "_SUPPRESS_HTTP_INSTRUMENTATION_KEY"])
def test_exporters_can_suppress_it(io_loop, spans, key):
    """By the keys of the API itself, so that their own calls are not traced."""
    expect_no_span(io_loop, spans, lambda: context_with(getattr(context, key, key)))


def test_it_is_suppressed_where_the_request_is_known_otherwise(io_loop, spans):
    """By a thread's own context, say, although the call carries its request."""
    observer = spans.observer()
    request = ObservedRequest(1, "GET", "127.0.0.1", 0.0, None, None, None)
    head = types.SimpleNamespace(headers={}, protocol="http", path="/", version="HTTP/1.1")
    observer.request_received(RequestReceived(request, 0.0, head))
    carried = waterspout.CallContext(parent=request)
    expect_no_span(io_loop, spans, lambda: context_with("suppress_instrumentation"),
                   observer, context=carried)


def expect_no_span(io_loop, spans, suppress, observer=None, **options):
    async def suppressed(session):
        with suppress():
            await session.get(server.url(), **options)

    with RawServer(answering(response())) as server:
        calling(io_loop, observer or spans.observer(), suppressed)
        assert "traceparent" not in dict(server.received[0].headers)
    assert spans.ended() == []


class BrokenSpan(trace.NonRecordingSpan):
    def is_recording(self):
        return True

    def _fail(self, *args, **kwargs):
        raise RuntimeError("a broken SDK")

    set_attributes = set_status = end = _fail


class BrokenProvider(trace.TracerProvider):
    """Its tracer fails at the start of a span, or its spans do later."""

    def __init__(self, at_start):
        self.at_start = at_start

    def get_tracer(self, *args, **kwargs):
        return self

    def start_span(self, *args, **kwargs):
        if self.at_start:
            raise RuntimeError("a broken SDK")
        return BrokenSpan(trace.INVALID_SPAN_CONTEXT)


@pytest.mark.parametrize("at_start", [True, False])
def test_a_broken_sdk_breaks_no_call(io_loop, caplog, at_start):
    """It is logged, once."""
    observer = OpenTelemetryObserver(BrokenProvider(at_start))

    async def two(session):
        return [(await session.get(server.url())).status_code for _ in range(2)]

    with caplog.at_level(logging.ERROR), RawServer(answering(response(), response())) as server:
        assert calling(io_loop, observer, two) == [200, 200]
    assert len(caplog.records) == 1
