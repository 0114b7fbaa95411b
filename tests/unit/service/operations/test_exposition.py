"""Metrics in the text format of Prometheus, without its library."""

from __future__ import absolute_import, division, print_function

import pytest

from waterspout.service._operations.exposition import exposition

WORKERS = [
    {"worker": 0, "state": "serving", "requests": 40, "in_flight": 2, "connections": 5,
     "memory_bytes": None, "refused": {"body size": 2, "...": "1 more"},
     "admission": {"requests_waiting": 4}, "uptime_seconds": 12.5, "report_age_seconds": 0.1,
     "upstreams": {"CMDB": {"http://a:1": {
         "active": 2, "idle": 1, "queued": 0, "opened": 3, "reused": 9, "circuit": "open"}}}},
    {"worker": 3, "state": "draining", "in_flight": 0, "uptime_seconds": 1.0,
     "report_age_seconds": 7.0},
]


def test_each_family_has_its_help_its_type_and_its_samples():
    """A worker that does not know a number has no sample."""
    text = exposition(WORKERS).decode("utf-8")
    assert (
        "# HELP waterspout_workers Worker processes, by what they do.\n"
        "# TYPE waterspout_workers gauge\n"
        'waterspout_workers{state="starting"} 0\n'
        'waterspout_workers{state="serving"} 1\n'
        'waterspout_workers{state="draining"} 1\n') in text
    assert 'waterspout_worker_requests_in_flight{worker="3"} 0\n' in text
    assert 'waterspout_worker_requests_total{worker="3"}' not in text
    assert 'waterspout_worker_admission{worker="0",kind="requests_waiting"} 4\n' in text
    assert 'waterspout_worker_refused_requests_total{worker="0",kind="body size"} 2\n' in text
    assert "1 more" not in text
    assert "memory" not in text and "waterspout_ready" not in text
    assert ('waterspout_upstream_connections_reused_total'
            '{worker="0",upstream="CMDB",origin="http://a:1"} 9\n') in text


def test_library_reads_what_is_written():
    """The same numbers, of the same types."""
    parser = pytest.importorskip("prometheus_client.parser")
    families = dict((family.name, family) for family in parser.text_string_to_metric_families(
        exposition(WORKERS, "degraded").decode("utf-8")))
    assert families["waterspout_worker_requests"].type == "counter"
    assert families["waterspout_ready"].samples[0].value == 1
    sample, = families["waterspout_upstream_connections_active"].samples
    assert (sample.labels, sample.value) == (
        {"worker": "0", "upstream": "CMDB", "origin": "http://a:1"}, 2)


def test_label_cannot_end_its_line():
    """Names of upstreams are the program's."""
    odd = u'a"b\\c\nd\xe9'
    worker = dict(WORKERS[0], upstreams={odd: {u"o": {"active": 1}}})
    text = exposition([worker]).decode("utf-8")
    assert u'upstream="a\\"b\\\\c\\nd\xe9"' in text


@pytest.mark.parametrize("upstreams", [
    {"...": "3 more"}, {"CMDB": {"...": "1 more"}}, {"CMDB": {"error": "KeyError"}}, "...",
    {"CMDB": {"http://a": {"active": "many"}}}])
def test_report_that_was_shortened_gives_no_wrong_samples(upstreams):
    """What is left out is left out here, too."""
    text = exposition([dict(WORKERS[0], upstreams=upstreams)]).decode("utf-8")
    assert "upstream_connections" not in text
