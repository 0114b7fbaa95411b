"""Measure one server on one case."""

from __future__ import absolute_import, division, print_function

import contextlib
import json

from benchmarks import upstream as upstreams
from benchmarks.servers import command, connections, load, messages, processes

#: Seconds of load before what is counted: templates are compiled, connections made.
WARM_UP = 1

#: The head of an answer has not more bytes.
_HEAD = 1024

#: Where an application says what its template takes, for the kinds that have one.
_TEMPLATE_COST = {"page": "/page-cost"}


def measure(entry, case, upstream, wrk, seconds, environ):
    # type: (Entry, Case, str, str, int, dict[str, str]) -> dict[str, float]
    """Start the server, measure, and end it. Raises what `FAILURES` names."""
    port = upstreams.free_port()
    arguments = command(entry, case, port, upstream)
    with processes.running(arguments, port, dict(environ, UPSTREAM=upstream)) as server:
        message = messages.request(case, port)
        answered(case, port, message)
        return (loaded if case.busy else idle)(case, server, message, wrk, seconds)


#: What ends a run, and not the others.
FAILURES = (processes.DidNotStart, load.Failed, messages.WrongAnswer, connections.Lost,
            EnvironmentError)


def loaded(case, server, message, wrk, seconds):
    # type: (Case, Server, str, str, int) -> dict[str, float]
    """Count requests and CPU while as many connections are busy as the case says."""
    with contextlib.closing(connections.Crowd(server.port, message, case.idle)) as crowd:
        load.run(wrk, message, server.port, case.busy, WARM_UP, 10 ** 6)
        length = answered(case, server.port, message)
        cpu = server.cpu_seconds()
        counts = load.run(wrk, message, server.port, case.busy, seconds, 2 * 10 ** 6)
        cpu = server.cpu_seconds() - cpu
        crowd.check()
    if answered(case, server.port, message) != length:
        raise messages.WrongAnswer("the answers have not all the same length")
    check_counts(counts, length, case.busy)
    result = {
        "calls": counts.requests,
        "calls_per_second": counts.requests / counts.seconds,
        "cpu_us_per_call": cpu / counts.requests * 1e6,
        "peak_mib": server.memory_kib("VmHWM") / 1024.0,
    }
    if case.kind.name in _TEMPLATE_COST:
        ask = messages.head("GET", _TEMPLATE_COST[case.kind.name], [("Host", "127.0.0.1")])
        result["template_us"] = json.loads(
            connections.ask(server.port, ask, 0)[2].decode("utf-8"))["us"]
    return result


def idle(case, server, message, wrk, seconds):
    # type: (Case, Server, str, str, int) -> dict[str, float]
    """Measure the memory of a connection that waits for its next request."""
    load.run(wrk, message, server.port, 64, WARM_UP, 10 ** 6)
    before = server.memory_kib()
    with contextlib.closing(connections.Crowd(server.port, message, case.idle)) as crowd:
        after = server.memory_kib()
        crowd.check()
    return {"kib_per_connection": (after - before) / float(case.idle)}


def answered(case, port, message):
    # type: (Case, int, str) -> int
    """Check one answer; return the length of its body. Raises WrongAnswer."""
    status, headers, body = connections.ask(port, message, 0)
    messages.check(case, status, headers, body)
    return len(body)


def check_counts(counts, length, busy):
    # type: (Counts, int, int) -> None
    """Raises WrongAnswer unless what was read agrees with so many answers of this length."""
    if counts.failed:
        raise messages.WrongAnswer("%d of %d requests failed" % (counts.failed, counts.requests))
    if not counts.requests:
        raise messages.WrongAnswer("no request was answered")
    least, most = counts.requests * length, (counts.requests + busy) * (length + _HEAD)
    if not least <= counts.bytes <= most:
        raise messages.WrongAnswer("%d answers of %d bytes were %d bytes in all" % (
            counts.requests, length, counts.bytes))
