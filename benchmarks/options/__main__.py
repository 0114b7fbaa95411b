"""Measure what the gateway's options cost a request.

    python -m benchmarks.options [--python=PATH] [--variants NAME,...] [--measures cpu]

One process of the gateway, on each variant of options, answers imports on 32 kept connections. Its
CPU time is that in user and kernel mode; the variants take turns in each round, and the median
counts. Under callgrind its instructions in user mode are counted, which other programs on the
machine do not change. The defaults are also measured on the sources before these options came.

Needs Linux, nginx, openssl, git, valgrind for the instructions, and Python 3.8 for itself. The exit
code is 1 if a variant takes more CPU time than its limit.
"""

from __future__ import absolute_import, division, print_function

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile

from benchmarks import command, machine, upstream
from benchmarks.command import one_of, say
from benchmarks.options import client, counting, cpu, files, table, variants
from benchmarks.servers.messages import WrongAnswer
from benchmarks.servers.processes import DidNotStart
from benchmarks.soak.__main__ import version_of
from benchmarks.soak.programs import ROOT

_MEASURES = ("cpu", "instructions")


def main(arguments):
    # type: (list[str]) -> int
    options = parse(arguments)
    missing = [name for name in ("openssl", "nginx") if upstream.find_program(name) is None]
    if "instructions" in options.measures:
        missing += counting.needed()
    if missing:
        say("needed: %s" % ", ".join(missing))
        return 2
    results = {"python": version_of(options.python), "machine": machine.describe()}
    results.update(measure([variants.named(name) for name in options.variants], options))
    sys.stdout.write(table.report(results))
    if options.save:
        path = os.path.join(command.RESULTS, "options-%s.json" % options.save)
        with open(path, "w") as file:
            json.dump(results, file, indent=1, sort_keys=True)
    return 0 if all(met for met, _ in table.checked(results)) else 1


def parse(arguments):
    # type: (list[str]) -> argparse.Namespace
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.options", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--variants", type=one_of(variants.NAMES), metavar="NAME,...",
                        default=list(variants.NAMES), help="of " + ", ".join(variants.NAMES))
    parser.add_argument("--measures", type=one_of(_MEASURES), metavar="NAME,...",
                        default=list(_MEASURES), help="of " + ", ".join(_MEASURES))
    parser.add_argument("--rounds", type=int, default=15, help="of CPU time (15)")
    parser.add_argument("--burst", type=int, default=40,
                        help="requests on each connection in a round (40)")
    parser.add_argument("--python", default=sys.executable, metavar="PATH",
                        help="the interpreter of the gateway")
    parser.add_argument("--save", metavar="NAME",
                        help="keep it as benchmarks/results/options-NAME.json")
    return parser.parse_args(arguments)


def measure(wanted, options):
    # type: (list[Variant], argparse.Namespace) -> dict[str, dict[str, Any]]
    """Return the CPU seconds and the instructions of a request on each variant."""
    found = {"cpu": {}, "instructions": {}}
    with tempfile.TemporaryDirectory(prefix="waterspout-options-") as folder:
        key = files.write(folder)
        with upstream.running() as server, trees(wanted) as sources:
            site = client.Site(folder, key, server.url)
            if "cpu" in options.measures:
                found["cpu"] = cpu.seconds(
                    options.python, sources, wanted, site, options.rounds, options.burst)
            for variant in wanted if "instructions" in options.measures else ():
                count = found["instructions"][variant.name] = counting.instructions(
                    options.python, sources[variant.tree], variant, site, options.burst)
                say("%s: %.0f thousand instructions" % (variant.title, count / 1000))
    return found


@contextlib.contextmanager
def trees(wanted):
    # type: (list[Variant]) -> Iterator[dict[str | None, str]]
    """Have the sources of each commit that is asked for; gives their folders."""
    commits = {variant.tree for variant in wanted if variant.tree}
    found = {None: ROOT}
    with tempfile.TemporaryDirectory(prefix="waterspout-options-") as folder:
        try:
            for commit in commits:
                found[commit] = os.path.join(folder, commit)
                git("worktree", "add", "--detach", "--quiet", found[commit], commit)
            yield found
        finally:
            for commit in commits:
                git("worktree", "remove", "--force", found[commit])


def git(*words):
    # type: (*str) -> None
    subprocess.check_call(("git", "-C", ROOT) + words)


if __name__ == "__main__":
    command.run(main, DidNotStart, WrongAnswer)
