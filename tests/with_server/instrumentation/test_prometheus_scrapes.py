"""Metrics of four workers, one of which is killed and replaced: each request is counted once."""

from __future__ import absolute_import, division, print_function

import json
import os
import re
import shutil
import signal
import subprocess

import doc_pages
import pytest
from free_ports import free_port
from metered_service import CLIENT_DURATION, DURATION, MeteredService, connects
from programs import wait_until
from raw_client import RawConnection, request_bytes
from raw_server import RawServer, answering, response

WORK = {"http_route": r"/jobs/(\w+)", "http_request_method": "POST",
        "http_response_status_code": "200", "error_type": ""}
CALLS = {"http_request_method": "POST", "operation": "/object/{kind}", "upstream": "UpstreamSDK",
         "http_response_status_code": "200"}
ACTIVE = "http_server_active_requests"


def test_sums_are_right_through_the_restart_of_a_worker(metered, upstream):
    """Every request and every call is counted once, and gauges of the dead worker are gone."""
    service = metered()
    workers = set(service.workers)
    assert len(workers) == 4
    answered = set()
    while answered != workers:
        answered |= service.work(40)
    sent = len(upstream.received)

    held, pid = service.hold()
    service.scraped(lambda seen: seen.total(ACTIVE, http_request_method="PUT") == 1,
                    "the request that is held")
    before = service.scraped(lambda seen: seen.total(DURATION, **WORK) >= sent, "all requests")
    assert before.total(DURATION, **WORK) == sent

    new = service.kill(pid)
    assert new not in workers
    held.socket.close()
    service.work(40)
    sent = len(upstream.received)

    # A scrape reads one file after the other: a request may end in between.
    after = service.scraped(
        lambda seen: seen.total(DURATION, **WORK) >= sent
        and seen.values(ACTIVE, http_request_method="POST") == [0]
        and seen.values("http_client_active_requests") == [0], "all requests")
    assert after.total(DURATION, **WORK) == sent
    assert after.values(CLIENT_DURATION, **CALLS) == [sent]
    assert after.total("http_client_request_body_size_bytes_sum") == 2 * sent
    assert after.total("http_client_response_body_size_bytes_sum") == len(b'{"done": true}') * sent
    assert after.total("http_client_request_time_in_queue_seconds_count") == sent
    (whole,) = after.values("http_server_request_duration_seconds_bucket", le="+Inf", **WORK)
    assert whole == sent
    # The scrape itself is a request that is not answered yet.
    assert after.values(ACTIVE, http_request_method="POST") == [0]
    assert after.total(ACTIVE, http_request_method="PUT") == 0
    assert after.values(ACTIVE, http_request_method="GET") == [1]
    assert after.values("http_client_active_requests") == [0]
    idle = service.scraped(
        lambda seen: 1 <= seen.total("http_client_open_connections", http_connection_state="idle")
        and seen.total("http_client_open_connections", http_connection_state="active") == 0,
        "the connections of all workers")
    assert idle.total("http_client_queued_requests") == 0
    port = str(upstream.port)
    assert set(labels["server_port"] for _, labels, _ in idle.samples
               if "server_port" in labels) == {port}


def test_worker_that_is_killed_at_work_loses_no_count(metered, upstream):
    """What was answered was counted; what it had not answered may be missing, nothing else."""
    service = metered()
    answered = 0
    for pid in sorted(service.workers)[:2]:
        opened = [RawConnection(service.port) for _ in range(16)]
        for connection in opened:
            connection.send(request_bytes("POST", "/jobs/host", b"{}"))
        service.kill(pid)
        for connection in opened:
            answered += is_answered(connection)
            connection.socket.close()
    service.work(40)
    service.scraped(
        lambda seen: seen.total(DURATION, **WORK) >= answered + 40
        and seen.total(ACTIVE, http_request_method="POST") == 0, "all answered requests")
    assert service.scrape().total(DURATION, **WORK) <= len(upstream.received)


