"""Measure clients beside each other, and print tables.

    make bench                         everything: half an hour
    make bench ARGS=--quick            a look: about two minutes
    make bench ARGS="--cases sdk,get"  these kinds of call, with the clients that have them
    make bench PYTHON=python2.7 ARGS="--pages --save 2.7"
                                       what the documentation shows, kept for it: ten minutes
"""

from __future__ import absolute_import, division, print_function

import argparse
import platform
import sys

from benchmarks import cases, clients, command, machine, plan, runner, table, upstream
from benchmarks.command import one_of, say
from benchmarks.results import Results

#: Descriptors of a process with so many connections, and then some.
_DESCRIPTORS = max(case.concurrency for case in cases.ALL) + 200

#: Seconds that it takes to start an interpreter and a client, about.
_START = 0.6


def main(arguments):
    # type: (list[str]) -> int
    options = parse(arguments)
    command.allow_descriptors(_DESCRIPTORS)
    settings = runner.Settings(options.rounds, options.warm_up, options.seconds, options.peers)
    found = runner.find(options.clients or clients.NAMES, settings)
    planned = fitting(plan.in_order(pairs(options), found.lacks))
    with upstream.running() as server:
        results = Results(runner.facts(settings, server, found))
        perform(planned, server, settings, results)
    sys.stdout.write("\n" + table.report(results, options.baseline))
    if options.save:
        command.save(results, options.save)
    return 0


def parse(arguments):
    # type: (list[str]) -> argparse.Namespace
    parser = argparse.ArgumentParser(
        prog="make bench", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--quick", action="store_true",
                        help="the targets at 64 concurrent, short runs, 2 rounds")
    parser.add_argument("--pages", action="store_true",
                        help="all targets, and what README and docs/speed.md show, short runs")
    parser.add_argument("--clients", type=one_of(clients.NAMES), metavar="NAME,...",
                        help="of " + ", ".join(clients.NAMES))
    parser.add_argument("--cases", type=case_names, metavar="NAME,...",
                        help="of " + ", ".join(kind.name for kind in cases.KINDS) +
                        "; or one concurrency of them, as in get-64, sdk-1000")
    parser.add_argument("--rounds", type=int, help="how often each is run (5)")
    parser.add_argument("--seconds", type=float, help="how long a run is to take (1.5)")
    parser.add_argument("--baseline", choices=clients.NAMES, metavar="NAME",
                        help="the client that the others are compared with")
    parser.add_argument("--save", metavar="NAME", help="keep it as benchmarks/results/NAME.json")
    parser.add_argument("--peers", help=argparse.SUPPRESS)  # From scripts/bench.
    options = parser.parse_args(arguments)
    options.rounds = options.rounds or (2 if options.quick else 5)
    options.seconds = options.seconds or (
        0.5 if options.quick else 0.7 if options.pages else 1.5)
    options.warm_up = min(0.5, options.seconds / 2 if options.pages else options.seconds)
    return options


def case_names(text):
    # type: (str) -> list[str]
    """A kind of call stands for all of its cases."""
    of_kind = {kind.name: ["%s-%d" % (kind.name, number) for number in kind.concurrencies]
               for kind in cases.KINDS}
    given = [name for each in text.split(",") for name in of_kind.get(each, [each])]
    return one_of([case.name for case in cases.ALL])(",".join(given))


def pairs(options):
    # type: (argparse.Namespace) -> set[tuple[str, str]]
    """Return the (client, case) that the options ask for."""
    if options.cases:
        return {(name, case) for case in options.cases
                for name in options.clients or plan.clients_of(cases.Case.named(case))}
    if options.quick:
        return plan.quick(platform.python_version())
    return plan.of_pages(platform.python_version()) if options.pages else plan.everything()


def fitting(planned):
    # type: (list[tuple[Case, list[str]]]) -> list[tuple[Case, list[str]]]
    """Return the plan without cases that need more than half of the memory."""
    for case, _ in planned:
        if case.memory_bytes > machine.memory_bytes() / 2:
            say("without %s, for which this machine has too little memory" % case.name)
    return [(case, names) for case, names in planned
            if case.memory_bytes <= machine.memory_bytes() / 2]


def perform(planned, server, settings, results):
    # type: (list[tuple[Case, list[str]]], Upstream, Settings, Results) -> None
    """Fill the results."""
    count = settings.rounds * sum(len(names) for _, names in planned)
    each = settings.warm_up + settings.seconds + _START
    command.perform(runner.runs(planned, server, settings), count, each, results)


if __name__ == "__main__":
    command.run(main, upstream.DidNotStart)
