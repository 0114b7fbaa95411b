"""Measure servers beside each other, and print tables.

    make bench ARGS=--servers                    everything, 5 rounds: a quarter of an hour
    make bench ARGS="--servers --quick"          a look: about two minutes
    make bench ARGS="--servers --cases import-64,hello-64 --rounds 9"
    make bench PYTHON=python2.7 ARGS="--servers --save 2.7"
"""

from __future__ import absolute_import, division, print_function

import argparse
import sys

from benchmarks import command, servers, upstream
from benchmarks import runner as clients_runner
from benchmarks.servers import cases, load, measure, runner, table
from benchmarks.servers.results import Results

#: Descriptors of a process with the most connections, and then some.
_DESCRIPTORS = max(case.connections for case in cases.ALL) + 500

#: What is measured in a quick run.
_QUICK = [case for case in cases.ALL
          if case.connections == cases.BUSY and case.kind.name != "import-log"]


def main(arguments):
    # type: (list[str]) -> int
    options = parse(arguments)
    wrk = runner.wrk()
    descriptors = command.allow_descriptors(_DESCRIPTORS)
    settings = clients_runner.Settings(
        options.rounds, measure.WARM_UP, options.seconds, options.peers)
    found = runner.find(options.names or servers.NAMES, settings)
    chosen = [case for case in cases.ALL
              if case.name in (options.cases or [one.name for one in cases.ALL])]
    planned = runner.plan(
        _QUICK if options.quick and not options.cases else chosen, options.names, found,
        descriptors)
    with upstream.running() as called:
        results = Results(clients_runner.facts(settings, called, found))
        command.perform(
            runner.runs(planned, called, wrk, settings),
            settings.rounds * sum(len(names) for _, names in planned),
            settings.warm_up + settings.seconds + runner.OVERHEAD, results)
    sys.stdout.write("\n" + table.report(results))
    if options.save:
        command.save(results, "servers-" + options.save)
    return 0


def parse(arguments):
    # type: (list[str]) -> argparse.Namespace
    parser = argparse.ArgumentParser(
        prog="make bench --servers", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--quick", action="store_true",
                        help="64 connections, short runs, 2 rounds")
    parser.add_argument("--names", type=command.one_of(servers.NAMES), metavar="NAME,...",
                        help="of " + ", ".join(servers.NAMES))
    parser.add_argument("--cases", type=command.one_of([case.name for case in cases.ALL]),
                        metavar="NAME,...",
                        help="of " + ", ".join(case.name for case in cases.ALL))
    parser.add_argument("--rounds", type=int, help="how often each is run (5)")
    parser.add_argument("--seconds", type=int, help="how long the load of a run takes (2)")
    parser.add_argument("--save", metavar="NAME",
                        help="keep it as benchmarks/results/servers-NAME.json")
    parser.add_argument("--peers", help=argparse.SUPPRESS)  # From scripts/bench.
    options = parser.parse_args(arguments)
    options.rounds = options.rounds or (2 if options.quick else 5)
    options.seconds = options.seconds or (1 if options.quick else 2)
    return options


if __name__ == "__main__":
    command.run(main, upstream.DidNotStart, load.Failed)