def is_answered(connection):
    try:
        answer = connection.read_answer()
    except EnvironmentError:  # Reset.
        return False
    return answer is not None and answer.status == 200


def test_directory_is_temporary_unless_there_is_one(metered):
    """It is removed with the service, and the exit code says that all went well."""
    service = metered(processes=2)
    service.work(8)
    assert os.listdir(service.directory)
    service.signal(signal.SIGTERM)
    assert service.wait() == 0
    assert not os.path.exists(service.directory)


def test_files_of_an_earlier_run_do_not_count(metered, tmp_path, upstream):
    """Nor do those of a service that was killed."""
    directory = str(tmp_path / "metrics")
    first = metered(directory=directory)
    first.work(16)
    assert first.directory == directory
    os.killpg(first.pid, signal.SIGKILL)
    first.process.wait()
    assert [name for name in os.listdir(directory) if name.endswith(".db")]
    upstream.received[:] = []
    second = metered(directory=directory)
    second.work(8)
    seen = second.scraped(lambda seen: seen.total(DURATION, **WORK) >= 8, "all requests")
    assert seen.total(DURATION, **WORK) == len(upstream.received) == 8


def test_gauges_vanish_when_the_workers_stop(metered, tmp_path):
    """All files of gauges are removed by the parent; counts stay until the next start."""
    directory = tmp_path / "metrics"
    service = metered(directory=str(directory), processes=2)
    service.work(8)
    wait_until(lambda: list(directory.glob("gauge_*.db")), "the gauges")
    service.signal(signal.SIGTERM)
    service.wait()
    assert list(directory.glob("gauge_*.db")) == []
    assert list(directory.glob("histogram_*.db"))


def test_one_process_answers_from_memory(tmp_path, upstream):
    """With processes=1 the same program has its files as well, and the same sums."""
    pytest.importorskip("prometheus_client")
    options = dict(upstream=upstream.address, processes=1)
    with MeteredService(tmp_path, options) as service:
        service.wait_until_ready()
        service.work(8)
        seen = service.scraped(lambda seen: seen.total(DURATION, **WORK) >= 8, "all requests")
        assert seen.total(DURATION, **WORK) == 8


def test_policies_of_all_workers_are_added_up(tmp_path):
    """Retries are counted once each; a circuit breaker of each worker that has called is shown."""
    pytest.importorskip("prometheus_client")
    answers = [response(status=503, reason="No"), response(b'{"done": true}')] * 16
    with RawServer(answering(*answers)) as upstream:
        options = dict(upstream=upstream.address, processes=2, policies="yes")
        with MeteredService(tmp_path, options) as service:
            service.wait_until_ready()
            for _ in range(4):
                service.work(4, connections=1)
            retries = len(upstream.received) - 16
            seen = service.scraped(
                lambda seen: seen.total("http_client_request_retries_total") >= retries
                and seen.total("http_client_circuits") >= 1, "all retries")
    assert seen.total("http_client_request_retries_total", error_type="503") == retries > 0
    assert 1 <= seen.total("http_client_circuits", http_circuit_state="closed") <= 2
    assert seen.total("http_client_bulkhead_requests") == 0


# With a Prometheus server

PAGE = "docs/prometheus.md"

#: Before what the page says of the service.
OFTEN = u"global:\n  scrape_interval: 250ms\n  scrape_timeout: 250ms\n"


def configuration(target):
    """That of the page, for this port."""
    (block,) = [block for block in doc_pages.blocks(PAGE, "text")
                if block.source.startswith("scrape_configs:")]
    return OFTEN + block.source.replace(u"127.0.0.1:8000", u"127.0.0.1:%d" % target)


def expressions():
    """Those of the page."""
    return [block.source for block in doc_pages.blocks(PAGE, "text")
            if not block.source.startswith("scrape_configs:")]


