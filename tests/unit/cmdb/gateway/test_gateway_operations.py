"""What operators see of the gateway: whether it is ready, its state, its metrics, one request."""

from __future__ import absolute_import, division, print_function

import pytest
from tornado import gen

import waterspout
from waterspout.testing import AppTransport, patch_sessions
from waterspout_cmdb import __version__
from waterspout_cmdb.command_line.option import BadOption
from waterspout_cmdb.gateway.assembly import app_maker
from waterspout_cmdb.gateway.options import operating
from waterspout_cmdb.gateway.options.table import read_options
from waterspout_cmdb.gateway.process_metrics import ProcessMetrics

SECRET = "0123456789abcdef"


class Operated(object):
    """A gateway of these options."""

    def __init__(self, io_loop, flags):
        self._io_loop = io_loop
        make_gateway = app_maker(read_options(flags, {}), ["cmdb.test:8079"])
        self.application = io_loop.run_sync(gen.coroutine(make_gateway))

    def get(self, path, **keywords):
        @gen.coroutine
        def call():
            session = waterspout.Session(transport=AppTransport(self.application))
            response = yield session.request(
                keywords.pop("method", "GET"), "http://127.0.0.1" + path, **keywords)
            yield session.close()
            raise gen.Return(response)

        return self._io_loop.run_sync(call)


@pytest.fixture
def cmdb():
    with patch_sessions() as mock:
        yield mock


@pytest.fixture
def operated(io_loop, cmdb):
    """``operated("--readiness=process")``."""
    gateways = []

    def operated(*flags):
        gateways.append(Operated(io_loop, flags))
        return gateways[-1]

    yield operated
    for gateway in gateways:
        io_loop.run_sync(gateway.application.shutdown)


@pytest.mark.parametrize("status, answer", [
    (404, 200), (200, 200), (401, 200), (500, 503), (502, 503)])
def test_gateway_is_ready_while_the_cmdb_answers(operated, cmdb, status, answer):
    """Any answer below 500 will do: what is asked for need not exist."""
    cmdb.get("/").respond(status)
    response = operated().get("/readyz")
    assert response.status_code == answer
    assert response.json()["checks"] == {"cmdb": "passed" if answer == 200 else "failed"}


def test_gateway_is_not_ready_without_its_cmdb(operated, cmdb):
    """The answer names nothing of the network behind it."""
    cmdb.get("/").fail(waterspout.ConnectError)
    gateway = operated()
    response = gateway.get("/readyz")
    assert (response.status_code, response.json()) == (
        503, {"status": "unready", "checks": {"cmdb": "failed"}})
    assert gateway.get("/healthz").status_code == 200


def test_gateway_may_be_ready_without_its_cmdb(operated, cmdb):
    """So that a balancer that takes unready machines out keeps some."""
    cmdb.get("/").fail(waterspout.ConnectError)
    response = operated("--readiness=degraded").get("/readyz")
    assert (response.status_code, response.json()["status"]) == (200, "degraded")


def test_cmdb_need_not_be_asked(operated, cmdb):
    """Then readiness is about the process alone."""
    response = operated("--readiness=process").get("/readyz")
    assert (response.status_code, response.json()) == (200, {"status": "ready"})
    assert cmdb.sent == []


def test_another_path_can_be_asked_for(operated, cmdb):
    """One that the front door of the CMDB leads to the CMDB."""
    cmdb.get("/object_basic").respond(200)
    assert operated("--readiness-path=/object_basic?page_size=1").get("/readyz").status_code == 200
    assert cmdb.sent[0].headers["org"] == "777777"


def test_answer_is_kept_for_some_seconds(operated, cmdb):
    """However many probes there are."""
    cmdb.get("/").respond(404)
    gateway = operated()
    assert [gateway.get("/readyz").status_code for _ in range(5)] == [200] * 5
    assert len(cmdb.sent) == 1


def test_connections_of_the_check_are_closed_with_the_gateway(
    operated, io_loop, caplog
):
    """It has some of its own."""
    application = operated().application
    io_loop.run_sync(application.shutdown)
    assert io_loop.run_sync(application.operations.readiness.ask)[0] == "unready"
    assert "SessionClosed" in caplog.text


def test_status_says_what_the_gateway_is(operated):
    """Its CMDB, its limits and its version; nothing is secret."""
    status = operated("--transport=pooled", "--max-queued=7").get("/status").json()
    assert status["service"]["cmdb"] == ["cmdb.test:8079"]
    assert status["service"]["max_queued"] == 7
    assert status["versions"]["waterspout-cmdb"] == __version__
    assert list(status["workers"][0]["upstreams"]) == ["cmdb"]


def test_pages_of_other_machines_are_not_there(operated):
    """As any unknown path: in the gateway's own words."""
    gateway = operated("--operations-allowed=10.0.0.0/8")
    response = gateway.get("/status", headers={"X-Forwarded-For": "10.0.0.1"})
    assert response.status_code == 404 and "message" in response.json()


# Metrics


@pytest.fixture
def metrics(monkeypatch):
    """Metrics that no other test counts in."""
    library = pytest.importorskip("prometheus_client")
    metrics = ProcessMetrics(library.CollectorRegistry())
    monkeypatch.setattr(operating, "METRICS", metrics)
    return metrics


