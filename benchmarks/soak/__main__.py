"""Load a gateway while its CMDB and its processes are stopped, killed and replaced; and check.

    make bench ARGS=--soak                         two minutes, and as long for the peer
    make bench ARGS="--soak --quick"               about 45 s each
    make bench PYTHON=python2.7 ARGS=--soak        the gateway on another Python
    python -m benchmarks.soak --python=PATH        without the peer

Needs Linux and Python 3.8, for itself; the gateway runs on the Python that is named. The exit code
is 1 if a check fails: if a request failed by our fault, for example. The peer is not judged.
"""

from __future__ import absolute_import, division, print_function

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile

from benchmarks import command, machine, soak
from benchmarks.command import one_of, say
from benchmarks.servers.processes import DidNotStart
from benchmarks.soak import checks, proxies, schedule, table

LANES = ("direct",) + proxies.NAMES


def main(arguments):
    # type: (list[str]) -> int
    options = parse(arguments)
    if sys.version_info < (3, 8):
        say("the load needs Python 3.8 or newer; --python names that of the gateway")
        return 2
    command.allow_descriptors(4096)
    results = {"facts": {"python": platform.python_version(), "machine": machine.describe()},
               "runs": [run_ours(options)]}
    if options.peers:
        results["runs"].append(run_peer(options))
    sys.stdout.write(table.report(results))
    if options.save:
        with open(os.path.join(command.RESULTS, "soak-%s.json" % options.save), "w") as file:
            json.dump(results, file, indent=1)
    return 0 if all(met for met, _ in checks.checked(results["runs"][0])) else 1


def parse(arguments):
    # type: (list[str]) -> argparse.Namespace
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.soak", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="25 s, in which fewer events happen")
    parser.add_argument("--seconds", type=float, help="of load (120); it may end later")
    parser.add_argument("--python", default=sys.executable, metavar="PATH",
                        help="the interpreter of the gateway and its CMDB")
    parser.add_argument("--lanes", type=one_of(LANES), default=list(LANES), metavar="NAME,...",
                        help="of " + ", ".join(LANES))
    parser.add_argument("--events", type=one_of(tuple(schedule.TITLES)), metavar="NAME,...",
                        default=list(schedule.TITLES), help="of " + ", ".join(schedule.TITLES))
    parser.add_argument("--without-drain", action="store_true",
                        help="give requests in flight no time when a process stops: must fail")
    parser.add_argument("--save", metavar="NAME",
                        help="keep it as benchmarks/results/soak-NAME.json")
    parser.add_argument("--keep-logs", metavar="FOLDER", help="copy all logs there")
    parser.add_argument("--peers", help=argparse.SUPPRESS)  # From scripts/bench.
    parser.add_argument("--peer-python", help=argparse.SUPPRESS, default=sys.executable)
    options = parser.parse_args(arguments)
    options.seconds = options.seconds or (schedule.QUICK if options.quick else schedule.LONG)
    if not options.lanes or options.lanes[0] != "direct":
        parser.error("the events happen to the gateway on the lane direct")
    if options.lanes == ["direct"]:
        options.events = [name for name in options.events if not name.startswith("stop-")]
    return options


def run_ours(options):
    # type: (argparse.Namespace) -> dict[str, Any]
    from benchmarks.soak.py3.sites import Gateway

    title = "the gateway on Python %s" % version_of(options.python)
    if options.without_drain:
        title += ", without drain"
    return _run(title, lambda folder: Gateway(
        options.python, folder, not options.without_drain, options.lanes),
        schedule.events(options.quick, options.events), options)


def run_peer(options):
    # type: (argparse.Namespace) -> dict[str, Any]
    from benchmarks.soak.py3.sites import Peer

    folders = [os.path.join(options.peers, package) for package in soak.PEER.packages]
    events = [name for name in options.events if name in schedule.OF_PEER]
    title = "gunicorn %s + uvicorn %s + Starlette %s + aiohttp %s" % versions_of(
        ("gunicorn", "uvicorn", "starlette", "aiohttp"), options.peer_python, folders)
    return _run(title, lambda folder: Peer(
        options.python, folder, options.peer_python, folders),
        schedule.events(options.quick, events), options)


def _run(title, make_site, events, options):
    from benchmarks.soak.py3.run import soak as run_soak

    say("%s: about %.0f s" % (title, options.seconds))
    folder = tempfile.mkdtemp(prefix="waterspout-soak-")
    try:
        site = make_site(folder)
        try:
            site.start()
            return dict(run_soak(site, events, options.seconds), title=title)
        finally:
            site.end()
    finally:
        if options.keep_logs:
            target = os.path.join(options.keep_logs, title.split(",")[0].replace(" ", "-"))
            shutil.copytree(folder, target, ignore=shutil.ignore_patterns("*.db*"),
                            dirs_exist_ok=True)
        shutil.rmtree(folder)


def versions_of(packages, python, folders):
    # type: (Sequence[str], str, list[str]) -> tuple[str, ...]
    code = "import importlib.metadata as m, sys; print(*map(m.version, sys.argv[1:]))"
    output = subprocess.check_output(
        [python, "-c", code] + list(packages),
        env=dict(os.environ, PYTHONPATH=os.pathsep.join(folders)))
    return tuple(output.decode("ascii").split())


def version_of(python):
    # type: (str) -> str
    code = "import platform; print(platform.python_version())"
    return subprocess.check_output([python, "-c", code]).decode("ascii").strip()


if __name__ == "__main__":
    command.run(main, DidNotStart, proxies.Unusable)
