"""What a scrape of one process shows."""

from __future__ import absolute_import, division, print_function

import struct
import sys
import threading

import pytest
from expositions import Exposition
from observed_details import ORIGIN, cancelled, done, exchange, failed, received, sent, started

import waterspout
from waterspout.instrumentation.prometheus import PrometheusObserver, pool_metrics
from waterspout.instrumentation.prometheus import observer as observer_module
from waterspout.instrumentation.prometheus.labels import MAX_ORIGINS, Labels
from waterspout.instrumentation.prometheus.pool_metrics import WrittenPoolMetrics

library = pytest.importorskip("prometheus_client")

CALLS = "http_client_request_duration_seconds_count"
REQUESTS = "http_server_request_duration_seconds_count"
SERVER = {"server_address": "10.0.0.7", "server_port": "8079", "http_request_method": "POST"}


def make(**options):
    options.setdefault("body_sizes", True)
    return PrometheusObserver(registry=library.CollectorRegistry(), **options)


def shown(observer):
    content_type, text = observer.exposition()
    assert content_type == "text/plain; version=0.0.4; charset=utf-8"
    assert type(text) is bytes
    return Exposition(text.decode("utf-8"))


def observe(observer, *ends):
    for end in ends:
        observer.call_started(started(**end.call._asdict()))
        (observer.call_done if hasattr(end, "status_code") else
         observer.call_failed if hasattr(end, "error") else observer.call_cancelled)(end)


def test_a_call_is_in_each_of_its_histograms():
    """With the labels of OpenTelemetry, and its name and SDK."""
    observer = make()
    observe(observer, done(), done(seconds=0.6))
    seen = shown(observer)
    labels = dict(SERVER, operation="/object/{kind}", upstream="InventorySDK")
    outcome = dict(labels, http_response_status_code="200", error_type="")
    assert seen.values(CALLS, **outcome) == [2]
    (seconds,) = seen.values("http_client_request_duration_seconds_sum", **outcome)
    assert seconds == pytest.approx(0.6125)
    name = "http_client_request_duration_seconds_bucket"
    assert [seen.values(name, le=le, **outcome) for le in ("0.01", "0.025", "0.5", "0.75", "+Inf")
            ] == [[0], [1], [1], [2], [2]]
    assert seen.values("http_client_request_body_size_bytes_sum", **labels) == [68]
    assert seen.values("http_client_response_body_size_bytes_sum", **labels) == [4096]
    assert seen.values("http_client_request_time_in_queue_seconds_sum", **SERVER) == [
        pytest.approx(0.002)]


def test_active_calls_are_those_that_have_begun_and_not_ended():
    """Whatever their end is."""
    observer = make()
    name = "http_client_active_requests"
    for _ in range(4):
        observer.call_started(started())
    assert shown(observer).values(name, **SERVER) == [4]
    observer.call_done(done())
    observer.call_failed(failed(waterspout.ConnectTimeout("no")))
    observer.call_cancelled(cancelled())
    assert shown(observer).values(name, **SERVER) == [1]


def test_failures_have_an_error_type():
    """The class of the error, "cancelled", or the status from 400 on."""
    observer = make()
    observe(observer, failed(waterspout.ConnectTimeout("no")), cancelled(), done(404), done(503))
    seen = shown(observer)
    found = [(error, status, seen.values(CALLS, error_type=error, http_response_status_code=status))
             for error, status in [("ConnectTimeout", ""), ("cancelled", ""), ("404", "404"),
                                   ("503", "503")]]
    assert [values for _, _, values in found] == [[1]] * 4
    assert seen.total(CALLS) == 4


def test_bodies_that_are_not_there_have_no_series():
    """A histogram of nothing for each operation would be most of a scrape."""
    observer = make()
    observe(observer, done(request_bytes=0, received=None), done(request_bytes=None, received=None))
    assert not [name for name in shown(observer).names() if "_size_bytes_" in name]


def test_queue_is_that_of_each_exchange():
    """A redirect to another server waits for a connection of that one."""
    observer = make()
    observe(observer, done(exchanges=(
        exchange(307), exchange(origin="https://other.example:443"), exchange(moments=None))))
    seen = shown(observer)
    name = "http_client_request_time_in_queue_seconds_count"
    assert seen.values(name, **SERVER) == [1]
    assert seen.values(name, server_address="other.example", server_port="443") == [1]
    assert seen.total(name) == 2


