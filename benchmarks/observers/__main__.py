"""Measure what observers and request ids cost for each call, and print a table.

    python -m benchmarks.observers                 a minute
    python -m benchmarks.observers --rounds 5      a look

One process calls an SDK, 64 calls at a time, in each of the ways of `variants` one after another,
round by round. The cost is the median over the rounds of the difference to the plain way in the
same round. prometheus_client and opentelemetry-api are measured where they are installed.
"""

from __future__ import absolute_import, division, print_function

import argparse
import gc
import os
import platform
import resource
import sys

from tornado import gen
from tornado.ioloop import IOLoop

from benchmarks import machine, upstream
from benchmarks.observers import variants
from waterspout import CallContext

#: Calls at a time, and calls of each way in each round.
CONCURRENT = 64
CALLS = 3200

#: What a gateway sends, about.
PAYLOAD = {"keys": ["name"], "datas": [{"name": "web-1", "ip": "10.0.0.1"}]}


def main(arguments):
    # type: (list[str]) -> int
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.observers", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=25)
    options = parser.parse_args(arguments)
    with upstream.running() as server:
        ways = variants.of(server.url)
        taken = IOLoop.current().run_sync(lambda: measure(ways, options.rounds))
    about = machine.describe()
    print("%s %s, %s, %d cores; %s; CPU of the calling process for each call" % (
        platform.python_implementation(), platform.python_version(), about["cpu"], about["cores"],
        server.title))
    print("")
    print("| | CPU, us | more than plain, us |")
    print("|---|---:|---:|")
    plain = taken[ways[0].name]
    for way in ways:
        more = [one - other for one, other in zip(taken[way.name], plain)]
        print("| %s | %.1f | %s |" % (
            way.name, median(taken[way.name]), "" if way is ways[0] else "%.1f" % median(more)))
    return 0


@gen.coroutine
def measure(ways, rounds):
    """Return for each way's name the microseconds of a call, a number for each round."""
    for way in ways:
        yield calls(way)  # To warm up.
    taken = dict((way.name, []) for way in ways)
    for number in range(rounds):
        # Each way has each place once: what comes after another may be slower.
        for way in ways[number % len(ways):] + ways[:number % len(ways)]:
            gc.collect()
            began = cpu_seconds()
            yield calls(way)
            taken[way.name].append((cpu_seconds() - began) / CALLS * 1e6)
    raise gen.Return(taken)


@gen.coroutine
def calls(way):
    yield [worker(way) for _ in range(CONCURRENT)]


@gen.coroutine
def worker(way):
    sdk = way.sdk
    for number in range(CALLS // CONCURRENT):
        if way.in_context:
            sdk = way.sdk.in_context(
                CallContext(request_id="4bf92f3577b34da6a3ce929d0e0e%04d" % number))
        yield sdk.fetch_async("POST", "/object/{object_id}/instance/_import",
                              path={"object_id": "HOST"}, json=PAYLOAD)


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def median(values):
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


if __name__ == "__main__":
    os.environ.pop("PROMETHEUS_MULTIPROC_DIR", None)  # Values in files cost more.
    sys.exit(main(sys.argv[1:]))
