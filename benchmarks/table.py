"""Tables of results, as Markdown that can be read in a terminal as well.

    python -m benchmarks.table benchmarks/results/NAME.json
"""

from __future__ import absolute_import, division, print_function

import sys

from benchmarks import clients, plan, targets
from benchmarks.cases import Case
from benchmarks.results import Results
from benchmarks.targets import COST, SPEED

#: What others are compared with, the first that was measured; unless another one is named.
BASELINES = ("aiohttp", "fetch-curl", "fetch-simple")


def report(results, baseline=None):
    # type: (Results, str | None) -> str
    """Everything there is to say about a run."""
    parts = [headline(results.facts)]
    parts += [case_table(results, case, baseline) for case in results.cases()]
    parts.append(target_table(results))
    return "\n\n".join(part for part in parts if part) + "\n"


def headline(facts):
    # type: (dict[str, Any]) -> str
    """What was measured with and on, in sentences."""
    machine = facts["machine"]
    versions = ["%s %s" % pair for pair in sorted(facts["versions"].items())]
    lines = [
        "Python %s, %s." % (facts["python"], ", ".join(versions)),
        "%s, %d cores, %s; load %.1f at the start. Upstream: %s." % (
            machine["cpu"], machine["cores"], machine["system"], machine["load"],
            facts["upstream"]),
        "Medians of %d rounds, about %g s a run; begun %s." % (
            facts["rounds"], facts["seconds"], facts["begun"]),
    ]
    lines += ["Without %s: %s" % pair for pair in sorted(facts["absent"].items())]
    return "\n".join(lines)


def case_table(results, case, baseline=None):
    # type: (Results, Case, str | None) -> str
    """One case: a row for each client, the fastest first."""
    measured = results.clients(case.name)
    against = next((name for name in (baseline,) + BASELINES if name in measured), None)
    beside = clients.named(against).title if against else "-"
    rows = [[case.title, "calls/s", "spread", "us CPU/call", "peak MiB",
             "calls/s x " + beside, "CPU x " + beside]]
    for name in measured:
        us, them = (name, case.name), (against, case.name)
        rows.append([
            clients.named(name).title,
            "%.0f" % results.median(name, case.name, SPEED),
            "%.0f %%" % (results.spread(name, case.name, SPEED) * 100),
            "%.1f" % results.median(name, case.name, COST),
            "%.0f" % results.median(name, case.name, "peak_mib"),
            factor(against and results.ratio(SPEED, us, them)),
            factor(against and results.ratio(COST, them, us)),
        ])
    notes = ["%s failed: %s" % (clients.named(name).title, error)
             for name, error in results.errors(case.name)]
    notes += ["Without %s: %s" % (clients.named(name).title, lacks[case.kind.name])
              for name, lacks in sorted(results.facts.get("lacks", {}).items())
              if case.kind.name in lacks and name in plan.clients_of(case)]
    return "\n".join([markdown(rows)] + notes)


def target_table(results):
    # type: (Results) -> str
    """Return the targets that this run measured, each with both measures; empty for none."""
    wanted = targets.of_python(results.facts["python"])
    rows = [["target on Python %s" % wanted[0].python, "against", "asked", "CPU", "calls/s", ""]]
    for target in wanted:
        ratios = [target.ratio(results, measure) for measure in (COST, SPEED)]
        if None not in ratios:
            asked = "%s %g x" % ("<=" if target.is_most else ">=", target.factor)
            rows.append(list(names(target)) + [asked] + [factor(ratio) for ratio in ratios] + [
                "reached" if all(map(target.reached, ratios)) else "NOT reached"])
    missing = len(wanted) - len(rows) + 1
    note = "\n\nNot measured: %d targets." % missing if missing else ""
    return markdown(rows) + note if len(rows) > 1 else ""


def names(target):
    # type: (Target) -> tuple[str, str]
    """What is compared with what."""
    (client, name), (their_client, their_name) = target.ours, target.theirs
    ours, theirs = Case.named(name), Case.named(their_name)
    title = "%s, %s" % (clients.named(client).title, ours.title)
    if client != their_client:
        return title, clients.named(their_client).title
    if ours.kind == theirs.kind:
        return title, "itself, %d concurrent" % theirs.concurrency
    return title, theirs.kind.title


def factor(ratio):
    # type: (float | None) -> str
    return "%.2f" % ratio if ratio else "-"


def markdown(rows):
    # type: (list[list[str]]) -> str
    """The first row is the head; the first column is aligned left, the others right."""
    widths = [max(len(row[index]) for row in rows) for index in range(len(rows[0]))]
    rule = ["-" * widths[0]] + ["-" * (width - 1) + ":" for width in widths[1:]]
    lines = []
    for row in [rows[0], rule] + rows[1:]:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        lines.append("| %s |" % " | ".join(cells))
    return "\n".join(lines)


def compact(rows):
    # type: (list[list[str]]) -> str
    """The same, for a page that is read only when rendered."""
    lines = [u"| %s |\n" % u" | ".join(row) for row in rows]
    lines.insert(1, u"|---" + u"|---:" * (len(rows[0]) - 1) + u"|\n")
    return u"".join(lines)


if __name__ == "__main__":
    sys.stdout.write(report(Results.load(sys.argv[1]), *sys.argv[2:]))
