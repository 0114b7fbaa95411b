"""What observers say of retries, circuit breakers, bulkheads and hosts of real calls."""

from __future__ import absolute_import, division, print_function

import logging
import socket

import pytest
from expositions import Exposition
from scripted_upstream import NEVER, URL, ScriptedUpstream
from tornado import gen

import waterspout
from waterspout.exceptions import BulkheadFull, CircuitOpen, ConnectError, ReadTimeout
from waterspout.instrumentation import CallRecorder, LogObserver, waterfall
from waterspout.instrumentation.prometheus import PrometheusObserver
from waterspout.instrumentation.prometheus.labels import Labels
from waterspout.instrumentation.prometheus.pool_metrics import WrittenPoolMetrics
from waterspout.instrumentation.statsd import StatsdObserver

SERVER = {"server_address": "host.test", "server_port": "80"}

#: Opens after the first failure.
TOUCHY = waterspout.CircuitBreaker(minimum_calls=1, open_seconds=1)


def retry(pause=0.0, **options):
    return waterspout.Retry(backoff_factor=pause, **options)


def calls(io_loop, upstream, number=1, then=None, seconds=100.0, **options):
    """Make so many calls, one after the other, and return what ``then(session)`` returns."""
    @gen.coroutine
    def script(clock):
        session = upstream.session(**options)
        for _ in range(number):
            call = session.get(URL, operation="/a")
            yield clock.advance(seconds)
            call.exception()
        raise gen.Return(then and then(session))

    return upstream.run(io_loop, script)


@pytest.fixture
def lines(caplog):
    caplog.set_level(logging.DEBUG, logger="waterspout.calls")
    return lambda: [(record.levelname, record.getMessage()) for record in caplog.records
                    if record.name == "waterspout.calls"]


# LogObserver

def test_retries_are_counted_in_the_line_of_the_call(io_loop, lines):
    """Whatever they were for."""
    calls(io_loop, ScriptedUpstream(503, ConnectError, 200), retry=retry(),
          observers=[LogObserver(slow=None)])
    ((level, line),) = lines()
    assert level == "DEBUG" and " exchanges=3 retries=2 " in line


def test_call_without_retries_has_none_in_its_line(io_loop, lines):
    """Though it may be retried."""
    calls(io_loop, ScriptedUpstream(200), retry=retry(), observers=[LogObserver(slow=None)])
    ((_, line),) = lines()
    assert "retries" not in line


def test_retry_that_was_refused_is_counted(io_loop, lines):
    """A circuit breaker has opened between the attempts: the second one sent nothing."""
    calls(io_loop, ScriptedUpstream(503), retry=retry(), breaker=TOUCHY, observers=[LogObserver()])
    ((_, opened), (_, line)) = lines()
    assert " retries=1" in line and "CircuitOpen in pool" in line
    assert opened == "circuit breaker of http://host.test:80 opened: 1 of 1 calls failed"


def test_bad_changes_of_a_circuit_are_warnings(io_loop, lines):
    """Good ones are not."""
    calls(io_loop, ScriptedUpstream(503, 503, 200), 3, breaker=TOUCHY,
          observers=[LogObserver(slow=None)])
    name = "circuit breaker of http://host.test:80 "
    assert [each for each in lines() if each[1].startswith("circuit")] == [
        ("WARNING", name + "opened: 1 of 1 calls failed"),
        ("INFO", name + "is half-open: a call tries it"),
        ("WARNING", name + "is open again: the call that tried it failed"),
        ("INFO", name + "is half-open: a call tries it"),
        ("INFO", name + "closed")]


def balanced(upstream, **options):
    """An SDK with two hosts, of which the first failure ejects one."""
    return waterspout.BaseSDK(
        ["10.0.0.1:80", "10.0.0.2:80"], transport=upstream.mock,
        balancer=waterspout.Balancer(max_failures=1, pause=2.0), **options)


