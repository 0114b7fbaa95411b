"""docs/logging.md, prometheus.md and statsd.md: their tables and lines are what observers do."""

from __future__ import absolute_import, division, print_function

import inspect
import io
import logging
import os
import re

import doc_pages
import pytest
from observed_details import done, exchange, failed, received, sent, started
from raw_server import RawServer, answering, response
from served_app import ServedApp

import waterspout
from waterspout import CircuitChange, HostChange
from waterspout.instrumentation import CallRetried, LogObserver
from waterspout.instrumentation.prometheus import PrometheusObserver, labels
from waterspout.instrumentation.prometheus.pool_metrics import WRITE_EVERY
from waterspout.instrumentation.statsd import StatsdObserver, datagrams
from waterspout.models.traces import PHASES


def text(page):
    with io.open(os.path.join(doc_pages.ROOT, page), encoding="utf-8") as file:
        return re.sub(r"\s+", " ", file.read())


def defaults(cls):
    """Of the arguments by which it is made."""
    arguments = (getattr(inspect, "getfullargspec", None) or inspect.getargspec)(cls.__init__)
    return dict(zip(arguments.args[-len(arguments.defaults):], arguments.defaults))


def test_log_lines_look_as_on_the_page(caplog):
    """Apart from numbers."""
    caplog.set_level(logging.DEBUG, logger="waterspout.calls")
    observer = LogObserver()
    server = "http://127.0.0.1:8079"
    observer.call_done(done(
        operation="/object/{kind}/instance/_search", origin=server,
        context=waterspout.CallContext(request_id="4bf92f3577b34da6a3ce929d0e0e4736"),
        exchanges=(exchange(reused=False, moments=(
            100.0, 100.0, None, 100.0004, None, None, 100.0116, 100.0116)),)))
    error = waterspout.ConnectTimeout("GET http://127.0.0.1:8079/hosts: ...")
    observer.call_failed(failed(
        error, method="GET", operation=None, origin=server, upstream=None, request_bytes=0,
        exchanges=(exchange(None, reused=False, failed=103.0,
                            moments=(100.0, 100.0, None, 103.0)),)))
    host = "http", "127.0.0.1", 8080
    for states in (("closed", "open"), ("open", "half-open"), ("half-open", "closed")):
        observer.circuit_changed(CircuitChange(server, states[0], states[1], 20, 12, 0.0))
    observer.host_changed(HostChange(host, "healthy", "ejected", 2.0, 0.0))
    observer.host_changed(HostChange(host, "probation", "healthy", 0.0, 0.0))
    shown = [shape(line) for block in doc_pages.blocks("docs/logging.md", "text")
             for line in block.source.splitlines()]
    assert [shape(record.getMessage()) for record in caplog.records] == shown


def shape(line):
    return re.sub(r"\d+\.\dms", "0.0ms", line)


def test_logging_page_has_every_phase():
    """In the order of the line."""
    assert ", ".join("`%s`" % phase for phase in PHASES) in text("docs/logging.md")


def registry_with_all():
    library = pytest.importorskip("prometheus_client")
    registry = library.CollectorRegistry()
    observer = PrometheusObserver(registry=registry, body_sizes=True)
    observer.call_started(started())
    observer.call_done(done())
    observer.request_received(received())
    observer.response_sent(sent())
    for method, detail in policy_details():
        getattr(observer, method)(detail)
    return registry


def policy_details():
    """What policies tell observers of."""
    call = started(operation="/object/{kind}/_search").call
    return [
        ("call_retried", CallRetried(call, 100.0, 0, 503, None, 0.1)),
        ("circuit_changed", CircuitChange(call.origin, "closed", "open", 20, 12, 100.0)),
        ("host_changed", HostChange(("http", "10.0.0.7", 8079), "healthy", "ejected", 1.0, 100.0)),
    ]


#: Of sessions that are watched.
WATCHED = [
    "http_client_open_connections", "http_client_queued_requests", "http_client_circuits",
    "http_client_bulkhead_requests", "http_client_refused_requests_total",
    "http_client_ejected_hosts",
]


#: What the page calls them together.
GROUPS = {
    "server": ["http_request_method", "server_address", "server_port"],
    "name": ["operation", "upstream"],
    "outcome": ["http_response_status_code", "error_type"],
}


