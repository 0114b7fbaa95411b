"""Measure one client on one case, in a process of its own, and print what came out as JSON.

    python -m benchmarks.measure CLIENT CASE UPSTREAM WARM_UP SECONDS

Nothing else runs here, so CPU time and peak memory of the process are the client's (and this
interpreter's). Threads that a client started count, whatever they are written in.
"""

from __future__ import absolute_import, division, print_function

import json
import resource
import sys
from timeit import default_timer as clock

from tornado import gen
from tornado.ioloop import IOLoop

from benchmarks import clients
from benchmarks.cases import Case
from benchmarks.load import Load


@gen.coroutine
def measure(entry, case, upstream, warm_up, seconds):
    # type: (Entry, Case, str, float, float) -> Future[dict[str, float]]
    """Warm up, then time as many calls as ought to take ``seconds``."""
    client = clients.load(entry)(case, upstream, entry.option)
    load = Load(client.shape(case.kind), case.concurrency)
    rate = yield warmed_up(load, warm_up)
    calls = max(int(rate * seconds), case.concurrency)

    started, cpu = clock(), cpu_seconds()
    yield load.run(calls)
    elapsed, cpu = clock() - started, cpu_seconds() - cpu

    result = {
        "calls": calls,
        "calls_per_second": calls / elapsed,
        "cpu_us_per_call": cpu / calls * 1e6,
        "peak_mib": peak_mib(),
    }
    closing = client.close()
    if closing is not None:
        yield closing
    raise gen.Return(result)


@gen.coroutine
def warmed_up(load, seconds):
    # type: (Load, float) -> Future[float]
    """Call for so long, each worker at least once; return the calls per second."""
    started = clock()
    calls = load.run(float("inf"))
    yield gen.sleep(seconds)
    load.stop()
    yield calls
    raise gen.Return(load.done / (clock() - started))


def cpu_seconds():
    # type: () -> float
    """Of this process, all its threads, in user and kernel."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def peak_mib():
    # type: () -> float
    # Linux counts it in KiB, macOS in bytes. On Linux a child begins with its parent's peak:
    # the runner is smaller than any client, and has to stay so.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024.0 * 1024.0 if sys.platform == "darwin" else 1024.0)


if __name__ == "__main__":
    name, case, upstream, warm_up, seconds = sys.argv[1:]
    arguments = (clients.named(name), Case.named(case), upstream, float(warm_up), float(seconds))
    print(json.dumps(IOLoop.current().run_sync(lambda: measure(*arguments))))