class Prometheus(object):
    """A Prometheus server that scrapes a port."""

    def __init__(self, folder, target):
        (folder / "prometheus.yml").write_text(configuration(target))
        self.port = free_port()
        self._log = open(str(folder / "prometheus.log"), "wb")
        self._process = subprocess.Popen(
            ["prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=data",
             "--web.listen-address=127.0.0.1:%d" % self.port],
            cwd=str(folder), stdout=self._log, stderr=self._log, close_fds=True)

    def __enter__(self):
        wait_until(lambda: connects(self.port) and self.query("vector(1)"), "the Prometheus server")
        return self

    def __exit__(self, *exc_info):
        self._process.kill()
        self._process.wait()
        self._log.close()

    def query(self, expression):
        """The value of an expression with one result; None: with no result."""
        result = self.results(expression)
        assert result is None or len(result) <= 1, result
        return float(result[0]["value"][1]) if result else None

    def results(self, expression):
        """All results of an expression; None while the server is starting."""
        escaped = re.sub(
            r"[^A-Za-z0-9_.()]", lambda found: "%%%02X" % ord(found.group()), expression)
        with RawConnection(self.port) as connection:
            answer = connection.get("/api/v1/query?query=" + escaped)
        if answer.status == 503:
            return None
        assert answer.status == 200, answer
        return json.loads(answer.body.decode("utf-8"))["data"]["result"]

    def wait_for(self, expression, value):
        """Until it has scraped what makes the expression have this value."""
        seen = []

        def equal():
            seen.append(self.query(expression))
            return seen[-1] == value

        try:
            wait_until(equal, "%s = %r" % (expression, value))
        except AssertionError as error:
            raise AssertionError("%s; it was %r" % (error, seen[-1]))


@pytest.fixture
def prometheus(tmp_path):
    """Start a Prometheus server for a port."""
    if not any(os.access(os.path.join(folder, "prometheus"), os.X_OK)
               for folder in os.environ.get("PATH", "").split(os.pathsep)):
        (pytest.fail if os.environ.get("STRICT_TESTS") else pytest.skip)(
            "no Prometheus server here (Debian's package: prometheus)")
    folder = tmp_path / "prometheus"
    folder.mkdir()
    servers = []

    def start(target):
        servers.append(Prometheus(folder, target))
        return servers[-1].__enter__()

    yield start
    for server in servers:
        server.__exit__()
    shutil.rmtree(str(folder), ignore_errors=True)


@pytest.mark.slow
def test_a_prometheus_server_sees_right_sums_through_the_restart(metered, prometheus, upstream):
    """No sum falls when the worker dies, and each request is counted once."""
    service = metered()
    server = prometheus(service.port)
    while service.work(40) != set(service.workers):
        pass
    held, pid = service.hold()
    count = 'sum(%s{http_route=~"/jobs/.*"})' % DURATION
    calls = 'sum(%s{upstream="UpstreamSDK"})' % CLIENT_DURATION
    active = 'sum(%s{http_request_method="%%s"})' % ACTIVE
    server.wait_for(count, len(upstream.received))
    server.wait_for(active % "PUT", 1)

    service.kill(pid)
    held.socket.close()
    service.work(40)
    server.wait_for(count, len(upstream.received))
    server.wait_for(calls, len(upstream.received))
    server.wait_for('sum(%s{upstream="UpstreamSDK",error_type!=""}) or vector(0)'
                    % CLIENT_DURATION, 0)
    # The series of the held request had no value but that of the dead worker.
    server.wait_for("%s or vector(0)" % (active % "PUT"), 0)
    server.wait_for(active % "POST", 0)
    assert server.query('sum(resets(%s[1h]))' % DURATION) == 0
    assert server.query('sum(resets(%s[1h]))' % CLIENT_DURATION) == 0
    # A scrape fails if its worker is killed meanwhile; none is answered with an error.
    assert "Incident" not in service.errors
    quantile = ("histogram_quantile(0.99, sum by (le) (rate("
                'http_server_request_duration_seconds_bucket{http_route=~"/jobs/.*"}[1m])))')
    assert 0 < server.query(quantile) < 10
    for expression in expressions():
        for result in server.results(expression.replace("[5m]", "[1m]")):
            assert 0 <= float(result["value"][1]) < 10, (expression, result)