def test_requests_and_calls_are_measured(operated, cmdb, metrics):
    """By the route and the name of the call."""
    cmdb.post("/object/{object_id}/instance/_search").respond(200, json={"code": 0, "data": {}})
    gateway = operated("--metrics=on")
    gateway.get("/cmdb/search/HOST", method="POST", json={"query": {}})
    text = gateway.get("/metrics").text
    assert 'http_route="/cmdb/search/{object_id}"' in text
    assert 'http_client_request_duration_seconds_count{' in text and "_search" in text


def test_gateway_made_again_in_the_same_process_counts_on(operated, cmdb, metrics):
    """As a reload with one process makes it."""
    cmdb.post("/object/{object_id}/instance/_search").respond(200, json={"code": 0, "data": {}})
    for _ in range(2):
        gateway = operated("--metrics=on")
        gateway.get("/cmdb/search/HOST", method="POST", json={"query": {}})
    line, = [line for line in gateway.get("/metrics").text.splitlines()
             if line.startswith("http_server_request_duration_seconds_count{")]
    assert line.endswith(" 2.0")


@pytest.mark.parametrize("flags, is_on", [
    ([], False), (["--operations-port=9000"], True), (["--operations-port=0"], True),
    (["--metrics=on"], True),
    (["--operations-port=9000", "--metrics=off"], False),
    (["--operations-address=unix:/a"], True)])
def test_gateway_measures_if_there_is_a_port_for_operations(operated, metrics, flags, is_on):
    """Or if it is told to: it costs each request some of its time."""
    text = operated(*flags).application.operations.metrics
    assert (text is not None) is is_on


def test_missing_library_is_an_error_if_metrics_were_asked_for(operated, monkeypatch):
    """The text says how to install it; otherwise /metrics has the numbers of the workers."""

    def missing(is_shared):
        raise ImportError('metrics need prometheus_client: pip install "waterspout[metrics]"')

    metrics = ProcessMetrics()
    metrics.start = missing
    monkeypatch.setattr(operating, "METRICS", metrics)
    with pytest.raises(BadOption, match="pip install"):
        operated("--metrics=on")
    gateway = operated("--operations-port=9000")
    assert "waterspout_workers" in gateway.get("/metrics").text


# Debug page


@pytest.fixture
def secret_file(tmp_path):
    def secret_file(content):
        path = tmp_path / "secret"
        path.write_bytes(content)
        return "--debug-secret-file=%s" % path

    return secret_file


def test_debug_page_shows_the_call_to_the_cmdb(operated, cmdb, secret_file):
    """White space around the secret is not a part of it."""
    cmdb.post("/object/{object_id}/instance/_search").respond(
        200, json={"code": 0, "data": {"total": 1}})
    gateway = operated(secret_file(SECRET.encode("ascii") + b"\r\n"))
    page = gateway.get("/cmdb/search/HOST", method="POST", json={"query": {}},
                       headers={"X-Waterspout-Debug": SECRET}).text
    assert page.startswith("<!DOCTYPE html>")
    assert "POST /object/{object_id}/instance/_search" in page


@pytest.mark.parametrize("content", [
    b"", b"too short", b"\xff" * 20, b"sixteen letters and spaces"])
def test_secret_that_cannot_be_used_is_refused(operated, secret_file, content):
    """The error names the option and does not show what is in the file."""
    with pytest.raises(BadOption, match="--debug-secret-file") as raised:
        operated(secret_file(content))
    assert not content or content[:5].decode("latin-1") not in str(raised.value)


def test_secret_file_that_is_not_there_is_an_error(operated, tmp_path):
    """With the reason of the system."""
    with pytest.raises(BadOption, match="cannot read the file .*: No such file"):
        operated("--debug-secret-file=%s" % (tmp_path / "none"))


@pytest.mark.parametrize("flag", [
    "--operations-allowed=10.0.0.0/33", "--operations-allowed=example.com",
    "--operations-port=70000", "--readiness=yes", "--readiness-path=object", "--metrics=maybe"])
def test_values_that_make_no_sense_are_refused(flag):
    """Before anything starts."""
    with pytest.raises(BadOption, match=flag.partition("=")[0]):
        read_options([flag], {})


def test_jobs_are_counted_in_the_metrics(operated, tmp_path, caplog):
    """By state, with and without the client library; a damaged list costs only these numbers."""
    jobs_dir = tmp_path / "jobs"
    gateway = operated("--jobs-dir=%s" % jobs_dir, "--readiness=process")
    job = gateway.get("/cmdb/jobs/import/HOST?key=name", method="POST", data=b"name\nweb-1\n")
    assert job.status_code == 202
    answer = gateway.get("/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert 'waterspout_import_jobs{state="queued"} 1\n' in answer.text
    assert 'waterspout_import_jobs{state="failed"} 0\n' in answer.text
    assert "\nwaterspout_workers{" in answer.text
    assert "waterspout_import_jobs" not in operated("--readiness=process").get("/metrics").text
    broken = operated("--jobs-dir=%s" % jobs_dir, "--readiness=process")
    (jobs_dir / "jobs.db").write_bytes(b"no database" * 1000)
    answer = broken.get("/metrics")
    assert answer.status_code == 200 and "waterspout_import_jobs" not in answer.text
    assert "waterspout_workers{" in answer.text
    assert "Jobs are not counted for /metrics" in caplog.text
