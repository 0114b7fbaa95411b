"""The table of what options cost, as Markdown."""

from __future__ import absolute_import, division, print_function

from benchmarks.options import variants
from benchmarks.options.client import CONCURRENT
from benchmarks.table import markdown


def report(results):
    # type: (dict[str, Any]) -> str
    """Everything there is to say about a run."""
    lines = ["%s  %s" % ("ok  " if met else "FAIL", line) for met, line in checked(results)]
    about = "Python %s, %s; instructions in user mode for each import, %d concurrent" % (
        results["python"], results["machine"]["cpu"], CONCURRENT)
    return "%s\n\n%s\n\n%s\n" % (about, table(results), "\n".join(lines))


def table(results):
    # type: (dict[str, Any]) -> str
    counted = results["instructions"]
    rows = [["", "thousand instructions", "more than the defaults"]]
    for one in measured(results):
        more = ""
        if "defaults" in counted and one.name != "defaults":
            more = "%+.1f %%" % ((counted[one.name] / counted["defaults"] - 1) * 100)
        rows.append([one.title, "%.0f" % (counted[one.name] / 1000), more])
    return markdown(rows)


def checked(results):
    # type: (dict[str, Any]) -> list[tuple[bool, str]]
    """Return (whether it is met, a line) for each variant with a limit."""
    counted = results["instructions"]
    found = []
    for one in measured(results):
        if one.limit is not None and "before" in counted:
            ratio = counted[one.name] / counted["before"]
            found.append((ratio <= one.limit, "%s: %.3f times the instructions of before, at most "
                          "%.2f" % (one.title, ratio, one.limit)))
    return found


def measured(results):
    # type: (dict[str, Any]) -> list[Variant]
    return [one for one in variants.VARIANTS if one.name in results["instructions"]]
