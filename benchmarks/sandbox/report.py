"""The tables that are printed."""

from __future__ import absolute_import, division, print_function

import collections

#: What was measured at one number of instances; all but the first two are `measure.Times`.
Size = collections.namedtuple(
    "Size", "instances searches imports busy_imports idle_search busy_search"
)

#: Milliseconds. The first two at the first number of instances; an indexed search may take twice
#: as long at the others. The last is what an import may add to another organisation's search.
INDEXED_SEARCH, IMPORT, DELAY = 20, 1500, 100

_WIDTH = 36


def tables(sizes):
    # type: (list[Size]) -> str
    """Times in milliseconds, and whether they are what the sandbox asks of itself."""
    return "\n".join(
        ["", _row("ms: median, worst", ["{:,}".format(size.instances) for size in sizes])]
        + list(_searches(sizes))
        + [_row(title, [_both(getattr(size, name)) for size in sizes]) for title, name in (
            ("import of 3,000, half updates", "imports"),
            ("the same beside searches", "busy_imports"),
            ("another tenant's search", "idle_search"),
            ("the same during these imports", "busy_search"))]
        + ["", "* an index leads to what is found; in parentheses the total", ""]
        + ["%-60s %10.1f   %s" % (title, value, "yes" if value < limit else "NO")
           for title, value, limit in _targets(sizes)]
    )


def _searches(sizes):
    for results in zip(*[size.searches for size in sizes]):
        search = results[0][0]
        title = search.title + (" *" if search.is_indexed else "")
        yield _row(title, ["%s (%d)" % (_both(times), times.total) for _, times in results])


def _targets(sizes):
    first = sizes[0]
    yield "slowest indexed search, median, under %d ms" % INDEXED_SEARCH, _slowest(first), \
        INDEXED_SEARCH
    for size in sizes[1:]:
        title = "the same at {:,}, under twice that".format(size.instances)
        yield title, _slowest(size), 2 * INDEXED_SEARCH
    yield "import of 3,000 rows, median, under %d ms" % IMPORT, first.imports.median * 1e3, IMPORT
    for size in sizes:
        title = "worst delay of another tenant at {:,}, under {} ms".format(size.instances, DELAY)
        yield title, (size.busy_search.worst - size.idle_search.median) * 1e3, DELAY


def _slowest(size):
    return 1e3 * max(times.median for search, times in size.searches if search.is_indexed)


def _row(title, cells):
    return ("%-*s" % (_WIDTH, title)) + "".join("%30s" % cell for cell in cells)


def _both(times):
    return "%.1f, %.1f" % (times.median * 1e3, times.worst * 1e3)
