"""Draw what an import costs through the gateway and through its peers, in SVG.

    python -m benchmarks.servers.chart [--case NAME] --output FILE RESULT.json...

A row for each server. The first result has a column for CPU and one for requests/s, the others
have one for CPU.
"""

from __future__ import absolute_import, division, print_function

import argparse
import sys

from benchmarks import servers
from benchmarks.chart import MARGIN, STYLE, WIDTH, conditions, document, rectangle, text
from benchmarks.servers import cases
from benchmarks.servers.results import Results
from benchmarks.targets import COST, SPEED

#: Pixels.
_LABEL = 206  # What a server is, left of the columns.
_GAP = 24  # Between columns.
_HEAD = 52  # The titles of the columns.
_ROW = 22
_BAR = 14
_NUMBER = 46  # Right of a bar.
_FOOT = 40  # What was measured on.

_COLORS = STYLE + """
.gateway { fill: #0a7ea4; } .peer { fill: #b6bec7; }
@media (prefers-color-scheme: dark) { .gateway { fill: #3cb6dd; } .peer { fill: #565f6b; } }
"""

_TITLES = {COST: u"\u00b5s of CPU/request; less is better",
           SPEED: "requests/s; more is better"}


def chart(all_results, case):
    # type: (list[Results], Case) -> str
    """SVG of this case, where it was measured; the cheapest server of the first result first."""
    columns = [(all_results[0], COST), (all_results[0], SPEED)]
    columns += [(results, COST) for results in all_results[1:]]
    names = []
    for results in all_results:
        names += [name for name in results.servers(case) if name not in names]
    width = (WIDTH - 2 * MARGIN - _LABEL + _GAP) / len(columns) - _GAP
    parts = []
    for index, (results, measure) in enumerate(columns):
        left = MARGIN + _LABEL + index * (width + _GAP)
        parts += [text(left, MARGIN + 12, "Python %s" % results.facts["python"], "title"),
                  text(left, MARGIN + 29, _TITLES[measure], "quiet")]
        numbers = [results.median(name, case.name, measure) for name in names]
        scale = (width - _NUMBER) / max(numbers_there(numbers) or [1.0])
        for row, (name, number) in enumerate(zip(names, numbers)):
            if number is not None:
                own = name == case.servers[0]
                parts += bar(number, own, left, MARGIN + _HEAD + row * _ROW, scale)
    for row, name in enumerate(names):
        parts.append(text(MARGIN, MARGIN + _HEAD + row * _ROW + 11, servers.named(name).title, ""))
    top = MARGIN + _HEAD + len(names) * _ROW
    parts.append(text(MARGIN, top + 18, "%d connections, one server process; %s" % (
        case.connections, conditions(all_results[0].facts)), "quiet"))
    return document(parts, top + _FOOT, "Cost of an import through gateways", _COLORS)


def numbers_there(numbers):
    # type: (list[float | None]) -> list[float]
    return [number for number in numbers if number is not None]


def bar(number, own, left, top, scale):
    # type: (float, bool, float, float, float) -> list[str]
    length = max(1.0, number * scale)
    return [
        rectangle(left, top, length, _BAR, "gateway" if own else "peer"),
        text(left + length + 5, top + 11, format(int(round(number)), ","),
             "own" if own else "quiet"),
    ]


def main(arguments):
    # type: (list[str]) -> None
    parser = argparse.ArgumentParser(prog="python -m benchmarks.servers.chart")
    parser.add_argument("results", nargs="+", metavar="RESULT.json")
    parser.add_argument("--case", default="import-64", help="import-64, or another one")
    parser.add_argument("--output", required=True, help="a file")
    options = parser.parse_args(arguments)
    drawing = chart([Results.load(path) for path in options.results], cases.named(options.case))
    with open(options.output, "wb") as file:
        file.write(drawing.encode("utf-8"))


if __name__ == "__main__":
    main(sys.argv[1:])
