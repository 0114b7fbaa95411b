"""OpenTelemetry's own instrumentation packages beside `OpenTelemetryObserver`: nothing breaks."""

from __future__ import absolute_import, division, print_function

import pytest
from raw_server import RawServer, answering, response
from served_app import ServedApp

import waterspout
from waterspout import service

pytest.importorskip("opentelemetry.sdk")

from recorded_spans import RecordedSpans, chain, is_child, kind  # noqa: E402


class PingHandler(service.JSONHandler):
    async def get(self):
        answer = await self.application.session.get(self.application.up, operation="/up")
        self.write_json(answer.json())


def make_front(spans, up, transport, observed):
    observers = [spans.observer()] if observed else []
    application = service.Application([("/ping", PingHandler)], observers=observers)
    application.session = waterspout.Session(transport=transport, observers=observers)
    application.on_shutdown(application.session.close)
    application.up = up
    return application


@pytest.fixture
def instrument():
    """``instrument(package, class_name, spans)`` patches what that package patches."""
    done = []

    def instrument(package, class_name, spans):
        module = pytest.importorskip("opentelemetry.instrumentation." + package)
        instrumentor = getattr(module, class_name)()
        instrumentor.instrument(tracer_provider=spans.provider)
        done.append(instrumentor)

    yield instrument
    for each in done:
        each.uninstrument()


def run(spans, transport, count, observed=True):
    """The spans of one request whose handler makes one call; what the upstream got."""
    with RawServer(answering(response(b"{}"))) as up:
        with ServedApp(lambda: make_front(spans, up.url(), transport, observed)) as front:
            with front.connect() as connection:
                assert connection.get("/ping").json == {}
                found = spans.wait_for(count)
        headers = dict((name.lower(), value) for name, value in up.received[0].headers)
        return found, headers["traceparent"].split("-")


@pytest.mark.parametrize("transport", ["pooled", "threads"])
def test_tornado_beside_ours(instrument, transport):
    """Its span of the handler is within ours, and the call within both."""
    spans = RecordedSpans()
    instrument("tornado", "TornadoInstrumentor", spans)
    found, sent = run(spans, transport, 3)
    assert chain(found) == [("SERVER", "GET /ping"), ("INTERNAL", "GET /ping"),
                            ("CLIENT", "GET /up")]
    (call,) = [span for span in found if kind(span) == "CLIENT"]
    assert sent[2] == "%016x" % call.context.span_id


PATCHED = [("tornado", "TornadoInstrumentor", "tornado"),
           ("urllib3", "URLLib3Instrumentor", "threads")]


@pytest.mark.parametrize("package, class_name, transport", PATCHED)
def test_a_patched_client_beside_ours(instrument, package, class_name, transport):
    """Two spans for one call, side by side in one trace; theirs is the upstream's parent."""
    spans = RecordedSpans()
    instrument(package, class_name, spans)
    found, sent = run(spans, transport, 4 if package == "tornado" else 3)
    (root,) = [span for span in found if span.parent is None]
    calls = [span for span in found if kind(span) == "CLIENT"]
    assert len(calls) == 2
    assert {span.context.trace_id for span in found} == {root.context.trace_id}
    (theirs,) = [span for span in calls if span.name != "GET /up"]
    assert sent[1:3] == ["%032x" % root.context.trace_id, "%016x" % theirs.context.span_id]
    if package != "tornado":
        assert all(is_child(span, root) for span in calls)


@pytest.mark.parametrize("package, class_name, transport", PATCHED)
def test_a_patched_client_alone(instrument, package, class_name, transport):
    """As if we were not there."""
    spans = RecordedSpans()
    instrument(package, class_name, spans)
    found, sent = run(spans, transport, 2 if package == "tornado" else 1, observed=False)
    assert sent[1] == "%032x" % found[0].context.trace_id


def test_tornado_beside_ours_with_curl(instrument):
    """The curl transport sends the call's own header fields only: ours."""
    pytest.importorskip("pycurl")
    spans = RecordedSpans()
    instrument("tornado", "TornadoInstrumentor", spans)
    found, sent = run(spans, "curl", 4)
    (call,) = [span for span in found if span.name == "GET /up"]
    assert sent[1:3] == ["%032x" % call.context.trace_id, "%016x" % call.context.span_id]


def test_requests_beside_ours(instrument):
    """It patches sessions of requests, of which the threads transport has none."""
    spans = RecordedSpans()
    instrument("requests", "RequestsInstrumentor", spans)
    found, sent = run(spans, "threads", 2)
    assert chain(found) == [("SERVER", "GET /ping"), ("CLIENT", "GET /up")]
    (call,) = [span for span in found if kind(span) == "CLIENT"]
    assert sent[2] == "%016x" % call.context.span_id
