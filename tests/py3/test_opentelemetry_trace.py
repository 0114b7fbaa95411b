"""A request of a service, its call and the upstream's request are one trace."""

from __future__ import absolute_import, division, print_function

import contextvars
import json

import pytest
from raw_client import request_bytes
from served_app import ServedApp
from tornado import gen
from tornado.testing import AsyncHTTPTestCase

import waterspout
from waterspout import service
from waterspout.service._server import drain

pytest.importorskip("opentelemetry.sdk")

from opentelemetry import baggage, trace  # noqa: E402
from recorded_spans import RecordedSpans, chain, is_child, kind  # noqa: E402

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACEPARENT = "00-%s-00f067aa0ba902b7-01" % TRACE_ID

#: As JSON more than what is decoded and encoded at once.
LARGE = ["x" * 100] * 3000

CHAIN = [("SERVER", "GET /front/(.*)"), ("CLIENT", "GET /up/{name}"), ("SERVER", "GET /up/(.*)")]


@pytest.fixture(autouse=True)
def short_grace(monkeypatch):
    """Have the upstream stop at once, although its client keeps an idle connection."""
    monkeypatch.setattr(drain, "IDLE_GRACE", 0.01)


class UpHandler(service.JSONHandler):
    def get(self, name):
        self.write_json({"name": name, "baggage": dict(baggage.get_all()),
                         "received": self.request.headers.get("baggage")})

    post = get


class FrontHandler(service.JSONHandler):
    def call(self, name):
        return self.upstream(waterspout.BaseSDK).fetch_async(
            "GET", "/up/{name}", path={"name": name})


class AsyncHandler(FrontHandler):
    async def get(self, name):
        self.write_json(await self.call(name))


class LateHandler(FrontHandler):
    """It has waited before, and goes on after others have run."""

    async def get(self, name):
        await gen.sleep(0)
        self.write_json(await self.call(name))


class CoroutineHandler(FrontHandler):
    @gen.coroutine
    def get(self, name):
        yield gen.moment
        result = yield self.call(name)
        self.write_json(result)


class PlainHandler(FrontHandler):
    def get(self, name):
        self.finish_after(self.call(name), lambda done: self.write_json(done.result()))


class LargeBodyHandler(FrontHandler):
    """Its method runs when the body was decoded, in turns with others."""

    async def post(self, name):
        assert self.read_json_array() == LARGE
        self.write_json(await self.call(name))


class PlainSessionHandler(service.JSONHandler):
    """Nothing tells the session of the request."""

    async def get(self, name):
        response = await self.application.session.get(
            "%s/up/%s" % (self.application.up, name), operation="/up/{name}")
        self.write_json(response.json())


class PreparedHandler(AsyncHandler):
    """Tornado runs it, since it overrides `prepare`."""

    async def prepare(self):
        await gen.sleep(0)


class Served(object):
    """A front service and its upstream, each with an observer of its own.

    Attributes:
        front, up (RecordedSpans): what each has recorded.
    """

    def __init__(self, handler, transport="pooled", up_spans=None, http_server="waterspout"):
        self.front = RecordedSpans()
        self.up = up_spans or self.front
        self._handler, self._transport, self._http_server = handler, transport, http_server

    def __enter__(self):
        self._up = ServedApp(lambda: service.Application(
            [("/up/(.*)", UpHandler)], observers=[self.up.observer()]))
        self._front = ServedApp(self._make_front, http_server=self._http_server)
        return self

    def _make_front(self):
        observer, address = self.front.observer(), "127.0.0.1:%d" % self._up.port
        sdk = waterspout.BaseSDK(address, transport=self._transport, observers=[observer])
        application = service.Application(
            [("/front/(.*)", self._handler)], observers=[observer], upstreams=[sdk])
        application.session = waterspout.Session(
            transport=self._transport, observers=[observer])
        application.up = "http://" + address
        application.on_shutdown(application.session.close)
        self.observer = observer
        return application

    def __exit__(self, *exc_info):
        self._front.__exit__(*exc_info)
        self._up.__exit__(*exc_info)
        # Nothing is kept of what has ended.
        assert self.observer._calls == {} and self.observer._requests == {}

    def connect(self):
        return self._front.connect()


def get(connection, *headers):
    connection.send(request_bytes("GET", "/front/x", headers=headers))
    return connection.read_answer()


@pytest.mark.parametrize("http_server", service.HTTP_SERVERS)
@pytest.mark.parametrize("handler", [
    AsyncHandler, LateHandler, CoroutineHandler, PlainHandler, PlainSessionHandler,
    PreparedHandler])
def test_request_call_and_upstream_are_one_trace(handler, http_server):
    """However the handler is written, and whichever server reads its requests."""
    with Served(handler, http_server=http_server) as served, served.connect() as connection:
        assert connection.get("/front/x").json["name"] == "x"
        assert chain(served.front.wait_for(3)) == CHAIN


@pytest.mark.parametrize("handler", [AsyncHandler, PlainSessionHandler])
@pytest.mark.parametrize("transport", ["tornado", "threads", "curl"])
def test_they_are_one_trace_on_each_transport(handler, transport):
    if transport == "curl":
        pytest.importorskip("pycurl")
    with Served(handler, transport) as served, served.connect() as connection:
        assert connection.get("/front/x").json["name"] == "x"
        assert chain(served.front.wait_for(3)) == CHAIN


