"""The id of a request: in the response, the log, and the calls that the request causes."""

from __future__ import absolute_import, division, print_function

import logging
import re

import pytest
import tornado.web
from programs import wait_until
from raw_client import request_bytes
from raw_server import RawServer, answering, response
from served_http import ServedHTTP
from tornado import gen

import waterspout
from waterspout import service

NEW = re.compile(r"[0-9a-f]{32}\Z").match

ID = "client-7.of:it/x+y=@_"

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


class Upstream(waterspout.BaseSDK):
    """With an attribute and arguments of its own."""

    def __init__(self, host, colour="red", **options):
        super(Upstream, self).__init__(host, **options)
        self.colour = colour

    def find(self, name):
        return self.fetch_async("GET", "/find/{name}", path={"name": name})


class Base(service.JSONHandler):
    def initialize(self, **kwargs):
        self.request_id_seen = self.request_id


class Plain(Base):
    def get(self):
        self.write_json({"id": self.request_id})

    def post(self):
        self.write_json({"n": len(self.read_json_object())})


class Error(Base):
    def get(self):
        raise KeyError("secret")


class Streamed(Base):
    @gen.coroutine
    def get(self):
        self.write(b"[1,")
        yield self.flush()
        self.write(b"2]")


class Calls(Base):
    @gen.coroutine
    def get(self, name):
        yield self.upstream(Upstream).find(name)
        self.write_json({"id": self.request_id})

    def upstream_headers(self):
        return {"X-Tenant": "tenant-of-" + self.path_args[0], "org": None}


class CallsAfter(Base):
    def get(self):
        self.finish_after(self.upstream("main").fetch_async("GET", "/"), self.answer)

    def answer(self, future):
        self.write_json(future.result())


class OwnHeaders(Base):
    def set_default_headers(self):
        self.set_header("X-Own", "1")

    def get(self):
        self.clear()
        self.write_json({})


class OwnClear(Base):
    def clear(self):
        tornado.web.RequestHandler.clear(self)

    get = Plain.get


class OldNames(service.JSONHandler):
    """Uses the kit's newer names for something else, as a handler written before may."""

    def initialize(self):
        self.request_id = 5
        self.call_context = self.upstream = None

    def get(self):
        self.write_json({"mine": self.request_id})


class OldClassNames(service.JSONHandler):
    request_id = call_context = upstream = None

    def get(self):
        self.write_json({})


class Foreign(tornado.web.RequestHandler):
    def get(self):
        self.write("x")


ROUTES = [
    ("/plain", Plain), ("/error", Error), ("/streamed", Streamed), ("/calls/(.*)", Calls),
    ("/after", CallsAfter), ("/own", OwnHeaders), ("/own-clear", OwnClear), ("/old", OldNames),
    ("/old-class", OldClassNames), ("/foreign", Foreign),
]


@pytest.fixture
def upstream():
    with RawServer(answering(response(b"{}"))) as server:
        yield server


@pytest.fixture
def serve(serve_app, upstream):
    """Serve ROUTES with one upstream, and these arguments of Application."""
    running = []

    def start(**kwargs):
        def make():
            kwargs.setdefault("upstreams", [Upstream(upstream.address, org=1)])
            return service.Application(ROUTES, **kwargs)

        running.append(serve_app(make))
        return running[-1]

    yield start
    for each in running:
        each.__exit__()


def ask(served, path, headers=(), method="GET", body=None):
    with served.connect() as connection:
        connection.send(request_bytes(method, path, body, headers))
        return connection.read_answer(without_body=path == "/streamed")


def logged_ids(caplog, count=1):
    def lines():
        return [each.getMessage() for each in caplog.records if each.name == "tornado.access"]

    wait_until(lambda: len(lines()) >= count, "the access log")
    return [re.search(r" id=(\S+)", line).group(1).rstrip(":") for line in lines()]


@pytest.mark.parametrize("path, status", [
    ("/plain", 200), ("/nowhere", 404), ("/error", 500), ("/streamed", 200), ("/own", 200),
    ("/old", 200), ("/old-class", 200), ("/calls/a", 200),
])
def test_an_id_is_taken_over(serve, caplog, path, status):
    """It is in the response and in the log, whatever became of the request."""
    caplog.set_level(logging.INFO, "tornado.access")
    answer = ask(serve(), path, [("X-Request-ID", ID)])
    assert answer.status == status and answer.headers["x-request-id"] == ID
    assert logged_ids(caplog) == [ID]
    incidents = [each.getMessage() for each in caplog.records if "Incident" in each.getMessage()]
    assert len(incidents) == (status == 500) and all(ID in line for line in incidents)


