"""Call upstreams that misbehave, with policies and without; print a table, and check.

    make bench ARGS=--outage                       everything, 5 rounds: ten minutes
    make bench ARGS="--outage --quick"             one short round: a minute and a half
    python -m benchmarks.outage                    without peers, on any Python

The exit code is 1 if a check fails: if a policy does not achieve what it should, or if a check is
met without its policy, so that it shows nothing.
"""

from __future__ import absolute_import, division, print_function

import argparse
import os
import platform
import sys
import time

from benchmarks import command, machine
from benchmarks.command import one_of, say
from benchmarks.outage import chart, checks, runner, scenarios, table
from benchmarks.outage.results import Results
from benchmarks.runner import Failed, Settings
from benchmarks.upstream import DidNotStart

#: How much of each scenario a quick run takes. Those with marks need all of their time.
QUICK = 0.7


def main(arguments):
    # type: (list[str]) -> int
    options = parse(arguments)
    settings = Settings(options.rounds, 0.0, 0.0, options.peers)
    absent = [way for way in scenarios.PEERS if not runner.installed(way, settings)]
    for way in absent:
        say("without %s" % way)
    planned = [(scenario, way) for scenario in map(scenarios.named, options.scenarios)
               for way in scenario.ways if way not in absent]
    results = Results({
        "python": platform.python_version(), "machine": machine.describe(),
        "rounds": options.rounds})
    perform(planned, settings, options.quick, results)
    sys.stdout.write("%s\n\n%s\n%s" % (
        table.conditions(results.facts), table.table(results), table.verdicts(results)))
    if options.save:
        results.save(os.path.join(command.RESULTS, "outage-%s.json" % options.save))
    if options.chart:
        chart.write(results, options.chart)
    return 0 if all(met for met, _ in checks.checked(results)) else 1


def parse(arguments):
    # type: (list[str]) -> argparse.Namespace
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.outage", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one round, with fewer calls")
    parser.add_argument("--rounds", type=int, help="how often each is run (5)")
    parser.add_argument("--scenarios", type=one_of(scenarios.NAMES), metavar="NAME,...",
                        default=list(scenarios.NAMES), help="of " + ", ".join(scenarios.NAMES))
    parser.add_argument("--save", metavar="NAME",
                        help="keep it as benchmarks/results/outage-NAME.json")
    parser.add_argument("--chart", metavar="FILE", help="draw it, in SVG")
    parser.add_argument("--peers", help=argparse.SUPPRESS)  # From scripts/bench.
    options = parser.parse_args(arguments)
    options.rounds = options.rounds or (1 if options.quick else 5)
    return options


def perform(planned, settings, is_quick, results):
    # type: (list[tuple[Scenario, str]], Settings, bool, Results) -> None
    """Fill the results, and print progress."""
    count, began = settings.rounds * len(planned), time.time()
    with runner.upstreams() as urls:
        for index, run in enumerate(runner.runs(
                planned, urls, settings, QUICK if is_quick else 1.0)):
            results.runs.append(run)
            say("%d of %d: %s, %s: %.1f %%" % (
                index + 1, count, run["scenario"], run["way"], run["success"] * 100))
    say("took %.0f s" % (time.time() - began))


if __name__ == "__main__":
    command.run(main, DidNotStart, Failed)
