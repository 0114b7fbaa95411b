"""Run servers on cases, one after the other, each run with a server process of its own."""

from __future__ import absolute_import, division, print_function

import sys

from benchmarks import runner as clients_runner
from benchmarks import servers
from benchmarks.servers import cases, load, measure

#: Seconds that a run takes beside its load and warm-up, about.
OVERHEAD = 1.5


def find(names, settings):
    # type: (Iterable[str], Settings) -> Found
    """Try these servers."""
    found = clients_runner.Found()
    for entry in map(servers.named, names):
        if servers.is_python3_only(entry) and sys.version_info[0] == 2:
            found.absent[entry.name] = "it needs Python 3"
            continue
        try:
            probed = clients_runner.python(
                settings, entry.packages, "benchmarks.servers.probe", entry.name)
            found.versions.update(probed["versions"])
            found.lacks[entry.name] = {}
        except clients_runner.Failed as error:
            found.absent[entry.name] = str(error)
    return found


def plan(chosen, names, found, descriptors):
    # type: (Iterable[Case], Iterable[str] | None, Found, int) -> list[tuple[Case, list[str]]]
    """Return the cases with their servers that can be measured here."""
    planned = []
    for case in chosen:
        usable = [name for name in names or case.servers
                  if name in case.kind.servers and name in found.lacks]
        if usable and case.connections + cases.BUSY < descriptors:
            planned.append((case, usable))
    return planned


def runs(planned, upstream, wrk, settings):
    # type: (list[tuple[Case, list[str]]], Upstream, str, Settings) -> Iterator[dict[str, Any]]
    """Yield every run of a plan; the servers of a case follow each other within a round."""
    for number in range(settings.rounds):
        for case, names in planned:
            for name in names:
                run = {"round": number, "server": name, "case": case.name}
                entry = servers.named(name)
                environ = clients_runner.environ(settings, entry.packages)
                try:
                    run.update(measure.measure(
                        entry, case, upstream.url, wrk, settings.seconds, environ))
                except measure.FAILURES as error:
                    run["error"] = str(error)
                yield run


def wrk():
    # type: () -> str
    """Return the path of the program that makes the load. Raises load.Failed."""
    found = load.find()
    if not found:
        raise load.Failed("wrk is needed to measure servers: on Debian, apt-get install wrk")
    return found