@pytest.mark.parametrize("method, path, body, status", [
    ("PUT", "/plain", b"", 405), ("POST", "/plain", b"[" * 2000000, 413),
    ("POST", "/plain", b'{"a": [' + b"1," * 100000 + b"1]}", 200), ("POST", "/plain", b"no", 400),
])
def test_an_id_is_taken_over_with_a_body(serve, caplog, method, path, body, status):
    """Refused, and decoded in turns."""
    caplog.set_level(logging.INFO, "tornado.access")
    served = serve(max_body_bytes=1000000)
    answer = ask(served, path, [("X-Request-ID", ID)], method, body)
    assert (answer.status, answer.headers["x-request-id"]) == (status, ID)
    assert logged_ids(caplog) == [ID]


@pytest.mark.parametrize("fields", [
    [], [("X-Request-ID", "")], [("X-Request-ID", "x" * 129)], [("X-Request-ID", "a b")],
    [("X-Request-ID", "a\tb")], [("X-Request-ID", "<b>")], [("X-Request-ID", u"a\xe9")],
    [("X-Request-ID", "one"), ("X-Request-ID", "two")], [("X-Request-ID", "a,b")],
])
def test_an_id_that_cannot_be_taken_over(serve, caplog, fields):
    """A new one is made, the same in the response, in the log and for the handler."""
    caplog.set_level(logging.INFO, "tornado.access")
    answer = ask(serve(), "/plain", fields)
    made = answer.headers["x-request-id"]
    assert NEW(made) and answer.json == {"id": made} and logged_ids(caplog) == [made]


def test_ids_differ(serve):
    """On one connection, too."""
    with serve().connect() as connection:
        ids = [connection.get("/plain").headers["x-request-id"] for _ in range(5)]
    assert len(set(ids)) == 5


def test_the_longest_id(serve):
    """128 characters are taken over."""
    answer = ask(serve(), "/plain", [("X-Request-ID", "x" * 128)])
    assert answer.headers["x-request-id"] == "x" * 128


def test_a_handler_that_replaces_clear(serve, caplog):
    """It has chosen its own header fields; the log has the id."""
    caplog.set_level(logging.INFO, "tornado.access")
    ask(serve(), "/own-clear", [("X-Request-ID", ID)])
    assert logged_ids(caplog) == [ID]


def test_a_handler_of_tornado(serve, caplog):
    """The log has the id; the response is Tornado's own."""
    caplog.set_level(logging.INFO, "tornado.access")
    ask(serve(), "/foreign", [("X-Request-ID", ID)])
    assert logged_ids(caplog) == [ID]


def test_a_request_that_the_server_refuses(serve, http_server, caplog):
    """Nothing of it is trusted: it gets a new id."""
    if http_server == "tornado":
        pytest.skip("Tornado's server answers it itself")
    caplog.set_level(logging.INFO, "tornado.access")
    answer = ask(serve(), "/plain", [("X-Request-ID", ID), ("Bad Name", "x")])
    made = answer.headers["x-request-id"]
    assert answer.status == 400 and NEW(made) and logged_ids(caplog) == [made]


def test_a_client_that_leaves_within_its_request(serve, caplog):
    """The log has its id."""
    caplog.set_level(logging.INFO, "tornado.access")
    served = serve()
    with served.connect() as connection:
        connection.send(b"POST /plain HTTP/1.1\r\nHost: x\r\nX-Request-ID: %s\r\n"
                        b"Content-Length: 9\r\n\r\n{" % ID.encode("ascii"))
        wait_until(lambda: served.application.requests_in_flight, "the request")
    assert logged_ids(caplog) == [ID]


def test_another_header_name(serve, upstream):
    """The id is read from it, answered in it and sent in it; X-Request-ID means nothing."""
    served = serve(request_id_header="X-Correlation-ID")
    answer = ask(served, "/calls/a", [("X-Correlation-ID", ID), ("X-Request-ID", "other")])
    assert answer.headers["x-correlation-id"] == ID and "x-request-id" not in answer.headers
    fields = dict(upstream.received[0].headers)
    assert fields["x-correlation-id"] == ID and "x-request-id" not in fields


