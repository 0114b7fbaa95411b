"""What docs/operating.md shows of the options' cost; `benchmarks.pages` writes it."""

from __future__ import absolute_import, division, print_function

from benchmarks.options import table
from benchmarks.options.client import CONCURRENT
from benchmarks.table import compact


def details(results):
    # type: (dict[str, Any]) -> str
    """The table, and what it was measured on."""
    machine = results["machine"]
    return u"Python %s, %s, %d cores; an import, %d at a time; medians of %d rounds.\n\n%s" % (
        results["python"], machine["cpu"], machine["cores"], CONCURRENT,
        max(len(times) for times in results["cpu"].values()), compact(table.rows(results)))
