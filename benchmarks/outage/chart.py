"""Draw results as bars, in SVG that is readable on light and on dark pages.

    python -m benchmarks.outage.chart --output FILE RESULT.json

A row for each way of each scenario; columns for success, p99 and the load on the upstream.
"""

from __future__ import absolute_import, division, print_function

import argparse

from benchmarks.chart import MARGIN, STYLE, WIDTH, document, rectangle, text
from benchmarks.outage import checks, scenarios
from benchmarks.outage.results import Results
from benchmarks.outage.table import conditions

#: Pixels.
_LABEL = 216  # The ways, left of the columns.
_GAP = 20  # Between columns.
_HEAD = 40  # The titles of the columns.
_ROW = 17
_BAR = 11
_TITLE = 22  # Of a scenario, above its rows.
_NUMBER = 44  # Right of a bar.
_FOOT = 36  # What was measured on.

#: figure, the column's title, what is shown of a number, and the most that has room (or None).
_COLUMNS = (
    ("success", "calls that succeed, %", lambda number: "%.1f" % (number * 100), 1.0),
    ("p99_ms", "p99, ms (to 1,200)", lambda number: "%.0f" % number, 1200.0),
    ("load", "requests for each call (to 3)", lambda number: "%.2f" % number, 3.0),
)

#: Ways with which a check has to fail.
_WITHOUT = frozenset(check.without[1] for check in checks.CHECKS)

_COLORS = STYLE + """
.policy { fill: #0a7ea4; } .none { fill: #d29922; } .peer { fill: #b6bec7; }
@media (prefers-color-scheme: dark) {
  .policy { fill: #3cb6dd; } .none { fill: #bb8009; } .peer { fill: #565f6b; }
}
"""


def chart(results):
    # type: (Results) -> str
    width = (WIDTH - 2 * MARGIN - _LABEL + _GAP) / len(_COLUMNS) - _GAP
    lefts = [MARGIN + _LABEL + index * (width + _GAP) for index in range(len(_COLUMNS))]
    parts = [text(left, MARGIN + 12, column[1], "quiet")
             for left, column in zip(lefts, _COLUMNS)]
    top = MARGIN + _HEAD
    for name in results.scenarios():
        scenario = scenarios.named(name)
        parts.append(text(MARGIN, top - 6, scenario.title, "title"))
        top += 4
        for way in scenario.ways:
            if results.has(name, way):
                parts.append(text(MARGIN, top + 10, way, "quiet"))
                for left, (figure, _, told, most) in zip(lefts, _COLUMNS):
                    parts += bar(results.median(name, way, figure), told, left, top,
                                 (width - _NUMBER) / most, width - _NUMBER, kind(way))
                top += _ROW
        top += _TITLE
    parts.append(text(MARGIN, top + 4, conditions(results.facts), "quiet"))
    return document(parts, top + _FOOT - 12, "Calls while their upstream misbehaves", _COLORS)


def kind(way):
    # type: (str) -> str
    """The class of its bars."""
    if scenarios.of_peer(way):
        return "peer"
    return "none" if way == "no policy" or way in _WITHOUT else "policy"


def bar(number, told, left, top, scale, most, name):
    # type: (float, Callable[[float], str], float, float, float, float, str) -> list[str]
    length = min(max(1.0, number * scale), most)
    return [
        rectangle(left, top, length, _BAR, name),
        text(left + length + 5, top + 10, told(number), "own" if name == "policy" else "quiet"),
    ]


def write(results, path):
    # type: (Results, str) -> None
    with open(path, "wb") as file:
        file.write(chart(results).encode("utf-8"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.outage.chart")
    parser.add_argument("result", metavar="RESULT.json")
    parser.add_argument("--output", required=True, help="a file")
    options = parser.parse_args()
    write(Results.load(options.result), options.output)
