"""Tables of results, as Markdown that can be read in a terminal as well.

    python -m benchmarks.table benchmarks/results/NAME.json
"""

from __future__ import absolute_import, division, print_function

import sys

from benchmarks import clients, targets
from benchmarks.cases import Case
from benchmarks.results import Results

#: What others are compared with, the first that was measured; unless another one is named.
BASELINES = ("aiohttp", "fetch-curl", "fetch-simple")

_SPEED = "calls_per_second"


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
    rows = [[case.title, "calls/s", "spread", "us CPU/call", "peak MiB",
             "x " + clients.named(against).title if against else "x -"]]
    for name in measured:
        ratio = against and results.ratio(_SPEED, (name, case.name), (against, case.name))
        rows.append([
            clients.named(name).title,
            "%.0f" % results.median(name, case.name, _SPEED),
            "%.0f %%" % (results.spread(name, case.name, _SPEED) * 100),
            "%.1f" % results.median(name, case.name, "cpu_us_per_call"),
            "%.0f" % results.median(name, case.name, "peak_mib"),
            "%.2f" % ratio if ratio else "-",
        ])
    failed = ["%s failed: %s" % (clients.named(name).title, error)
              for name, error in results.errors(case.name)]
    return "\n".join([markdown(rows)] + failed)


def target_table(results):
    # type: (Results) -> str
    """What is asked of us, and whether this run had it; empty when it looked at none of it."""
    wanted = targets.of_python(results.facts["python"])
    ratios = [results.ratio(target.measure, target.ours, target.theirs) for target in wanted]
    if not any(ratios):
        return ""
    rows = [["asked for on Python %s" % wanted[0].python, "against", "ratio", "measured", ""]]
    for target, ratio in zip(wanted, ratios):
        rows.append(list(names(target)) + [
            "%s %g" % ("<=" if target.is_most else ">=", target.factor),
            "-" if ratio is None else "%.2f" % ratio,
            "not measured" if ratio is None
            else "reached" if target.reached(ratio) else "NOT reached",
        ])
    return markdown(rows)


def names(target):
    # type: (Target) -> tuple[str, str]
    """What is compared with what."""
    client, case = target.ours
    their_client, their_case = target.theirs
    ours = "%s, %s: %s" % (
        clients.named(client).title, Case.named(case).title,
        "cost per call" if target.is_most else "calls/s")
    same_case = case == their_case
    return ours, clients.named(their_client).title if same_case else Case.named(their_case).title


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


if __name__ == "__main__":
    sys.stdout.write(report(Results.load(sys.argv[1]), *sys.argv[2:]))
