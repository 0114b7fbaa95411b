"""Run clients on cases, one after the other, each run in a process of its own."""

from __future__ import absolute_import, division, print_function

import collections
import datetime
import json
import os
import platform
import subprocess
import sys
import threading

from benchmarks import clients, machine

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

#: Seconds that a run may take longer than asked for, before it is killed.
_PATIENCE = 120

#: ``peers`` is a folder with a folder for each package that only peers need, or None.
Settings = collections.namedtuple("Settings", "rounds warm_up seconds peers")


class Failed(Exception):
    """A process that ended without a result; the text is the last line that it printed."""


class Found(object):
    """Clients that work here.

    Attributes:
        lacks (dict): their names, in order -> {kind that the client does not offer: why}.
        absent (dict): names of the others -> why.
        versions (dict): package -> version.
    """

    def __init__(self):
        # type: () -> None
        self.lacks = collections.OrderedDict()
        self.absent = {}
        self.versions = {}


def find(names, settings):
    # type: (list[str], Settings) -> Found
    """Try these clients."""
    found = Found()
    for entry in map(clients.named, names):
        if clients.is_python3_only(entry) and sys.version_info[0] == 2:
            found.absent[entry.name] = "it needs Python 3"
            continue
        try:
            probed = python(settings, clients.packages(entry), "benchmarks.probe", entry.name)
            found.versions.update(probed["versions"])
            found.lacks[entry.name] = probed["lacks"]
        except Failed as error:
            found.absent[entry.name] = str(error)
    return found


def facts(settings, upstream, found):
    # type: (Settings, Upstream, Found) -> dict[str, Any]
    """What is to be known about all runs."""
    return {
        "python": platform.python_version(),
        "versions": found.versions,
        "absent": found.absent,
        "lacks": dict(found.lacks),
        "machine": machine.describe(),
        "upstream": upstream.title,
        "rounds": settings.rounds,
        "seconds": settings.seconds,
        "begun": datetime.datetime.now().strftime("%Y-%m-%d %H:%M"),
    }


def runs(plan, upstream, settings):
    # type: (list[tuple[Case, list[str]]], Upstream, Settings) -> Iterator[dict[str, Any]]
    """Yield every run of a plan, which is cases with their clients.

    The clients of a case follow each other within a round (A B C, A B C, ...), so that a
    machine that is slower for a while is so for all of them.
    """
    for number in range(settings.rounds):
        for case, names in plan:
            for name in names:
                run = {"round": number, "client": name, "case": case.name}
                try:
                    run.update(python(
                        settings, clients.packages(clients.named(name)), "benchmarks.measure",
                        name, case.name, upstream.url, str(settings.warm_up),
                        str(settings.seconds)))
                except Failed as error:
                    run["error"] = str(error)
                yield run


def python(settings, packages, module, *arguments):
    # type: (Settings, Iterable[str], str, *str) -> Any
    """Run a module in a new interpreter with these peers; return the JSON that it prints.

    Raises Failed.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", module] + list(arguments),
        cwd=ROOT,
        env=environ(settings, packages),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    timer = threading.Timer(settings.warm_up + settings.seconds + _PATIENCE, process.kill)
    timer.daemon = True
    timer.start()
    try:
        output, errors = process.communicate()
    finally:
        timer.cancel()
        if process.poll() is None:  # Ctrl-C
            process.kill()
            process.wait()
    try:
        return json.loads(output.decode("utf-8"))
    except ValueError:
        lines = errors.decode("utf-8", "replace").strip().splitlines()
        raise Failed(lines[-1] if lines else "ended by itself (exit code %d)" % process.returncode)


def environ(settings, packages):
    # type: (Settings, Iterable[str]) -> dict[str, str]
    """Return the variables for one peer: with its own packages only, and without proxies."""
    variables = {
        name: value for name, value in os.environ.items()
        if not name.lower().endswith("_proxy")
    }
    places = [os.environ.get("PYTHONPATH")]
    if settings.peers:
        places[:0] = [os.path.join(settings.peers, package) for package in packages]
    variables["PYTHONPATH"] = os.pathsep.join(filter(None, places))
    return variables
