"""Measure the CPU time of a gateway's requests, in user and kernel mode."""

from __future__ import absolute_import, division, print_function

import contextlib
import os

from benchmarks import upstream
from benchmarks.command import say
from benchmarks.options import client, gateway

#: Rounds of requests before those that are measured.
WARM_UP = 20


def seconds(python, sources, wanted, site, rounds, burst):
    # type: (str, dict[str | None, str], list[Variant], client.Site, int, int) -> dict[str, list[float]]  # noqa: E501
    """Return the CPU seconds of one request, on each variant in each round.

    All gateways run all the time, and one after the other is asked: a machine that is slower for a
    while is slower for all of them. Raises DidNotStart, WrongAnswer.

    Args:
        sources: the folder of each commit.
        rounds: in which each variant is asked once.
        burst: that many times `client.CONCURRENT` requests.
    """
    found = {variant.name: [] for variant in wanted}
    with contextlib.ExitStack() as stack:
        gateways = []
        for variant in wanted:
            port = upstream.free_port()
            process = stack.enter_context(gateway.running(
                python, sources[variant.tree], port, site.options_of(variant)))
            client.run(port, variant, site.key, WARM_UP)
            gateways.append((variant, port, process.pid))
        for number in range(rounds):
            for variant, port, pid in gateways:
                began = cpu_seconds(pid)
                client.run(port, variant, site.key, burst)
                found[variant.name].append(
                    (cpu_seconds(pid) - began) / (burst * client.CONCURRENT))
            say("CPU time: round %d of %d" % (number + 1, rounds))
    return found


def cpu_seconds(pid):
    # type: (int) -> float
    """What all threads of a process took so far.

    The sum of ``utime`` and ``stime`` in ``/proc/PID/stat``, but in nanoseconds and not in ticks of
    10 ms.
    """
    folder = "/proc/%d/task" % pid
    return sum(_nanoseconds(os.path.join(folder, thread, "schedstat"))
               for thread in os.listdir(folder)) / 1e9


def _nanoseconds(path):
    with open(path) as file:
        return int(file.read().split()[0])
