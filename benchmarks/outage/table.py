"""Show results as a table in Markdown, and the checks.

    python -m benchmarks.outage.table RESULT.json
"""

from __future__ import absolute_import, division, print_function

import sys

from benchmarks.outage import checks, scenarios
from benchmarks.outage.results import Results


def table(results):
    # type: (Results) -> str
    lines = ["| | success | p50, ms | p99, ms | requests per call | POSTs done twice |",
             "|---|---:|---:|---:|---:|---:|"]
    for name in results.scenarios():
        scenario = scenarios.named(name)
        lines.append("| **%s** | | | | | |" % scenario.title)
        for way in scenario.ways:
            if results.has(name, way):
                lines.append(row(results, scenario, way))
    return "\n".join(lines) + "\n"


def row(results, scenario, way):
    # type: (Results, Scenario, str) -> str
    def of(figure):
        return results.median(scenario.name, way, figure)

    twice = "%d" % of("twice") if scenario.method == "POST" else ""
    return "| %s | %.1f %% | %.1f | %.0f | %.2f | %s |" % (
        way, of("success") * 100, of("p50_ms"), of("p99_ms"), of("load"), twice)


def verdicts(results):
    # type: (Results) -> str
    return "".join("%s  %s\n" % ("ok    " if met else "FAILED", line)
                   for met, line in checks.checked(results))


def conditions(facts):
    # type: (dict[str, Any]) -> str
    """What was measured on, in a line."""
    machine = facts["machine"]
    return "Python %s, %s, %d cores, loopback; medians of %d interleaved rounds; load %s" % (
        facts["python"], machine["cpu"], machine["cores"], facts["rounds"], machine["load"])


if __name__ == "__main__":
    loaded = Results.load(sys.argv[1])
    sys.stdout.write("%s\n\n%s\n%s" % (
        conditions(loaded.facts), table(loaded), verdicts(loaded)))
