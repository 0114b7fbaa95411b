"""Tables of a soak, as Markdown that can be read in a terminal as well.

    python -m benchmarks.soak.table benchmarks/results/soak-NAME.json
"""

from __future__ import absolute_import, division, print_function

import json
import sys

from benchmarks.soak import checks, outcomes
from benchmarks.soak.schedule import TITLES
from benchmarks.table import markdown

_COLUMNS = ("sent", outcomes.ANSWERED, outcomes.UPSTREAM, outcomes.KILLED, "failed")


def report(results):
    # type: (dict[str, Any]) -> str
    """Everything there is to say about the runs of one soak."""
    return "\n\n".join([conditions(results["facts"])] + [
        part for run in results["runs"] for part in parts(run)]) + "\n"


def conditions(facts):
    # type: (dict[str, Any]) -> str
    return "%s, %d cores; load by Python %s" % (
        facts["machine"]["cpu"], facts["machine"]["cores"], facts["python"])


def parts(run):
    # type: (dict[str, Any]) -> list[str]
    """The headline of a run, its tables and, if it is judged, its checks."""
    found = [headline(run), lane_table(run), event_table(run), kind_table(run)]
    found += [failures(run)] if run["failures"] else []
    lines = ["%s  %s" % ("ok  " if met else "FAIL", line) for met, line in checks.checked(run)]
    return found + ["\n".join(lines)]


def headline(run):
    # type: (dict[str, Any]) -> str
    sent = sum(counts["sent"] for counts in run["lanes"].values())
    return "%s: %d requests in %.0f s, %.0f/s" % (
        run["title"], sent, run["seconds"], sent / run["seconds"])


def lane_table(run):
    # type: (dict[str, Any]) -> str
    rows = [["way"] + list(_COLUMNS) + ["of these"]]
    rows += [[lane] + _numbers(counts) for lane, counts in run["lanes"].items()]
    return markdown(rows)


def event_table(run):
    # type: (dict[str, Any]) -> str
    rows = [["during", "at, s", "took, s"] + list(_COLUMNS) + ["of these", ""]]
    for event in run["events"]:
        rows.append([
            TITLES[event["name"]], "%.1f" % event["begun"],
            "%.1f" % (event["ended"] - event["begun"])] + _numbers(event["requests"]) + [
                event["error"] or event["note"]])
    return markdown(rows)


def kind_table(run):
    # type: (dict[str, Any]) -> str
    rows = [["clients", "requests", "p50, ms", "p99, ms"]]
    rows += [[kind, "%d" % one["sent"], "%.1f" % one["p50_ms"], "%.1f" % one["p99_ms"]]
             for kind, one in run["kinds"].items()]
    return markdown(rows)


def failures(run, most=20):
    # type: (dict[str, Any], int) -> str
    """The first failures by our fault, each with the id by which the logs know the request."""
    lines = ["%d failures by our fault; the first:" % len(run["failures"])]
    for one in map(outcomes.Request._make, run["failures"][:most]):
        lines.append("  %6.2f to %6.2f s, %s, %s: %s: %s" % (
            one.begun, one.ended, one.lane, one.kind, one.outcome, one.detail))
    return "\n".join(lines)


def _numbers(counts):
    kinds = ["%d %s" % (counts[kind], kind) for kind in outcomes.FAILURES if counts[kind]]
    return ["%d" % counts[column] for column in _COLUMNS] + [
        ", ".join(kinds) or "-"]


if __name__ == "__main__":
    with open(sys.argv[1]) as file:
        sys.stdout.write(report(json.load(file)))
