"""What the scoreboard knows, in the text format of Prometheus, without its client library."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING, text_type, to_text
from waterspout.service._operations.plain_values import MARK
from waterspout.service._operations.worker_reports import DRAINING, SERVING, STARTING

if TYPE_CHECKING:
    from typing import Any, Dict, Iterator, List, Text, Tuple  # noqa: F401

#: https://prometheus.io/docs/instrumenting/exposition_formats/
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_PREFIX = "waterspout_"

#: Key of a worker's report: the name of the metric, its type and its meaning.
_OF_WORKERS = (
    ("requests", "worker_requests_total", "counter", "Requests that this worker has received."),
    ("in_flight", "worker_requests_in_flight", "gauge", "Requests that are not answered yet."),
    ("connections", "worker_connections", "gauge", "Open connections of clients."),
    ("memory_bytes", "worker_memory_bytes", "gauge", "Resident memory."),
    ("uptime_seconds", "worker_uptime_seconds", "gauge", "Seconds since this worker was started."),
    ("report_age_seconds", "worker_report_age_seconds", "gauge",
     "Seconds since this worker has reported; a few, unless it is blocked."),
)

#: The same for each origin of an upstream, from ``Session.stats()``.
_OF_UPSTREAMS = (
    ("active", "upstream_connections_active", "gauge", "Connections with a call under way."),
    ("idle", "upstream_connections_idle", "gauge", "Kept connections that are free."),
    ("queued", "upstream_calls_queued", "gauge", "Calls that wait for a connection."),
    ("opened", "upstream_connections_opened_total", "counter", "Connections that were opened."),
    ("reused", "upstream_connections_reused_total", "counter",
     "Calls that had a kept connection."),
)


def exposition(workers, readiness=None):
    # type: (List[Dict[str, Any]], Any) -> bytes
    """Return the metrics of ``workers``, which `StatusReport.workers` has returned.

    Args:
        readiness (native str or None): of this process, if it was asked.
    """
    lines = []  # type: List[Text]
    states = [worker["state"] for worker in workers]
    _family(lines, "workers", "gauge", "Worker processes, by what they do.", [
        ([("state", state)], states.count(state)) for state in (STARTING, SERVING, DRAINING)])
    if readiness is not None:
        _family(lines, "ready", "gauge", "1 if the process that was asked is ready.", [
            ([], int(readiness != "unready"))])
    for key, name, kind, meaning in _OF_WORKERS:
        _family(lines, name, kind, meaning, [
            ([("worker", worker["worker"])], worker[key])
            for worker in workers if worker.get(key) is not None])
    _family(lines, "worker_refused_requests_total", "counter",
            "Requests that were refused before a handler ran.", list(_of_kinds(workers, "refused")))
    _family(lines, "worker_admission", "gauge",
            "Requests that run and wait, bytes of bodies, tenants: what counts for the limits.",
            list(_of_kinds(workers, "admission")))
    for key, name, kind, meaning in _OF_UPSTREAMS:
        _family(lines, name, kind, meaning, list(_of_upstreams(workers, key)))
    return u"".join(lines).encode("utf-8")


def _of_kinds(workers, key):
    # type: (List[Dict[str, Any]], str) -> Iterator[Tuple[List[Tuple[str, Any]], Any]]
    for worker in workers:
        counts = worker.get(key)
        for kind, count in sorted(counts.items()) if isinstance(counts, dict) else ():
            if kind != MARK:
                yield [("worker", worker["worker"]), ("kind", kind)], count


def _of_upstreams(workers, key):
    # type: (List[Dict[str, Any]], str) -> Iterator[Tuple[List[Tuple[str, Any]], Any]]
    for worker in workers:
        upstreams = worker.get("upstreams")
        for name, origins in upstreams.items() if isinstance(upstreams, dict) else ():
            for origin, counts in origins.items() if isinstance(origins, dict) else ():
                value = counts.get(key) if isinstance(counts, dict) else None
                if value is not None and not isinstance(value, (text_type, bytes)):
                    yield [("worker", worker["worker"]), ("upstream", name),
                           ("origin", origin)], value


def _family(lines, name, kind, meaning, samples):
    # type: (List[Text], str, str, str, List[Tuple[List[Tuple[str, Any]], Any]]) -> None
    if not samples:
        return
    lines.append(u"# HELP %s%s %s\n# TYPE %s%s %s\n" % (
        _PREFIX, name, meaning, _PREFIX, name, kind))
    for labels, value in samples:
        shown = u",".join(u'%s="%s"' % (label, _escaped(text)) for label, text in labels)
        lines.append(u"%s%s%s %s\n" % (
            _PREFIX, name, u"{%s}" % shown if shown else u"", value))


def _escaped(value):
    # type: (Any) -> Text
    text = to_text(value) if isinstance(value, (bytes, text_type)) else to_text(str(value))
    return text.replace(u"\\", u"\\\\").replace(u'"', u'\\"').replace(u"\n", u"\\n")
