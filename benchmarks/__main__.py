"""Measure clients beside each other, and print tables.

    make bench                                     everything: more than half an hour
    make bench ARGS=--quick                        a look: about a minute
    make bench PYTHON=python2.7 ARGS="--save 2.7"  another interpreter, kept for the chart
"""

from __future__ import absolute_import, division, print_function

import argparse
import os
import platform
import resource
import signal
import sys

from benchmarks import cases, clients, machine, runner, table, targets, upstream
from benchmarks.results import Results

RESULTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "results")

#: Descriptors of a process with so many connections, and then some.
_DESCRIPTORS = max(cases.CONCURRENCIES) + 200

#: Seconds that it takes to start an interpreter and a client, about.
_START = 1.0


def main(arguments):
    # type: (list[str]) -> int
    options = parse(arguments)
    allow_descriptors()
    settings = runner.Settings(options.rounds, options.warm_up, options.seconds, options.peers)
    usable, absent, versions = runner.available(options.clients, settings)
    plan = make_plan(options, usable)
    with upstream.running() as server:
        results = Results(runner.facts(settings, server, absent, versions))
        perform(plan, server, settings, results)
    sys.stdout.write("\n" + table.report(results, options.baseline))
    if options.save:
        path = os.path.join(RESULTS, options.save + ".json")
        if not os.path.isdir(RESULTS):
            os.makedirs(RESULTS)
        results.save(path)
        say("saved as %s" % os.path.relpath(path))
    return 0


def parse(arguments):
    # type: (list[str]) -> argparse.Namespace
    parser = argparse.ArgumentParser(
        prog="make bench", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--quick", action="store_true", help="few cases, short runs, 2 rounds")
    parser.add_argument("--clients", type=one_of(clients.NAMES), default=list(clients.NAMES),
                        metavar="NAME,...", help="of " + ", ".join(clients.NAMES))
    parser.add_argument("--cases", type=one_of([case.name for case in cases.ALL]),
                        metavar="NAME,...", help="such as get-64, post-1000, 64k-1, 1m-64")
    parser.add_argument("--rounds", type=int, help="how often each is run (5)")
    parser.add_argument("--seconds", type=float, help="how long a run is to take (1.5)")
    parser.add_argument("--baseline", choices=clients.NAMES, help="whom the others are beside")
    parser.add_argument("--save", metavar="NAME", help="keep it as benchmarks/results/NAME.json")
    parser.add_argument("--peers", help=argparse.SUPPRESS)  # From scripts/bench.
    options = parser.parse_args(arguments)
    options.rounds = options.rounds or (2 if options.quick else 5)
    options.seconds = options.seconds or (0.5 if options.quick else 1.5)
    options.warm_up = min(0.5, options.seconds)
    return options


def one_of(known):
    # type: (Iterable[str]) -> Callable[[str], list[str]]
    def names(text):
        # type: (str) -> list[str]
        given = text.split(",")
        if not set(given) <= set(known):
            raise argparse.ArgumentTypeError("choose of " + ", ".join(known))
        return [name for name in known if name in given]

    return names


def make_plan(options, usable):
    # type: (argparse.Namespace, list[str]) -> list[tuple[Case, list[str]]]
    """Cases with their clients. A quick look is at what there are targets for, and get-64."""
    if options.cases or not options.quick:
        chosen = options.cases or [case.name for case in cases.ALL]
        pairs = {(name, case) for case in chosen for name in usable}
    else:
        pairs = {(name, "get-64") for name in usable}
        for target in targets.of_python(platform.python_version()):
            pairs |= {pair for pair in (target.ours, target.theirs) if pair[0] in usable}
    plan = []
    for case in cases.ALL:
        names = [name for name in usable if (name, case.name) in pairs]
        if names and case.memory_bytes > machine.memory_bytes() / 2:
            say("without %s, for which this machine has too little memory" % case.name)
        elif names:
            plan.append((case, names))
    return plan


def perform(plan, server, settings, results):
    # type: (list[tuple[Case, list[str]]], Upstream, Settings, Results) -> None
    """Fill the results, telling how it goes; Ctrl-C ends it with what there is."""
    count = settings.rounds * sum(len(names) for _, names in plan)
    each = settings.warm_up + settings.seconds + _START
    say("%d runs, about %.0f minutes" % (count, max(1, count * each / 60)))
    try:
        for index, run in enumerate(runner.runs(plan, server, settings)):
            results.runs.append(run)
            told = run.get("error") or "%.0f/s" % run["calls_per_second"]
            say("%d of %d: %s, %s: %s" % (index + 1, count, run["case"], run["client"], told))
    except KeyboardInterrupt:
        say("stopped early")


def allow_descriptors():
    # type: () -> None
    """Raise the limit, for the processes that are started too, as far as it may be."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < _DESCRIPTORS:
        wanted = _DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, _DESCRIPTORS)
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def say(line):
    # type: (str) -> None
    sys.stderr.write("bench: %s\n" % line)


if __name__ == "__main__":
    # So that the upstream ends as well.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        sys.exit(main(sys.argv[1:]))
    except upstream.DidNotStart as error:
        say(str(error))
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