def test_labels_are_never_urls():
    """Whatever is called: a call without a name has an empty operation."""
    observer = make()
    observe(observer, done(operation=None, upstream=None), failed(ValueError("/path?token=1")))
    text = observer.exposition()[1].decode("ascii")
    assert "token" not in text and "/path" not in text
    assert shown(observer).values(CALLS, operation="", upstream="") == [1]


@pytest.mark.parametrize("origin, address, port", [
    (ORIGIN, "10.0.0.7", "8079"),
    ("https://[::1]:443", "::1", "443"),
    ("", "", ""),  # Of a call that could not be made.
])
def test_server_is_named_by_address_and_port(origin, address, port):
    """As OpenTelemetry names it."""
    observer = make()
    observe(observer, done(origin=origin))
    assert shown(observer).values(CALLS, server_address=address, server_port=port) == [1]


def test_operations_beyond_the_limit_are_other():
    """The sum stays right, and those that came first keep their series."""
    observer = make(max_operations=2)
    observe(observer, *[done(operation="/%d" % number) for number in range(5)])
    observe(observer, done(operation="/0"))
    seen = shown(observer)
    assert seen.values(CALLS, operation="/0") == [2]
    assert seen.values(CALLS, operation="/1") == [1]
    assert seen.values(CALLS, operation="other") == [3]
    assert seen.total(CALLS) == 6


def test_origins_beyond_the_limit_are_other():
    """Of a program that calls whatever it is told."""
    observer = make()
    extra = 3000  # More than are kept at hand, too.
    observe(observer, *[done(origin="http://h%d:80" % number, exchanges=())
                        for number in range(MAX_ORIGINS + extra)])
    seen = shown(observer)
    assert seen.values(CALLS, server_address="other", server_port="") == [extra]
    assert len(seen.values(CALLS)) == MAX_ORIGINS + 1
    assert seen.total("http_client_active_requests") == 0


@pytest.mark.parametrize("method", ["PURGE", "get", "X" * 5000])
def test_methods_that_no_standard_knows_are_other(method):
    """Clients choose them freely."""
    observer = make()
    observer.request_received(received(method))
    observer.response_sent(sent(405, method=method))
    observe(observer, done(method=method))
    seen = shown(observer)
    assert seen.values(REQUESTS, http_request_method="_OTHER") == [1]
    assert seen.values(CALLS, http_request_method="_OTHER") == [1]
    assert seen.values("http_server_active_requests", http_request_method="_OTHER") == [0]


def test_the_known_methods_can_be_set(monkeypatch):
    """As for spans."""
    monkeypatch.setenv("OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS", "GET, PURGE")
    observer = make()
    observe(observer, done(method="PURGE"), done(method="POST"))
    seen = shown(observer)
    assert seen.values(CALLS, http_request_method="PURGE") == [1]
    assert seen.values(CALLS, http_request_method="_OTHER") == [1]
    assert seen.values(CALLS, http_request_method="POST") == []


def test_requests_are_measured_by_route_and_status():
    """A request without a route has an empty one; 500 and more is an error."""
    observer = make()
    for response in (sent(), sent(404, route=None), sent(502), sent(499, count=None, left=True)):
        observer.request_received(received())
        observer.response_sent(response)
    observer.request_received(received("GET"))
    seen = shown(observer)
    route = {"http_route": "/search/(.*)", "http_request_method": "POST"}
    assert seen.values(REQUESTS, http_response_status_code="200", error_type="", **route) == [1]
    assert seen.values(REQUESTS, http_response_status_code="502", error_type="502", **route) == [1]
    assert seen.values(REQUESTS, http_response_status_code="499", error_type="", **route) == [1]
    assert seen.values(REQUESTS, http_response_status_code="404", http_route="") == [1]
    assert seen.values("http_server_response_body_size_bytes_sum", **route) == [34]
    assert seen.values("http_server_active_requests", http_request_method="POST") == [0]
    assert seen.values("http_server_active_requests", http_request_method="GET") == [1]


