"""Start the upstreams, and run scenarios against them, each way in a process of its own."""

from __future__ import absolute_import, division, print_function

import contextlib
import subprocess
import sys

from benchmarks import outage, runner
from benchmarks.upstream import DidNotStart

#: As many as a scenario has at most.
_UPSTREAMS = 3


@contextlib.contextmanager
def upstreams():
    # type: () -> Iterator[list[str]]
    """Have processes for as long as the block takes: a URL and that of its control for each."""
    processes = [subprocess.Popen(
        [sys.executable, "-m", "benchmarks.outage.upstream"], cwd=runner.ROOT,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(_UPSTREAMS)]
    try:
        urls = []
        for process in processes:
            ports = process.stdout.readline().split()
            if not ports:
                raise DidNotStart("an upstream did not start")
            urls += ["http://127.0.0.1:%d" % int(port) for port in ports]
        yield urls
    finally:
        for process in processes:
            process.stdin.close()  # Which ends it.
            process.wait()
            process.stdout.close()


def runs(planned, urls, settings, short=1.0):
    # type: (list[tuple[Scenario, str]], list[str], Settings, float) -> Iterator[dict[str, Any]]
    """Yield the figures of each run; the ways of a scenario follow each other in each round.

    Raises: benchmarks.runner.Failed.
    """
    for number in range(settings.rounds):
        for scenario, way in planned:
            run = {"round": number, "scenario": scenario.name, "way": way}
            run.update(runner.python(
                settings, outage.packages(outage.named(way)), "benchmarks.outage.measure",
                scenario.name, way, str(1.0 if scenario.marks else short),
                *urls[:2 * len(scenario.scripts)]))
            yield run


def installed(way, settings):
    # type: (str, Settings) -> bool
    """Whether a peer can be used here."""
    if sys.version_info[0] == 2:
        return False
    modules = ", ".join(package.replace("-", "_") for package in outage.packages(
        outage.named(way)))
    environ = runner.environ(settings, outage.packages(outage.named(way)))
    process = subprocess.Popen(
        [sys.executable, "-c", "import " + modules], env=environ, stderr=subprocess.PIPE)
    process.communicate()
    return process.returncode == 0
