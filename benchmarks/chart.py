"""Draw saved results as bars, in SVG that is readable on light and on dark pages.

    python -m benchmarks.chart [--cases get-64,...] [--output FILE] RESULT.json...

A panel for each result and case, two beside each other.
"""

from __future__ import absolute_import, division, print_function

import argparse
import sys
from xml.sax.saxutils import escape

from benchmarks import clients
from benchmarks.cases import Case
from benchmarks.results import Results

#: Pixels. GitHub shows a README about 840 wide.
WIDTH = 840
_MARGIN = 24
_GAP = 32  # Between panels.
_HEAD = 46  # Of a panel: its title and what stands under it.
_ROW = 25
_BAR = 15
_LABEL = 172  # The client's name, left of its bar.
_NUMBER = 52  # The number, right of it.
_FOOT = 62  # The legend, and what was measured on.

#: The page's own theme is unknown inside an image: a card of our own is readable on both.
_STYLE = """
text { font: 12px -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328; }
.title { font-size: 14px; font-weight: 600; }
.quiet { font-size: 11px; fill: #59636e; }
.end { text-anchor: end; }
.own { font-weight: 600; }
.card { fill: #ffffff; stroke: #d1d9e0; }
.bar-own { fill: #0a7ea4; } .bar-ours { fill: #86c5da; } .bar-other { fill: #b6bec7; }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc; } .quiet { fill: #9198a1; }
  .card { fill: #0d1117; stroke: #3d444d; }
  .bar-own { fill: #3cb6dd; } .bar-ours { fill: #23647c; } .bar-other { fill: #565f6b; }
}
"""

_LEGEND = (
    ("own", "Waterspout, its own client"),
    ("ours", "Waterspout on other transports"),
    ("other", "others"),
)


def chart(panels):
    # type: (list[tuple[Results, str]]) -> str
    """SVG with a panel for each (results, name of a case)."""
    columns = min(2, len(panels))
    width = (WIDTH - 2 * _MARGIN - _GAP * (columns - 1)) / columns
    parts, top = [], _MARGIN
    for index in range(0, len(panels), columns):
        row = panels[index:index + columns]
        for column, (results, case) in enumerate(row):
            parts += panel(results, case, _MARGIN + column * (width + _GAP), top, width)
        top += _HEAD + _ROW * max(len(results.clients(case)) for results, case in row) + _GAP / 2
    parts += foot([results for results, _ in panels], top)
    return document(parts, top + _FOOT)


def panel(results, case, left, top, width):
    # type: (Results, str, float, float, float) -> list[str]
    """One case: a bar for each client, the fastest on top."""
    python = ".".join(results.facts["python"].split(".")[:2])
    parts = [
        text(left, top + 12, Case.named(case).title, "title"),
        text(left, top + 29, "calls per second on Python %s, more is better" % python, "quiet"),
    ]
    names = results.clients(case)
    speeds = [results.median(name, case, "calls_per_second") for name in names]
    for index, (name, speed) in enumerate(zip(names, speeds)):
        middle = top + _HEAD + _ROW * index + _ROW / 2
        length = max(1.0, (width - _LABEL - _NUMBER) * speed / max(speeds))
        group = group_of(name)
        parts += [
            text(left + _LABEL - 8, middle + 4, clients.named(name).title,
                 "end own" if group == "own" else "end"),
            rectangle(left + _LABEL, middle - _BAR / 2, length, _BAR, "bar-" + group),
            text(left + _LABEL + length + 6, middle + 4, format(int(round(speed)), ","),
                 "own" if group == "own" else ""),
        ]
    return parts


def group_of(name):
    # type: (str) -> str
    """Return the key in the legend of a client."""
    if name in ("session-pooled", "fetch-pooled"):
        return "own"
    return "ours" if name.startswith("session-") else "other"


def foot(all_results, top):
    # type: (list[Results], float) -> list[str]
    parts, left = [], _MARGIN
    for group, meaning in _LEGEND:
        parts.append(rectangle(left, top, 11, 11, "bar-" + group))
        parts.append(text(left + 17, top + 10, meaning, "quiet"))
        left += 40 + 6 * len(meaning)
    facts = all_results[0].facts
    machine = facts["machine"]
    parts.append(text(_MARGIN, top + 32, "%s, %d cores, one client process, %s on loopback; "
                      "medians of %d interleaved rounds" % (
                          machine["cpu"], machine["cores"], facts["upstream"], facts["rounds"]),
                      "quiet"))
    return parts


def document(parts, height):
    # type: (list[str], float) -> str
    lines = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" '
        'role="img" aria-label="Calls per second of HTTP clients">' % (
            WIDTH, height, WIDTH, height),
        "<style>%s</style>" % _STYLE,
        '<rect class="card" x="0.5" y="0.5" width="%d" height="%d" rx="8"/>' % (
            WIDTH - 1, height - 1),
    ]
    return "\n".join(lines + parts + ["</svg>"]) + "\n"


def text(x, y, content, classes):
    # type: (float, float, str, str) -> str
    return '<text x="%.1f" y="%.1f" class="%s">%s</text>' % (x, y, classes, escape(content))


def rectangle(x, y, width, height, name):
    # type: (float, float, float, float, str) -> str
    return '<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" rx="2" class="%s"/>' % (
        x, y, width, height, name)


def main(arguments):
    # type: (list[str]) -> None
    parser = argparse.ArgumentParser(prog="python -m benchmarks.chart")
    parser.add_argument("results", nargs="+", metavar="RESULT.json")
    parser.add_argument("--cases", default="get-64", help="such as get-64,1m-64 (get-64)")
    parser.add_argument("--output", help="a file (standard output)")
    options = parser.parse_args(arguments)
    loaded = [Results.load(path) for path in options.results]
    drawn = chart([(one, case) for case in options.cases.split(",") for one in loaded])
    if options.output:
        with open(options.output, "w") as file:
            file.write(drawn)
    else:
        sys.stdout.write(drawn)


if __name__ == "__main__":
    main(sys.argv[1:])
