"""The table of what options cost, as Markdown."""

from __future__ import absolute_import, division, print_function

from benchmarks.options import variants
from benchmarks.options.client import CONCURRENT
from benchmarks.results import median
from benchmarks.table import markdown

#: What is measured, what turns it into the number that is shown, and the name of that.
_COLUMNS = (("cpu", 1e6, u"\u00b5s of CPU"), ("instructions", 1e-3, "thousand instructions"))


def report(results):
    # type: (dict[str, Any]) -> str
    """Everything there is to say about a run."""
    lines = ["%s  %s" % ("ok  " if met else "FAIL", line) for met, line in checked(results)]
    about = "Python %s, %s; for each import, %d concurrent" % (
        results["python"], results["machine"]["cpu"], CONCURRENT)
    return u"%s\n\n%s\n\n%s\n" % (about, markdown(rows(results)), "\n".join(lines))


def rows(results):
    # type: (dict[str, Any]) -> list[list[str]]
    """A row for each variant, after the heads of the columns."""
    shown = [column for column in _COLUMNS if results[column[0]]]
    found = [[""] + [text for _, _, title in shown for text in (title, "beside the defaults")]]
    for one in measured(results):
        row = [one.title]
        for name, factor, _ in shown:
            values = results[name]
            row.append("%.0f" % (middle(values[one.name]) * factor))
            more = ""
            if "defaults" in values and one.name != "defaults":
                more = "%+.1f %%" % ((ratio(values, one.name, "defaults") - 1) * 100)
            row.append(more)
        found.append(row)
    return found


def checked(results):
    # type: (dict[str, Any]) -> list[tuple[bool, str]]
    """Return (whether it is met, a line) for each variant with a limit of its CPU time."""
    values = results["cpu"]
    found = []
    for one in measured(results):
        if one.limit is not None and one.against in values:
            factor = ratio(values, one.name, one.against)
            line = "%s: %.3f times the CPU time of \"%s\", at most %.2f" % (
                one.title, factor, variants.named(one.against).title, one.limit)
            found.append((factor <= one.limit, line))
    return found


def ratio(values, name, other):
    # type: (dict[str, Any], str, str) -> float
    """Return the median of the rounds' ratios: within a round the machine was the same."""
    if isinstance(values[name], list):
        return median([one / its for one, its in zip(values[name], values[other])])
    return values[name] / values[other]


def middle(value):
    # type: (Any) -> float
    return median(value) if isinstance(value, list) else value


def measured(results):
    # type: (dict[str, Any]) -> list[Variant]
    return [one for one in variants.VARIANTS
            if one.name in results["cpu"] or one.name in results["instructions"]]
