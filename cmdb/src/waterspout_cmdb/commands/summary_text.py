"""How an import has ended, for a person."""

from __future__ import absolute_import, division, print_function

import json

from tornado.escape import native_str

from waterspout_cmdb.commands.listening import duration, grouped
from waterspout_cmdb.commands.printing import plain_line

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, List  # noqa: F401

#: Rejected rows that are shown; the file has all.
SHOWN = 5

#: Characters of a value that is shown.
_LONGEST = 60

_HEADS = {
    "done": "Imported",
    "refused": "Nothing was sent: some rows are rejected, and it was to be all or nothing.",
    "stopped": "Stopped",
    "failed": "Not finished",
}


def summary_text(summary):
    # type: (Any) -> str
    """Return several lines.

    Args:
        summary (Summary): of `Import.run`.
    """
    counts, changes = summary.counts, summary.changes
    if summary.state == "stopped" and counts.rows is None and not counts.checked:
        return "Stopped before any row was looked at."
    head = _HEADS.get(summary.state, summary.state)
    if changes is not None:
        head = "Dry run: nothing was sent. An import would have these rows"
    lines = [head if summary.state == "refused" else "%s, in %s:" % (
        head, _seconds(summary.seconds))]
    names = ["inserted", "updated", "unchanged", "rejected"]
    if changes is None:
        names.remove("unchanged")  # Only a comparison knows it.
    lines += ["  %-10s%12s" % (name, grouped(getattr(counts, name))) for name in names]
    if counts.rows is not None:  # None: it was stopped before all rows were read.
        lines.append("  %-10s%12s" % ("of", grouped(counts.rows)))
    if counts.rows == 0:
        lines += ["", "The file has no rows below the names of its columns."]
    if changes is not None:
        lines += _changes(changes)
    if summary.problems:
        lines += _problems(summary)
    for each in summary.notes:
        lines += ["", plain_line(each)]
    lines += _files(summary)
    return "\n".join(lines)


def _seconds(seconds):
    # type: (float) -> str
    if seconds < 0.995:
        return "%.2f s" % max(seconds, 0.01)
    return "%.1f s" % seconds if seconds < 9.95 else duration(seconds)


def _problems(summary):
    # type: (Any) -> List[str]
    """Why rows were rejected: each row, or of many the most frequent reasons with examples."""
    if summary.counts.rejected <= SHOWN or not summary.reasons:
        head = "Rejected rows:" if summary.counts.rejected <= SHOWN else "The first rejected rows:"
        return ["", head] + [
            "  row %d: %s" % (row, plain_line(reason))
            for row, reason in list(summary.problems)[:SHOWN]]
    lines = ["", "Why rows were rejected, the most frequent reasons first:"]
    for each in summary.reasons:
        first = each["first"]
        count = "%s row%s" % (grouped(each["rows"]), "" if each["rows"] == 1 else "s")
        places = ", ".join("%d" % example["row"] for example in first)
        lines.append("  %s (%s%s): %s" % (
            count, places, ", ..." if each["rows"] > len(first) else "",
            plain_line(first[0]["reason"] if first else each["reason"])))
    return lines


def _changes(changes):
    # type: (Any) -> List[str]
    """What a dry run has found: in how many rows each field would change, and the first rows."""
    if not changes.by_field:
        return []
    counts = ", ".join(
        "%s in %s" % (native_str(name), grouped(count))
        for name, count in sorted(changes.by_field.items(), key=lambda item: (-item[1], item[0])))
    lines = ["", "Fields that would change, by rows: " + counts]
    for change in changes.changes[:SHOWN]:
        fields = ", ".join(
            "%s %s -> %s" % (native_str(name), _shown(old), _shown(new))
            for name, (old, new) in sorted(change.fields.items()))
        lines.append("  row %d: %s" % (change.row, fields))
    return lines


def _shown(value):
    # type: (Any) -> str
    text = plain_line(json.dumps(value, ensure_ascii=False, sort_keys=True, default=str))
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "..."


def _files(summary):
    # type: (Any) -> List[str]
    files, lines = summary.files, []
    if summary.counts.rejected and files.rejects:
        lines.append(_rejects(summary) % native_str(files.rejects))
    if files.report:
        lines.append("Report: %s" % native_str(files.report))
    return [""] + lines if lines else []


def _rejects(summary):
    # type: (Any) -> str
    """Where the rejected rows are, and what to do: the file of rejects has no other row."""
    if summary.state == "stopped":
        return "Rejected rows so far, with the reason: %s"  # --resume replaces it.
    if summary.state == "refused" or summary.changes is not None:
        source = native_str(summary.files.source)
        return ("Rejected rows, with the reason: %%s; correct them in %s and import that again"
                % ("the input" if source == "-" else source.replace("%", "%%")))
    return "Rejected rows, with the reason: %s; correct them there and import that file"
