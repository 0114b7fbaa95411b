"""Application(access_log=...): what is logged of requests, without a socket."""

from __future__ import absolute_import, division, print_function

import json
import logging

import pytest
from client_fixtures import Client
from tornado import gen
from tornado.web import url

import waterspout
from waterspout.instrumentation import CallTally
from waterspout.service import AccessLog, Application, JSONFormatter, JSONHandler
from waterspout.testing import AppTransport, MockTransport

CALLS = 3


class Upstream(waterspout.BaseSDK):
    pass


class HostsHandler(JSONHandler):
    """Calls the upstream one after the other, then answers."""

    @gen.coroutine
    def post(self, name):
        sdk = self.upstream(Upstream)
        for _ in range(CALLS):
            yield sdk.fetch_async("GET", "/hosts")
        self.request.principal = Principal()
        self.write_json({"name": name})


class Principal(object):
    name = "importer"


class LastHandler(JSONHandler):
    """Answers in the callback of its call."""

    def get(self):
        call = self.upstream(Upstream).fetch_async("GET", "/hosts")
        self.finish_after(call, lambda call: self.write_json(call.result()))

    def upstream_headers(self):
        return {"org": "1"}


class BugHandler(JSONHandler):
    def get(self):
        raise KeyError("bug")


class FailingHandler(JSONHandler):
    @gen.coroutine
    def get(self):
        yield self.upstream(Upstream).fetch_async("GET", "/fails")


@pytest.fixture
def serve(io_loop):
    """``serve(access_log=...)`` returns a `Client` of an application with an upstream."""
    clients = []

    def serve(**options):
        mock = MockTransport()
        mock.get("/hosts").respond(json={})
        mock.get("/fails").respond(500)
        application = Application(
            [url("/hosts/([^/]*)", HostsHandler, name="/hosts/{name}"), ("/last", LastHandler),
             ("/bug", BugHandler), ("/fails", FailingHandler)],
            upstreams=[Upstream("upstream.test", transport=mock)], **options)
        clients.append(Client(io_loop, AppTransport(application, "10.0.0.9")))
        return clients[-1]

    yield serve
    for client in clients:
        client.close()


@pytest.fixture
def logged(caplog):
    """Returns the JSON of what was logged by this logger."""
    caplog.set_level(logging.INFO, "tornado.access")

    def logged(name="tornado.access"):
        return [json.loads(JSONFormatter().format(record)) for record in caplog.records
                if record.name == name]

    return logged


def test_details_of_a_request(serve, logged):
    """With the calls that it made by self.upstream(), and the time in which they were under way."""
    client = serve(access_log=AccessLog(details=True))
    client.post("http://app.test/hosts/web-1?token=secret", data=b"{}")
    (found,) = logged()
    assert (found["method"], found["path"], found["status"]) == ("POST", "/hosts/web-1", 200)
    assert (found["route"], found["client"]) == ("/hosts/{name}", "10.0.0.9")
    assert (found["upstream_calls"], found["upstream_retries"]) == (CALLS, 0)
    assert 0 < found["upstream_ms"] < found["duration_ms"]
    assert abs(found["own_ms"] + found["upstream_ms"] - found["duration_ms"]) < 0.002
    assert (found["request_bytes"], found["response_bytes"]) == (2, len('{"name":"web-1"}'))
    assert (found["principal"], found["outcome"]) == ("importer", "answered")
    assert len(found["request_id"]) == 32
    assert "secret" not in json.dumps(found)


def test_a_call_whose_callback_answers_has_ended(serve, logged, monkeypatch):
    """It is not under way when the line is written."""
    under_way = []
    seconds = CallTally.seconds
    monkeypatch.setattr(CallTally, "seconds", lambda self: under_way.append(
        self.under_way) or seconds(self))
    serve(access_log=AccessLog(details=True)).get("http://app.test/last")
    assert under_way == [0]
    assert logged()[0]["upstream_calls"] == 1


def test_requests_of_one_service_are_counted_apart(serve, logged):
    client = serve(access_log=AccessLog(details=True))
    for _ in range(2):
        client.get("http://app.test/last")
    assert [each["upstream_calls"] for each in logged()] == [1, 1]


def test_without_details_calls_are_not_counted(serve, logged, monkeypatch):
    """Nothing is made for it."""
    monkeypatch.setattr(CallTally, "begin", None)
    client = serve(access_log=AccessLog(details=False))
    assert client.get("http://app.test/last").status_code == 200
    assert "upstream_calls" not in logged()[0]


def test_no_access_log(serve, logged):
    """Not even of errors. Other lines are logged."""
    client = serve(access_log=None)
    client.get("http://app.test/last")
    client.get("http://app.test/bug")
    assert logged() == []
    assert len(logged("waterspout.service")) == 1


def test_a_sample_of_nothing_has_the_errors(serve, logged):
    client = serve(access_log=AccessLog(sample=0))
    client.get("http://app.test/last")
    client.get("http://app.test/bug")
    assert [each["path"] for each in logged()] == ["/bug"]


def test_incidents_have_the_id_of_their_request(serve, logged):
    """As members of the JSON, with the traceback."""
    response = serve().get("http://app.test/bug")
    (found,) = logged("waterspout.service")
    assert found["request_id"] == response.headers["X-Request-ID"]
    assert found["incident"] == response.json()["incident"]
    assert "KeyError: 'bug'" in found["exception"]


def test_failed_upstream_calls_have_the_id_of_their_request(serve, logged):
    response = serve().get("http://app.test/fails")
    assert response.status_code == 502
    (found,) = logged("waterspout.service")
    assert found["request_id"] == response.headers["X-Request-ID"]


def test_what_is_no_access_log_is_refused():
    for wrong in (True, "off", AccessLog):
        with pytest.raises(TypeError) as caught:
            Application([], access_log=wrong)
        assert "access_log=" in str(caught.value)
