"""Measures what ways to call an SDK cost, beside a plain call in the same round.

One process calls an SDK, 64 calls at a time, in each of the ways one after another, round by round.
The cost is the median over the rounds of the difference to the first way in the same round.
"""

from __future__ import absolute_import, division, print_function

import argparse
import collections
import gc
import platform
import resource

from tornado import gen
from tornado.ioloop import IOLoop

from benchmarks import machine, upstream

#: A way to call: ``context(number)`` gives the CallContext of a call; None: it has none.
Way = collections.namedtuple("Way", "name sdk context")

#: Calls at a time, and calls of each way in each round.
CONCURRENT = 64
CALLS = 3200

#: What a gateway sends, about.
PAYLOAD = {"keys": ["name"], "datas": [{"name": "web-1", "ip": "10.0.0.1"}]}


def main(arguments, module, description, ways_of):
    # type: (list[str], str, str, Callable[[str], list[Way]]) -> int
    """Run the benchmark ``module``, and print a table; ``ways_of(url)`` makes the ways."""
    parser = argparse.ArgumentParser(
        prog="python -m %s" % module, description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=25)
    options = parser.parse_args(arguments)
    with upstream.running() as server:
        ways = ways_of(server.url)
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
        if way.context is not None:
            sdk = way.sdk.in_context(way.context(number))
        yield sdk.fetch_async("POST", "/object/{object_id}/instance/_import",
                              path={"object_id": "HOST"}, json=PAYLOAD)


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def median(values):
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
