"""Draw saved results as bars, in SVG that is readable on light and on dark pages.

    python -m benchmarks.chart [--kinds sdk,get] [--output FILE] RESULT.json...

A row for each kind of call, with 64 concurrent calls, and a column for each result.
"""

from __future__ import absolute_import, division, print_function

import argparse
import sys
from xml.sax.saxutils import escape

from benchmarks import clients
from benchmarks.cases import KINDS
from benchmarks.results import Results
from benchmarks.targets import SPEED

#: The kinds that are drawn, in this order: from what a service calls to the bare call.
SHOWN = tuple(kind.name for kind in KINDS
              if kind.name not in ("headers", "sdk-each", "upload", "64k", "1m"))

#: Whose bars are drawn: ours, and the first two of the others that were measured.
_OURS = "session-pooled"
_PEERS = ("aiohttp", "fetch-curl", "fetch-simple")

#: Pixels. GitHub shows a README about 840 wide.
WIDTH = 840
MARGIN = 24
_LABEL = 252  # What is called, left of the columns.
_GAP = 24  # Between columns.
_HEAD = 52  # The titles of the columns.
_BAR = 11
_ROW_GAP = 11
_NUMBER = 46  # Right of a bar.
_FOOT = 62  # The legend, and what was measured on.

#: The page's own theme is unknown inside an image: a card of our own is readable on both.
STYLE = """
text { font: 12px -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328; }
.title { font-size: 14px; font-weight: 600; }
.quiet { font-size: 11px; fill: #59636e; }
.own { font-size: 11px; font-weight: 600; }
.card { fill: #ffffff; stroke: #d1d9e0; }
.session-pooled { fill: #0a7ea4; }
.aiohttp { fill: #8b949e; } .fetch-curl { fill: #b6bec7; } .fetch-simple { fill: #d8dde2; }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc; } .quiet { fill: #9198a1; }
  .card { fill: #0d1117; stroke: #3d444d; }
  .session-pooled { fill: #3cb6dd; }
  .aiohttp { fill: #7d8590; } .fetch-curl { fill: #565f6b; } .fetch-simple { fill: #3b424b; }
}
"""


def chart(all_results, kinds=SHOWN):
    # type: (list[Results], Sequence[str]) -> str
    """SVG of the calls per second of these kinds of call, where they were measured."""
    shown = [kind for kind in KINDS if kind.name in kinds
             and any(drawn(results, kind) for results in all_results)]
    width = (WIDTH - 2 * MARGIN - _LABEL) / len(all_results) - _GAP
    lefts = [MARGIN + _LABEL + index * (width + _GAP) for index in range(len(all_results))]
    most = [max([speed for kind in shown for _, speed in drawn(results, kind)] or [1.0])
            for results in all_results]
    parts = []
    for results, left in zip(all_results, lefts):
        parts += [
            text(left, MARGIN + 12, "Python %s" % results.facts["python"], "title"),
            text(left, MARGIN + 29, "calls per second; more is better", "quiet"),
        ]
    top = MARGIN + _HEAD
    for kind in shown:
        height = _BAR * max(len(drawn(results, kind)) for results in all_results)
        parts.append(text(MARGIN, top + height / 2 + 4, kind.title, ""))
        for results, left, scale in zip(all_results, lefts, most):
            parts += bars(drawn(results, kind), left, top, (width - _NUMBER) / scale)
        top += height + _ROW_GAP
    return document(parts + foot(all_results, shown, top), top + _FOOT)


def drawn(results, kind):
    # type: (Results, Kind) -> list[tuple[str, float]]
    """Return (client, calls per second), ours first."""
    case = kind.name + "-64"
    measured = results.clients(case)
    names = [name for name in (_OURS,) + _PEERS if name in measured]
    return [(name, results.median(name, case, SPEED)) for name in names[:3]]


def bars(speeds, left, top, scale):
    # type: (list[tuple[str, float]], float, float, float) -> list[str]
    parts = []
    for index, (name, speed) in enumerate(speeds):
        length = max(1.0, speed * scale)
        parts += [
            rectangle(left, top + _BAR * index, length, _BAR - 1, name),
            text(left + length + 5, top + _BAR * index + 9, format(int(round(speed)), ","),
                 "own" if name == _OURS else "quiet"),
        ]
    return parts


def foot(all_results, kinds, top):
    # type: (list[Results], list[Kind], float) -> list[str]
    """The legend, and what was measured on."""
    names = {name for results in all_results for kind in kinds
             for name, _ in drawn(results, kind)}
    parts, left = [], MARGIN
    for name in (_OURS,) + _PEERS:
        if name in names:
            title = "Waterspout" if name == _OURS else clients.named(name).title
            parts.append(rectangle(left, top, 11, 11, name))
            parts.append(text(left + 17, top + 10, title, "quiet"))
            left += 44 + 6 * len(title)
    parts.append(text(MARGIN, top + 32, "64 concurrent calls, one client process; " + conditions(
        all_results[0].facts), "quiet"))
    return parts


def conditions(facts):
    # type: (dict[str, Any]) -> str
    """What was measured on, in a line."""
    machine = facts["machine"]
    return "%s, %d cores, %s on loopback; medians of %d interleaved rounds" % (
        machine["cpu"], machine["cores"], facts["upstream"], facts["rounds"])


def document(parts, height, label="Calls per second of HTTP clients", style=STYLE):
    # type: (list[str], float, str, str) -> str
    lines = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" '
        'role="img" aria-label="%s">' % (WIDTH, height, WIDTH, height, label),
        "<style>%s</style>" % style,
        '<rect class="card" x="0.5" y="0.5" width="%d" height="%d" rx="8"/>' % (
            WIDTH - 1, height - 1),
    ]
    return "\n".join(lines + parts + ["</svg>"]) + "\n"


def text(x, y, content, classes):
    # type: (float, float, str, str) -> str
    return '<text x="%.1f" y="%.1f" class="%s">%s</text>' % (x, y, classes, escape(content))


def rectangle(x, y, width, height, name):
    # type: (float, float, float, float, str) -> str
    return '<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" rx="1" class="%s"/>' % (
        x, y, width, height, name)


def main(arguments):
    # type: (list[str]) -> None
    parser = argparse.ArgumentParser(prog="python -m benchmarks.chart")
    parser.add_argument("results", nargs="+", metavar="RESULT.json")
    parser.add_argument("--kinds", default=",".join(SHOWN), help="such as sdk,get")
    parser.add_argument("--output", help="a file (standard output)")
    options = parser.parse_args(arguments)
    drawing = chart([Results.load(path) for path in options.results], options.kinds.split(","))
    if options.output:
        with open(options.output, "w") as file:
            file.write(drawing)
    else:
        sys.stdout.write(drawing)


if __name__ == "__main__":
    main(sys.argv[1:])