def test_table_of_metrics_is_complete():
    """Each metric with its kind and its labels."""
    rows = re.findall(r"\| `(http_\w+)` \| (\w+) \| ([^|]*) \|", text("docs/prometheus.md"))
    shown = {}
    for name, kind, named in rows:
        words = [word.strip(" `") for word in named.partition(":")[0].split(",")]
        found = [label for word in words for label in GROUPS.get(word, [word])]
        shown[name] = kind, sorted(found)
    metrics = {}
    for family in registry_with_all().collect():
        found = set()
        for sample in family.samples:
            found |= set(sample[1])
        name = family.name + ("_total" if family.type == "counter" else "")
        metrics[name] = family.type, sorted(found - {"le"})
    for name in WATCHED:
        assert metrics[name] == (shown[name][0], [])  # No session is watched.
        metrics[name] = shown[name]
    assert shown == metrics


@pytest.mark.parametrize("sentence, value", [
    ("the first 200 operations", defaults(PrometheusObserver)["max_operations"] == 200),
    ("first 100 origins", labels.MAX_ORIGINS == 100),
    ("written once a second", WRITE_EVERY == 1000),
])
def test_numbers_on_the_prometheus_page_are_those_of_the_observer(sentence, value):
    """Bounds and intervals."""
    assert sentence in text("docs/prometheus.md")
    assert value


def test_the_service_of_the_prometheus_page_answers_and_is_scraped(monkeypatch):
    """A request, the call that it makes, and the connections."""
    library = pytest.importorskip("prometheus_client")
    monkeypatch.setattr(library, "REGISTRY", library.CollectorRegistry())
    (block,) = [block for block in doc_pages.blocks("docs/prometheus.md", "python")
                if "class HostsHandler" in block.source]
    with RawServer(answering(response(b'{"hosts": []}'))) as upstream:
        names = {"__name__": "example"}
        doc_pages.run(block, names, [("127.0.0.1:8079", upstream.address)])
        with ServedApp(names["make_app"]) as served, served.connect() as connection:
            assert connection.get("/hosts").json == {"hosts": []}
            scraped = connection.get("/metrics").body.decode("utf-8")
    assert 'http_route="/hosts"' in scraped
    assert 'operation="/object/{kind}/hosts"' in scraped
    assert 'http_client_open_connections{http_connection_state="idle"' in scraped


def lines_of(monkeypatch, *details, **options):
    """What the observer sends for these details."""
    found = []
    monkeypatch.setattr(
        datagrams.Datagrams, "_add", lambda self, line: found.append(line.decode("ascii")))
    observer = StatsdObserver(**options)
    for method, detail in details:
        getattr(observer, method)(detail)
    observer.close()
    return [re.sub(r"process:\d+", "process:4711", line) for line in found]


def test_tagged_lines_of_the_statsd_page_are_sent(monkeypatch):
    """Each of those in its block."""
    shown = [line for block in doc_pages.blocks("docs/statsd.md", "text")
             for line in block.source.splitlines()]
    lines = lines_of(
        monkeypatch, ("call_started", started()),
        ("call_done", done(operation="/object/{kind}")),
        ("response_sent", sent(route=r"/search/(\w+)")), tags={"env": "prod"})
    assert len(shown) == 4
    assert set(shown) <= set(lines)


def test_names_of_the_statsd_page_are_those_of_the_observer(monkeypatch):
    """The table, and the example below it."""
    page = text("docs/statsd.md")
    changed = {"operation": "/object/{kind}/_search"}
    lines = lines_of(
        monkeypatch, ("call_started", started(**changed)),
        ("call_done", done(seconds=0.0123, **changed)),
        ("call_failed", failed(waterspout.ConnectTimeout("no"), **changed)),
        ("request_received", received()), ("response_sent", sent()),
        ("response_sent", sent(cut_off=True)), *policy_details(), prefix="shop")
    assert "`shop.client.InventorySDK.POST_object_kind_search.duration:12.300|ms`" in page
    assert "shop.client.InventorySDK.POST_object_kind_search.duration:12.300|ms" in lines
    table = set(re.findall(r"\| `([\w.]+)` \|", page))
    found = set()
    for line in lines:
        name = line.partition(":")[0][len("shop."):]
        name = name.replace("InventorySDK.POST_object_kind_search", "TARGET.NAME")
        name = name.replace("10_0_0_7_8079", "SERVER")
        name = name.replace("search.POST", "ROUTE.METHOD").replace(str(os.getpid()), "PID")
        found.add(name)
    assert found == table


@pytest.mark.parametrize("sentence, value", [
    ("a datagram of 1432 bytes", datagrams.MAX_BYTES == 1432),
    ("the first 500 (`max_names=`)", defaults(StatsdObserver)["max_names"] == 500),
    ("after half a second", defaults(StatsdObserver)["interval"] == 0.5),
])
def test_numbers_on_the_statsd_page_are_those_of_the_observer(sentence, value):
    """Bounds."""
    assert sentence in text("docs/statsd.md")
    assert value
