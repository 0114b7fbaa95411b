"""What docs/outage.md shows; `benchmarks.pages` writes it."""

from __future__ import absolute_import, division, print_function

from benchmarks.outage import chart as charts
from benchmarks.outage import checks, scenarios, table


def chart(results):
    # type: (Results) -> str
    return u"%s" % charts.chart(results)


def details(results):
    # type: (Results) -> str
    """What the scenarios do, the table, and the checks."""
    lines = [u"| scenario | what happens | calls/s |", u"|---|---|---:|"]
    lines += [u"| %s | %s | %d |" % (scenario.title, scenario.does, scenario.rate)
              for scenario in map(scenarios.named, results.scenarios())]
    lines += [u"", u"## Results", u"", u"%s." % table.conditions(results.facts), u"",
              u"%s" % table.table(results), u"## Checks", u"", u"| | |", u"|---|---|"]
    lines += [u"| %s | %s |" % (u"yes" if met else u"NO", line.strip())
              for met, line in checks.checked(results)]
    return u"\n".join(lines) + u"\n"
