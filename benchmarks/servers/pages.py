"""What README.md and docs/server-speed.md show; `benchmarks.pages` writes it."""

from __future__ import absolute_import, division, print_function

from benchmarks import servers
from benchmarks.servers import cases, table
from benchmarks.servers import chart as charts
from benchmarks.table import compact
from benchmarks.targets import COST, SPEED, times

#: The case of the chart, and of README's table.
_IMPORT = cases.named("import-64")


def chart(all_results):
    # type: (list[Results]) -> str
    return u"%s" % charts.chart(all_results, _IMPORT)


def summary(all_results):
    # type: (list[Results]) -> str
    """README's table: our requests/s multiplied, our CPU divided by the peer's."""
    names = [name for name in servers.NAMES if name != _IMPORT.servers[0]
             and any(name in results.servers(_IMPORT) for results in all_results)]
    rows = [[u"an import, beside"] + [
        u"Python %s" % results.facts["python"] for results in all_results]]
    rows += [[u"%s" % servers.named(name).title] + [
        factors(results, name) for results in all_results] for name in names]
    return compact(rows)


def factors(results, name):
    # type: (Results, str) -> str
    """What to multiply the peer's requests/s and to divide its CPU by; "-": not measured."""
    pair = (_IMPORT.servers[0], _IMPORT.name), (name, _IMPORT.name)
    speed, cost = times(results, SPEED, *pair), times(results, COST, *pair)
    return u"requests/s \u00d7 %.1f, CPU \u00f7 %.1f" % (speed, cost) if speed and cost else u"-"


def details(results):
    # type: (Results) -> str
    """All cases on one Python, then the targets."""
    facts = results.facts
    machine = facts["machine"]
    parts = [
        u"### Python %s" % facts["python"],
        u"%s, %d cores, %s, %s; medians of %d interleaved rounds, load %.1f at the start." % (
            machine["cpu"], machine["cores"], machine["system"], facts["upstream"],
            facts["rounds"], machine["load"]),
    ]
    parts += [u"%s" % table.case_table(results, case) for case in results.cases()]
    parts.append(u"%s" % table.target_table(results))
    return u"\n\n".join(parts) + u"\n"