def sdk_calls(io_loop, upstream, number, then=None, **options):
    @gen.coroutine
    def script(clock):
        sdk = balanced(upstream, **options)
        for _ in range(number):
            call = sdk.fetch_async("GET", "/a")
            yield clock.advance(10)
            call.exception()
        raise gen.Return(then and then(sdk))

    return upstream.run(io_loop, script)


def test_ejection_of_a_host_is_a_warning(io_loop, lines):
    """Its return is none."""
    sdk_calls(io_loop, ScriptedUpstream(ConnectError, 200), 12, observers=[LogObserver(slow=None)])
    found = [each for each in lines() if each[1].startswith("host ")]
    assert found[0][0] == "WARNING" and found[0][1] in (
        "host http://10.0.0.1:80 ejected for 2 s", "host http://10.0.0.2:80 ejected for 2 s")
    assert found[1:] in ([], [("INFO", found[0][1].replace("ejected for 2 s", "is healthy again"))])


@pytest.mark.parametrize("key, name", [
    (("http", "::1", 80), "http://[::1]:80"), ((socket.AF_INET, ("10.0.0.1", 80)), "10.0.0.1:80"),
    ((socket.AF_INET6, ("fe80::1", 80, 0, 2)), "[fe80::1]:80"),
])
def test_hosts_have_names(lines, key, name):
    """Hosts and addresses of both families."""
    LogObserver().host_changed(_change(key))
    assert lines() == [("WARNING", "host %s ejected for 1.5 s" % name)]


def _change(key, after="ejected"):
    from waterspout.policies.balancer import HostChange

    return HostChange(key, "healthy", after, 1.5, 7.0)


# PrometheusObserver

@pytest.fixture
def metrics():
    library = pytest.importorskip("prometheus_client")
    return PrometheusObserver(registry=library.CollectorRegistry())


def shown(observer):
    return Exposition(observer.exposition()[1].decode("utf-8"))


def watching(metrics):
    def then(session):
        metrics.watch(session)
        return shown(metrics)

    return then


RETRIES = "http_client_request_retries_total"
REFUSED = "http_client_refused_requests_total"


def test_retries_are_counted_by_their_reason(io_loop, metrics):
    """The labels of the call, and the status or the class of the error."""
    calls(io_loop, ScriptedUpstream(503, 503, ConnectError, 200), retry=retry(total=3),
          observers=[metrics])
    seen = shown(metrics)
    labels = dict(SERVER, http_request_method="GET", operation="/a", upstream="")
    assert seen.values(RETRIES, http_response_status_code="503", error_type="503", **labels) == [2]
    assert seen.values(
        RETRIES, http_response_status_code="", error_type="ConnectError", **labels) == [1]
    assert seen.total("http_client_request_duration_seconds_count") == 1


def test_circuits_are_shown_by_their_state(io_loop, metrics):
    """One series for each state, so that sums over processes mean something."""
    seen = calls(io_loop, ScriptedUpstream(503), 1, watching(metrics), 0.5, breaker=TOUCHY,
                 observers=[metrics])
    assert [seen.values("http_client_circuits", http_circuit_state=state, **SERVER)
            for state in ("closed", "open", "half-open")] == [[0], [1], [0]]
    assert seen.values(
        "http_client_circuit_changes_total", http_circuit_state="open", **SERVER) == [1]


def test_refused_calls_are_counted_by_what_refused_them(io_loop, metrics):
    """Once, however often the metrics are scraped."""
    upstream = ScriptedUpstream(503, 200, 503)
    options = dict(
        breaker=waterspout.CircuitBreaker(minimum_calls=3, open_seconds=30),
        retry=retry(total=1, budget=waterspout.RetryBudget(ratio=0.01, burst=1)),
        observers=[metrics])

    def then(session):
        metrics.watch(session)
        return [shown(metrics) for _ in range(2)]

    for seen in calls(io_loop, upstream, 5, then, 0.1, **options):
        assert seen.values(REFUSED, policy="circuit_breaker", **SERVER) == [3]
        assert seen.values(REFUSED, policy="retry_budget", **SERVER) == [1]