def test_a_response_that_was_cut_off_is_an_error():
    """Its status was sent; a whole response with that status has a series of its own."""
    observer = make()
    for response in (sent(), sent(count=None, cut_off=True), sent(502, count=None, cut_off=True)):
        observer.request_received(received())
        observer.response_sent(response)
    seen = shown(observer)
    assert seen.values(REQUESTS, http_response_status_code="200", error_type="") == [1]
    assert seen.values(REQUESTS, http_response_status_code="200", error_type="cut_off") == [1]
    assert seen.values(REQUESTS, http_response_status_code="502", error_type="cut_off") == [1]
    assert seen.values("http_server_response_body_size_bytes_sum") == [17]


def test_prefix_and_buckets_are_the_programs():
    """A prefix is before each name."""
    observer = make(prefix="shop_", buckets=(0.1, 1))
    observe(observer, done())
    seen = shown(observer)
    assert all(name.startswith("shop_http_") for name in seen.names())
    bounds = set(labels["le"] for name, labels, _ in seen.samples
                 if name == "shop_http_client_request_duration_seconds_bucket")
    assert bounds == {"0.1", "1.0", "+Inf"}


@pytest.mark.parametrize("buckets, error", [
    ((1, 0.5), ValueError), ((0.1, 0.1), ValueError), ((), ValueError),
    ((float("inf"),), ValueError), ((float("nan"), 1), ValueError),
    ((1, float("inf"), 2), ValueError),
    (("a",), TypeError), (5, TypeError),
])
@pytest.mark.parametrize("in_files", [False, True])
def test_wrong_buckets_are_named(monkeypatch, buckets, error, in_files):
    """In memory as in files; nothing is registered, so that another attempt succeeds."""
    monkeypatch.setattr(observer_module, "writes_files", lambda: in_files)
    registry = library.CollectorRegistry()
    with pytest.raises(error) as caught:
        PrometheusObserver(registry=registry, buckets=buckets)
    assert "buckets" in str(caught.value)
    assert list(registry.collect()) == []


def test_buckets_may_end_with_infinity():
    """As in the library."""
    observer = make(buckets=[0.1, 1, float("inf")])
    observe(observer, done())
    assert set(labels["le"] for name, labels, _ in shown(observer).samples
               if name == "http_client_request_duration_seconds_bucket") == {"0.1", "1.0", "+Inf"}


def test_a_registry_has_one_observer():
    """A second one says so, and what to do."""
    registry = library.CollectorRegistry()
    PrometheusObserver(registry=registry)
    with pytest.raises(ValueError, match="one PrometheusObserver for all"):
        PrometheusObserver(registry=registry)


def test_open_metrics_is_given_to_who_accepts_it():
    """As Prometheus servers do."""
    observer = make()
    content_type, text = observer.exposition("application/openmetrics-text; version=1.0.0")
    assert content_type.startswith("application/openmetrics-text")
    assert text.endswith(b"# EOF\n")


def test_missing_library_is_an_import_error_with_the_extra(monkeypatch):
    """Importing our module needs nothing."""
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    with pytest.raises(ImportError) as caught:
        PrometheusObserver()
    assert 'pip install "waterspout[metrics]"' in str(caught.value)


@pytest.mark.parametrize("value", ["200", 1.5, None, True])
def test_max_operations_is_an_int(value):
    """A wrong type is named."""
    with pytest.raises(TypeError, match="max_operations must be an int"):
        make(max_operations=value)


def test_max_operations_is_not_negative():
    """None at all may be wanted: all are "other" then."""
    with pytest.raises(ValueError, match="max_operations must be 0 or more, not -1"):
        make(max_operations=-1)
    make(max_operations=0)


# Connections and queues

class Pool(object):
    """A transport with counts."""

    def __init__(self, **stats):
        self._stats = stats

    def stats(self):
        return self._stats


class Watched(object):
    """A session with such a transport."""

    def __init__(self, transport):
        self.transport = transport

    def _counted_transport(self):
        return self.transport

    def _count_policies(self, counts):
        return counts


def counts(active=0, idle=0, queued=0):
    return {"active": active, "idle": idle, "queued": queued, "opened": 9, "reused": 9}


OPEN = "http_client_open_connections"