def test_no_ids(serve, upstream, caplog):
    """Neither taken, made, answered, logged nor sent; the trace is."""
    caplog.set_level(logging.INFO, "tornado.access")
    served = serve(request_id_header=None)
    answer = ask(served, "/calls/a", [("X-Request-ID", ID), ("traceparent", TRACE)])
    assert "x-request-id" not in answer.headers and answer.json == {"id": None}
    fields = dict(upstream.received[0].headers)
    assert "x-request-id" not in fields and fields["traceparent"] == TRACE
    wait_until(lambda: [r for r in caplog.records if "access" in r.name], "the access log")
    assert "id=" not in [r.getMessage() for r in caplog.records if "access" in r.name][0]


def test_a_call_carries_the_request_on(serve, upstream):
    """The id, the trace, the handler's own fields; None removes one of the SDK."""
    served = serve()
    ask(served, "/calls/a", [
        ("X-Request-ID", ID), ("traceparent", TRACE), ("tracestate", "v=1"), ("X-Other", "x")])
    fields = dict(upstream.received[0].headers)
    assert fields["x-request-id"] == ID and fields["x-tenant"] == "tenant-of-a"
    assert (fields["traceparent"], fields["tracestate"]) == (TRACE, "v=1")
    assert "org" not in fields and "x-other" not in fields


@pytest.mark.parametrize("trace", [
    "nonsense", "ff" + TRACE[2:], "00-" + "0" * 32 + TRACE[35:], TRACE.upper(), TRACE + "x", ""])
def test_a_trace_that_is_not_valid(serve, upstream, trace):
    """It is not sent on, and neither is its state."""
    ask(serve(), "/calls/a", [("traceparent", trace), ("tracestate", "v=1")])
    fields = dict(upstream.received[0].headers)
    assert "traceparent" not in fields and "tracestate" not in fields


def test_the_calls_of_two_requests_do_not_mix(serve, upstream):
    """Both are under way at the same time, with one SDK between them."""
    served = serve()
    names = ["n%d" % n for n in range(20)]
    connections = [served.connect() for _ in names]
    for connection, name in zip(connections, names):
        connection.send(request_bytes("GET", "/calls/" + name, None, [("X-Request-ID", name)]))
    assert [each.read_answer().json["id"] for each in connections] == names
    for connection in connections:
        connection.socket.close()
    for request in upstream.received:
        fields = dict(request.headers)
        assert request.target == "/find/" + fields["x-request-id"]
        assert fields["x-tenant"] == "tenant-of-" + fields["x-request-id"]


def test_upstreams_by_name(serve, serve_app, upstream):
    """A mapping may have several SDKs of one class; finish_after waits for a call of one."""
    served = serve(upstreams={"main": waterspout.BaseSDK(upstream.address), "other": Upstream("h")})
    assert ask(served, "/after", [("X-Request-ID", ID)]).status == 200
    assert dict(upstream.received[0].headers)["x-request-id"] == ID


def test_an_upstream_that_is_not_there(serve, caplog):
    """The response is a 500, and the log has a sentence with what there is."""
    answer = ask(serve(), "/after")
    assert answer.status == 500
    assert "'main'" in caplog.text and "Application(upstreams=...) has Upstream" in caplog.text


@pytest.mark.parametrize("name", ["", "a b", "a\r\nb", "x:", u"\xe9", 5])
def test_a_header_name_that_is_none(name):
    with pytest.raises(ValueError):
        service.Application([], request_id_header=name)


def test_an_application_of_tornado(upstream):
    """A JSONHandler works in it, without ids and upstreams."""
    with ServedHTTP(make=lambda: tornado.web.Application(ROUTES)) as served:
        data = served.exchange(b"GET /plain HTTP/1.1\r\nHost: x\r\nX-Request-ID: a\r\n"
                               b"Connection: close\r\n\r\n")
        assert data.startswith(b"HTTP/1.1 200") and data.endswith(b'{"id":null}')
        assert b"X-Request-ID" not in data
        data = served.exchange(b"GET /calls/a HTTP/1.0\r\n\r\n")
        assert data.startswith(b"HTTP/1.1 500") or data.startswith(b"HTTP/1.0 500")