def test_bulkheads_show_who_is_in_them(io_loop, metrics):
    """What runs, what waits and what was refused; all bulkheads of an upstream together."""
    upstream = ScriptedUpstream(NEVER)

    @gen.coroutine
    def script(clock):
        session = upstream.session(
            bulkhead=waterspout.Bulkhead(max_concurrent=1, max_queued=1), observers=[metrics],
            operations={"/b": {"bulkhead": waterspout.Bulkhead(max_concurrent=5)}})
        metrics.watch(session)
        made = [session.get(URL, operation=name) for name in ("/a", "/a", "/a", "/b", "/b")]
        yield clock.advance(0.1)
        assert type(made[2].exception()) is BulkheadFull
        stats = session.stats()["http://host.test:80"]
        assert (stats["bulkhead_running"], stats["bulkhead_queued"]) == (3, 1)
        seen = shown(metrics)
        yield session.close()
        for call in made:
            with pytest.raises(waterspout.RequestException):
                yield call
        raise gen.Return(seen)

    seen = upstream.run(io_loop, script)
    name = "http_client_bulkhead_requests"
    assert seen.values(name, http_bulkhead_state="running", **SERVER) == [3]
    assert seen.values(name, http_bulkhead_state="queued", **SERVER) == [1]
    assert seen.values(REFUSED, policy="bulkhead", **SERVER) == [1]


def test_states_that_sessions_share_are_shown_once(io_loop, metrics):
    """An SDK for each request has the circuit breaker of all."""
    upstream = ScriptedUpstream(200)

    @gen.coroutine
    def script(clock):
        session = upstream.session(
            breaker=TOUCHY, observers=[metrics], operations={"/b": {"retry": 1}})
        for name in ("/a", "/b"):
            session.get(URL, operation=name)
        yield clock.advance(1)
        metrics.watch(session)
        raise gen.Return(shown(metrics))

    seen = upstream.run(io_loop, script)
    assert seen.total("http_client_circuits") == 1


def test_ejected_hosts_are_shown(io_loop, metrics):
    """By the address of the host, and how often that happened."""
    seen = sdk_calls(
        io_loop, ScriptedUpstream(ConnectError), 1, watching(metrics), observers=[metrics])
    hosts = "http_client_ejected_hosts"
    assert seen.total(hosts) == 1 and len(seen.values(hosts, server_port="80")) == 2
    assert seen.total("http_client_host_ejections_total") == 1


def test_sessions_without_policies_have_no_such_series(io_loop, metrics):
    """They would be nothing but zeros."""
    seen = calls(io_loop, ScriptedUpstream(200), 1, watching(metrics), observers=[metrics])
    assert not [name for name in seen.names()
                if "circuit" in name or "bulkhead" in name or "retries" in name or "host" in name]


def test_worker_writes_the_states_of_its_policies(io_loop):
    """A scrape by another worker reads them; what is refused is added once."""
    library = pytest.importorskip("prometheus_client")
    registry = library.CollectorRegistry()
    written = WrittenPoolMetrics(registry, "", Labels(1))
    upstream = ScriptedUpstream(503)

    def value(name, **labels):
        return registry.get_sample_value(name, dict(SERVER, **labels))

    @gen.coroutine
    def script(clock):
        session = upstream.session(breaker=TOUCHY, bulkhead=waterspout.Bulkhead())
        written.watch(session)
        for _ in range(2):
            call = session.get(URL)
            yield clock.advance(0.1)
            call.exception()
            written.write()
            written.write()
        assert isinstance(call.exception(), CircuitOpen)
        assert value("http_client_circuits", http_circuit_state="open") == 1
        assert value("http_client_bulkhead_requests", http_bulkhead_state="running") == 0
        assert value(REFUSED, policy="circuit_breaker") == 1
        yield session.close()
        written.write()
        assert value("http_client_circuits", http_circuit_state="open") == 0

    upstream.run(io_loop, script)


