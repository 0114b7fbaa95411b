"""A waterfall as lines of ASCII, for a log or a terminal."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout.instrumentation.waterfall.phases import BY_KEY, PHASES
from waterspout.instrumentation.waterfall.scale import Scale, shown_seconds

if TYPE_CHECKING:
    from typing import List  # noqa: F401

    from waterspout.instrumentation.waterfall.rows import Row  # noqa: F401

#: Columns of a time, such as ``"12.3 ms"``.
_TIME = 7


def as_text(rows, width):
    # type: (List[Row], int) -> str
    """Lines of ``width`` columns: names, outcomes, bars, times; below them what letters mean."""
    outcomes = max(len(row.outcome) for row in rows)
    outcomes = min(outcomes, width // 4)
    names = min(max(len(row.name) for row in rows), (width - outcomes - _TIME - 5) // 2)
    bars = width - names - outcomes - _TIME - 5
    scale = Scale(rows, bars)
    whole = shown_seconds(scale.seconds)
    margin = " " * (names + outcomes + 3)
    lines = [margin + "0" + whole.rjust(bars - 1)]
    for row in rows:
        lines.append("%s %s |%s| %s" % (
            _cut(row.name, names), _cut(row.outcome, outcomes), _bar(row, scale, bars),
            shown_seconds(row.seconds).rjust(_TIME)))
    used = set(key for row in rows for key, _, _ in row.spans)
    legend = ["%s %s" % (phase.letter, phase.name) for phase in PHASES if phase.key in used]
    if legend:
        lines.append("  ".join(legend))
    return "\n".join(line.rstrip() for line in lines)


def _bar(row, scale, columns):
    # type: (Row, Scale, int) -> str
    """Each column has the letter of the phase that took most of it."""
    shares = [{} for _ in range(columns)]  # type: List[dict]
    for key, started, ended in row.spans:
        begin, end = scale.place(started), scale.place(ended)
        for column in range(int(begin), min(int(end) + 1, columns)):
            share = min(end, column + 1) - max(begin, column)
            if share > 0:
                shares[column][key] = shares[column].get(key, 0.0) + share
    bar = [BY_KEY[max(share, key=lambda key: (share[key], key))].letter
           if sum(share.values()) >= 0.5 else " " for share in shares]
    if not "".join(bar).strip() and row.spans:  # Shorter than a column.
        longest = max(row.spans, key=lambda span: span[2] - span[1])
        bar[min(int(scale.place(longest[1])), columns - 1)] = BY_KEY[longest[0]].letter
    return "".join(bar)


def _cut(text, columns):
    # type: (str, int) -> str
    return text.ljust(columns) if len(text) <= columns else text[:columns - 2] + ".."
