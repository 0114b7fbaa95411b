"""Tables of servers, as Markdown that can be read in a terminal as well.

    python -m benchmarks.servers.table benchmarks/results/servers-NAME.json
"""

from __future__ import absolute_import, division, print_function

import sys

from benchmarks import servers
from benchmarks.servers import cases, targets
from benchmarks.servers.results import MEMORY, TEMPLATE, Results
from benchmarks.table import factor, headline, markdown
from benchmarks.targets import COST, SPEED, times


def report(results):
    # type: (Results) -> str
    """Everything there is to say about a run."""
    parts = [headline(results.facts)]
    parts += [case_table(results, case) for case in results.cases()]
    parts.append(target_table(results))
    return "\n\n".join(part for part in parts if part) + "\n"


def case_table(results, case):
    # type: (Results, Case) -> str
    """One case: a row for each server, the cheapest first."""
    rows = (busy_rows if case.busy else idle_rows)(results, case)
    notes = ["%s failed: %s" % (servers.named(name).title, error)
             for name, error in results.errors(case.name)]
    return "\n".join([markdown(rows)] + notes + template_notes(results, case))


def busy_rows(results, case):
    # type: (Results, Case) -> list[list[str]]
    """Ours is compared with each of the others: how many times as good it is."""
    ours = case.servers[0]
    rows = [[case.title, "us CPU/request", "spread", "requests/s", "peak MiB",
             "ours: CPU x", "ours: requests/s x"]]
    for name in results.servers(case):
        pair = (ours, case.name), (name, case.name)
        rows.append([
            servers.named(name).title,
            "%.0f" % results.median(name, case.name, COST),
            "%.0f %%" % (results.spread(name, case.name, COST) * 100),
            "%.0f" % results.median(name, case.name, SPEED),
            "%.0f" % results.median(name, case.name, "peak_mib"),
            factor(times(results, COST, *pair)) if name != ours else "-",
            factor(times(results, SPEED, *pair)) if name != ours else "-",
        ])
    return rows


def idle_rows(results, case):
    # type: (Results, Case) -> list[list[str]]
    return [[case.title, "KiB/connection", "spread"]] + [
        [servers.named(name).title, "%.1f" % results.median(name, case.name, MEMORY),
         "%.0f %%" % (results.spread(name, case.name, MEMORY) * 100)]
        for name in results.servers(case)]


def template_notes(results, case):
    # type: (Results, Case) -> list[str]
    """Say how much of a page's CPU its template takes, which no server can make less."""
    notes = []
    for name in results.servers(case):
        alone = results.median(name, case.name, TEMPLATE)
        if alone:
            whole = results.median(name, case.name, COST)
            notes.append("%s: the template alone takes %.0f us, %.0f %%; the rest %.0f us" % (
                servers.named(name).title, alone, alone / whole * 100, whole - alone))
    return notes


def target_table(results):
    # type: (Results) -> str
    """Return the targets that this run measured, each with both measures; empty for none."""
    wanted = targets.of_python(results.facts["python"])
    rows = [["target on Python %s" % wanted[0].python, "against", "gate", "goal", "CPU",
             "requests/s", ""]]
    for target in wanted:
        verdict = target.verdict(results)
        if verdict:
            ratios = [factor(target.ratio(results, measure)) for measure in (COST, SPEED)]
            rows.append(list(names(target)) + [
                asked(target, target.gate), asked(target, target.goal)] + ratios + [verdict])
    memory = targets.memory(results)
    if memory is not None:
        server, case = targets.IDLE
        rows.append([
            "%s, %s" % (servers.named(server).title, cases.named(case).title), "-", "-",
            "<= %g KiB each" % targets.IDLE_KIB, "%.1f KiB" % memory, "-",
            targets.SURPASSED if memory <= targets.IDLE_KIB else targets.MISSED])
    return markdown(rows) if len(rows) > 1 else ""


def names(target):
    # type: (Target) -> tuple[str, str]
    """What is compared with what."""
    (server, name), (their_server, their_name) = target.ours, target.theirs
    title = "%s, %s" % (servers.named(server).title, cases.named(name).title)
    if server == their_server:
        return title, "itself, %d connections" % cases.named(their_name).connections
    return title, servers.named(their_server).title


def asked(target, factors):
    # type: (Target, dict[str, float]) -> str
    """Say what a gate or goal asks for; of one measure only, which one."""
    sign = "<=" if target.is_most else ">="
    if len(set(factors.values())) == 1 and len(factors) == 2:
        return "%s %g x" % (sign, factors[COST])
    return ", ".join("%s %s %g x" % (label, sign, factors[measure])
                     for measure, label in ((COST, "CPU"), (SPEED, "requests/s"))
                     if measure in factors)


if __name__ == "__main__":
    sys.stdout.write(report(Results.load(sys.argv[1])))