# StatsdObserver

@pytest.fixture
def statsd():
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))
    sock.settimeout(30)

    def sent(observe, **options):
        observer = StatsdObserver(sock.getsockname(), **options)
        observe(observer)
        observer.close()
        found = sock.recv(65536).decode("ascii").split("\n")
        return sorted(line for line in found if line.partition("|")[2].startswith("c"))

    yield sent
    sock.close()


@pytest.mark.parametrize("tags, expected", [
    (None, ["waterspout.client.host_test_80.GET_a.retried.503:1|c",
            "waterspout.client.host_test_80.GET_a.retried.ReadTimeout:1|c",
            "waterspout.client.host_test_80.GET_a.status.200:1|c"]),
    ({}, ["waterspout.client.calls:1|c|#method:GET,operation:/a,server:host.test:80,status:200",
          "waterspout.client.retries:1|c|#error:ReadTimeout,method:GET,operation:/a,"
          "server:host.test:80",
          "waterspout.client.retries:1|c|#method:GET,operation:/a,server:host.test:80,status:503"]),
])
def test_statsd_counts_retries(io_loop, statsd, tags, expected):
    """With the name of their call."""
    assert statsd(lambda observer: calls(
        io_loop, ScriptedUpstream(503, ReadTimeout, 200), retry=retry(), observers=[observer]),
        tags=tags) == expected


@pytest.mark.parametrize("tags, circuit, host", [
    (None, "waterspout.client.host_test_80.circuit.open:1|c",
     "waterspout.client.10_0_0_1_80.host.ejected:1|c"),
    ({"env": "test"}, "waterspout.client.circuit_changes:1|c|#env:test,server:host.test:80,"
     "state:open", "waterspout.client.host_changes:1|c|#env:test,server:10.0.0.1:80,state:ejected"),
])
def test_statsd_counts_changes(io_loop, statsd, tags, circuit, host):
    """Of circuit breakers and of hosts."""
    assert circuit in statsd(lambda observer: calls(
        io_loop, ScriptedUpstream(503), breaker=TOUCHY, observers=[observer]), tags=tags)
    assert statsd(lambda observer: observer.host_changed(_change(
        (socket.AF_INET, ("10.0.0.1", 80)))), tags=tags) == [host]


def test_names_of_changes_are_bounded(statsd):
    """Addresses come and go."""
    def observe(observer):
        for number in range(3):
            observer.host_changed(_change(("http", "10.0.0.%d" % number, 80)))

    found = statsd(observe, max_names=1)
    assert found == ["waterspout.client.10_0_0_0_80.host.ejected:1|c",
                     "waterspout.client.other.host.ejected:2|c"]


# waterfall()

def test_waterfall_shows_attempts_and_pauses(io_loop):
    """A row for each attempt; a retry's begins with its pause. From details and from a response."""
    recorder = CallRecorder()
    upstream = ScriptedUpstream(
        lambda expectation: expectation.respond(503, headers={"Retry-After": "2"}),
        lambda expectation: expectation.fail(ReadTimeout), 200)
    answers = []

    @gen.coroutine
    def script(clock):
        session = upstream.session(retry=retry(), observers=[recorder])
        call = session.get(URL, operation="/a")
        yield clock.advance(10)
        answers.append(call.result())

    upstream.run(io_loop, script)
    text = waterfall(recorder.calls)
    rows = text.split("\n")[1:]
    assert rows[0].startswith("GET /a") and " 503 " in rows[0]
    assert rows[1].startswith("  GET again") and " - " in rows[1]
    assert rows[2].startswith("  GET again") and " 200 " in rows[2]
    of_response = waterfall(answers[0]).split("\n")[1:]
    assert [line.split()[:3] for line in of_response[:3]] == [
        ["GET", "/a", "503"], ["GET", "/a", "ReadTimeout"], ["GET", "/a", "200"]]
    for format in ("text", "svg"):
        assert "pause" in waterfall(answers[0], format=format)