def test_a_large_body_is_decoded_within_the_trace():
    with Served(LargeBodyHandler) as served, served.connect() as connection:
        body = json.dumps(LARGE).encode()
        assert connection.post("/front/x", body).json["name"] == "x"
        assert chain(served.front.wait_for(3)) == [("SERVER", "POST /front/(.*)")] + CHAIN[1:]


def test_the_callers_trace_goes_on():
    """`traceparent` and `baggage` come in, and go out with the call."""
    with Served(AsyncHandler, up_spans=RecordedSpans()) as served, served.connect() as connection:
        answer = get(connection, ("traceparent", TRACEPARENT), ("tracestate", "vendor=1"),
                     ("baggage", "tenant=7"))
        assert answer.json == {
            "name": "x", "baggage": {"tenant": "7"}, "received": "tenant=7"}
        call, front = served.front.wait_for(2)
        up = served.up.only()
    assert "%032x" % front.context.trace_id == TRACE_ID
    assert "%016x" % front.parent.span_id == "00f067aa0ba902b7"
    assert is_child(call, front) and is_child(up, call)
    assert up.context.trace_state.to_header() == "vendor=1"


@pytest.mark.parametrize("traceparent", [
    "00-" + "0" * 32 + "-00f067aa0ba902b7-01", "x", "00-%s-00f067aa0ba902b7" % TRACE_ID,
    "ff" + TRACEPARENT[2:], TRACEPARENT * 1000])
def test_a_wrong_traceparent_begins_a_new_trace(traceparent):
    with Served(AsyncHandler) as served, served.connect() as connection:
        assert get(connection, ("traceparent", traceparent)).status == 200
        assert chain(served.front.wait_for(3)) == CHAIN


def test_a_span_of_the_handler_is_the_parent():
    class InnerHandler(FrontHandler):
        async def get(self, name):
            with self.application.tracer.start_as_current_span("inner"):
                self.write_json(await self.call(name))

    with Served(InnerHandler) as served, served.connect() as connection:
        served._front.application.tracer = served.front.provider.get_tracer("test")
        connection.get("/front/x")
        names = [name for _, name in chain(served.front.wait_for(4))]
    assert names == ["GET /front/(.*)", "inner", "GET /up/{name}", "GET /up/(.*)"]


def test_the_request_is_the_parent_where_its_context_is_lost():
    """Such as in a thread, whose caller has not copied the context."""
    class LostHandler(FrontHandler):
        async def get(self, name):
            self.write_json(await contextvars.Context().run(self.call, name))

    with Served(LostHandler) as served, served.connect() as connection:
        connection.get("/front/x")
        assert chain(served.front.wait_for(3)) == CHAIN


def test_a_trace_goes_through_a_service_that_is_not_traced():
    """Only its SDK has an observer: what came in is the parent of the call."""
    spans = RecordedSpans()
    with ServedApp(lambda: service.Application([("/up/(.*)", UpHandler)])) as up:

        def make():
            return service.Application([("/front/(.*)", AsyncHandler)], upstreams=[
                waterspout.BaseSDK("127.0.0.1:%d" % up.port, observers=[spans.observer()])])

        with ServedApp(make) as front, front.connect() as connection:
            get(connection, ("traceparent", TRACEPARENT))
    span = spans.only()
    assert "%032x" % span.context.trace_id == TRACE_ID
    assert "%016x" % span.parent.span_id == "00f067aa0ba902b7"


class ObservedCase(AsyncHTTPTestCase):
    """In a test case of Tornado's, on one IOLoop."""

    def get_app(self):
        self.spans = RecordedSpans()
        observer = self.spans.observer()
        self.session = waterspout.Session(observers=[observer])
        session = self.session

        class Front(service.JSONHandler):
            async def get(self, name):
                await gen.sleep(0)
                url = "http://%s/up/%s" % (self.request.host, name)
                self.write_json((await session.get(url, operation="/up/{name}")).json())

        return service.Application(
            [("/front/(.*)", Front), ("/up/(.*)", UpHandler)], observers=[observer])

    def test_concurrent_requests_do_not_mix(self):
        """Each call belongs to the request whose handler has made it."""
        names = ["n%d" % index for index in range(30)]

        async def fetch_all():
            await gen.multi([
                self.http_client.fetch(self.get_url("/front/" + name)) for name in names])

        self.io_loop.run_sync(fetch_all)
        self.io_loop.run_sync(self.session.close)
        spans = self.spans.wait_for(3 * len(names))
        roots = [span for span in spans if span.parent is None]
        assert len(roots) == len(names)
        for root in roots:
            (call,) = [span for span in spans if is_child(span, root)]
            (up,) = [span for span in spans if is_child(span, call)]
            assert kind(call) == "CLIENT"
            name = root.attributes["url.path"].rpartition("/")[2]
            assert up.attributes["url.path"] == "/up/" + name

    def test_no_span_is_current_afterwards(self):
        self.fetch("/front/x")
        self.spans.wait_for(3)
        assert trace.get_current_span() is trace.INVALID_SPAN
        self.io_loop.run_sync(self.session.close)