def test_connections_and_queues_of_watched_sessions_are_shown():
    """Of all together, those through proxies included; sessions that share a pool count once."""
    observer = make()
    pool = Pool(**{ORIGIN: counts(2, 1, 3), ORIGIN + " through proxy:3128": counts(1)})
    sessions = [Watched(pool), Watched(pool), Watched(Pool(**{ORIGIN: counts(1)})), Watched(None)]
    for session in sessions + sessions:
        observer.watch(session)
    seen = shown(observer)
    server = {"server_address": "10.0.0.7", "server_port": "8079"}
    assert seen.values(OPEN, http_connection_state="active", **server) == [4]
    assert seen.values(OPEN, http_connection_state="idle", **server) == [1]
    assert seen.values("http_client_queued_requests", **server) == [3]


def test_watched_sessions_are_not_kept():
    """The observer outlives them."""
    observer = make()
    session = Watched(Pool(**{ORIGIN: counts(2)}))
    observer.watch(session)
    del session
    assert shown(observer).values(OPEN) == []


def test_another_thread_gets_the_last_numbers():
    """It may not ask a pool that changes meanwhile."""
    observer = make()
    session = Watched(Pool(**{ORIGIN: counts(2)}))
    observer.watch(session)
    shown(observer)
    session.transport = Pool(**{ORIGIN: counts(5)})
    seen = []
    thread = threading.Thread(target=lambda: seen.append(shown(observer)))
    thread.start()
    thread.join()
    assert seen[0].total(OPEN, http_connection_state="active") == 2
    assert shown(observer).total(OPEN, http_connection_state="active") == 5


@pytest.fixture
def written():
    """The gauges of a worker, whose values a scrape by another worker reads."""
    registry = library.CollectorRegistry()
    metrics = WrittenPoolMetrics(registry, "", Labels(1))

    def value(state):
        return registry.get_sample_value(OPEN, {
            "server_address": "10.0.0.7", "server_port": "8079", "http_connection_state": state})

    metrics.value = value
    return metrics


def test_worker_writes_its_numbers_before_a_scrape(written, io_loop):
    """An origin that the pool has forgotten has 0 connections: a series cannot be removed."""
    session = Watched(Pool(**{ORIGIN: counts(2, 1)}))
    io_loop.run_sync(lambda: written.watch(session))
    written.write()
    assert (written.value("active"), written.value("idle")) == (2, 1)
    session.transport = Pool()
    written.write()
    assert (written.value("active"), written.value("idle")) == (0, 0)


def test_worker_writes_its_numbers_again_and_again(written, io_loop, monkeypatch):
    """Until nothing is left to watch."""
    monkeypatch.setattr(pool_metrics, "WRITE_EVERY", 1)
    sessions = [Watched(Pool(**{ORIGIN: counts(2)}))]
    write, seen = written.write, []

    def noting():
        write()
        seen.append(written.value("active"))
        if len(seen) == 2:
            del sessions[:]
        if seen[-1] == 0:
            io_loop.add_callback(io_loop.stop)

    monkeypatch.setattr(written, "write", noting)
    io_loop.add_callback(lambda: written.watch(sessions[0]))
    io_loop.start()
    assert seen == [2, 2, 0]
    assert written._timer is None


def test_file_that_a_worker_is_creating_does_not_break_a_scrape(monkeypatch):
    """It is read again; if it stays unreadable, that is an error."""
    observer = make()
    attempts, broken = [], [struct.error("unpack requires 4 bytes")]

    def registry():
        attempts.append(None)
        if len(attempts) <= len(broken):
            raise broken[0]
        return library.CollectorRegistry()

    monkeypatch.setattr(observer, "_writes_files", True)
    monkeypatch.setattr(observer_module, "_registry_of_files", registry)
    observer.exposition()
    assert len(attempts) == 2
    broken *= 100
    with pytest.raises(struct.error):
        observer.exposition()


def test_only_sessions_can_be_watched():
    """Anything else is named."""
    with pytest.raises(TypeError, match="a Session or a BaseSDK, not 5"):
        make().watch(5)


def test_sizes_of_bodies_are_not_measured_unless_asked_for():
    """They are optional in the conventions."""
    observer = make(body_sizes=False)
    observe(observer, done())
    observer.request_received(received())
    observer.response_sent(sent())
    text = observer.exposition()[1].decode("utf-8")
    assert "body_size_bytes_count{" not in text
    assert CALLS + "{" in text
    assert REQUESTS + "{" in text
