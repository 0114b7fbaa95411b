"""Logs and metrics of real calls, by sessions, SDKs and a service in this process."""

from __future__ import absolute_import, division, print_function

import logging

import pytest
from expositions import Exposition
from raw_server import RawServer, answering, response, then
from served_app import ServedApp
from tornado import gen

import waterspout
from waterspout import service
from waterspout.instrumentation import LogObserver
from waterspout.instrumentation.prometheus import PrometheusObserver

SECRET = "s3cr3t"


@pytest.fixture
def lines(caplog):
    caplog.set_level(logging.DEBUG, logger="waterspout.calls")
    return lambda: [record.getMessage() for record in caplog.records
                    if record.name == "waterspout.calls"]


@pytest.mark.parametrize("transport", ["pooled", "tornado"])
@pytest.mark.parametrize("status", [200, 503])
def test_no_secret_of_a_call_is_logged(io_loop, lines, transport, status):
    """Query, header fields, credentials, cookies and bodies stay where they are."""
    with RawServer(answering(response(SECRET.encode("ascii"), status, headers=[
            ("Set-Cookie", "a=" + SECRET), ("X-Key", SECRET)]))) as server:

        @gen.coroutine
        def call():
            session = waterspout.Session(transport=transport, observers=[LogObserver()])
            yield session.post(
                server.url("/path"), params={"token": SECRET}, auth=("user", SECRET),
                headers={"X-Key": SECRET}, cookies={"a": SECRET}, json={"password": SECRET})
            yield session.close()

        io_loop.run_sync(call)
    (line,) = lines()
    assert line.startswith("%d POST (http://127.0.0.1:%d) " % (status, server.port))
    assert SECRET not in line and "token" not in line and "/path" not in line


@pytest.mark.parametrize("transport", ["pooled", "tornado"])
def test_failed_call_is_logged_without_secrets(io_loop, lines, transport):
    """The path is in the error's text, the query is not."""
    with RawServer(then(lambda peer: peer.hang_up())) as server:

        @gen.coroutine
        def call():
            session = waterspout.Session(transport=transport, observers=[LogObserver()])
            with pytest.raises(waterspout.ConnectionError):
                yield session.post(server.url("/path"), params={"token": SECRET},
                                   auth=("user", SECRET), data=SECRET)
            yield session.close()

        io_loop.run_sync(call)
    (line,) = lines()
    assert line.startswith("failed POST (http://127.0.0.1:%d) " % server.port)
    assert SECRET not in line and "token" not in line


def test_connections_of_sdks_that_share_them_are_counted_once(io_loop):
    """A session has its own."""
    library = pytest.importorskip("prometheus_client")
    with RawServer(answering(response(b"{}"))) as server:
        metrics = PrometheusObserver(registry=library.CollectorRegistry())

        @gen.coroutine
        def call():
            sdks = [waterspout.BaseSDK(server.address, observers=[metrics]) for _ in range(2)]
            session = waterspout.Session(observers=[metrics])
            for each in sdks + [session]:
                metrics.watch(each)
            for sdk in sdks:
                yield sdk.fetch_async("GET", "/hosts")
            yield session.get(server.url())
            seen = Exposition(metrics.exposition()[1].decode("utf-8"))
            for each in sdks + [session]:
                yield each.close()
            raise gen.Return(seen)

        seen = io_loop.run_sync(call)
    where = {"server_address": "127.0.0.1", "server_port": str(server.port)}
    name = "http_client_open_connections"
    assert seen.values(name, http_connection_state="idle", **where) == [2]
    assert seen.values(name, http_connection_state="active", **where) == [0]
    assert seen.total("http_client_request_duration_seconds_count", operation="/hosts") == 2


@pytest.mark.parametrize("http_server", service.HTTP_SERVERS)
def test_metrics_handler_answers_scrapes(http_server):
    """In the format that the scrape asks for; other methods are not there."""
    library = pytest.importorskip("prometheus_client")

    def make_app():
        metrics = PrometheusObserver(registry=library.CollectorRegistry())
        return service.Application(
            [("/metrics", service.MetricsHandler, {"observer": metrics})], observers=[metrics])

    with ServedApp(make_app, http_server=http_server) as served, served.connect() as connection:
        assert connection.post("/metrics", b"").status == 405
        answer = connection.get("/metrics")
        assert answer.status == 200
        assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
        seen = Exposition(answer.body.decode("utf-8"))
        name = "http_server_request_duration_seconds_count"
        assert seen.values(name, http_route="/metrics", http_response_status_code="405") == [1]
        assert seen.values("http_server_active_requests", http_request_method="GET") == [1]
        connection.send(b"GET /metrics HTTP/1.1\r\nHost: x\r\n"
                        b"Accept: application/openmetrics-text; version=1.0.0\r\n\r\n")
        answer = connection.read_answer()
        assert answer.headers["content-type"].startswith("application/openmetrics-text")
        assert answer.body.endswith(b"# EOF\n")


def test_broken_exposition_is_an_answer_with_500():
    """In JSON, as all errors of the kit."""

    class Broken(object):
        def exposition(self, accept):
            raise RuntimeError("no files")

    def make_app():
        return service.Application([("/metrics", service.MetricsHandler, {"observer": Broken()})])

    with ServedApp(make_app) as served, served.connect() as connection:
        answer = connection.get("/metrics")
        assert answer.status == 500
        assert "internal error" in answer.json["error"]
        assert "no files" not in answer.json["error"]
