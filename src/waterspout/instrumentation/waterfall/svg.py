"""A waterfall as an SVG picture, for a debug page: no script, nothing to load."""

from __future__ import absolute_import, division, print_function

from xml.sax.saxutils import escape

from waterspout._compat import TYPE_CHECKING
from waterspout.instrumentation.waterfall.phases import BY_KEY, PHASES
from waterspout.instrumentation.waterfall.scale import Scale, shown_seconds

if TYPE_CHECKING:
    from typing import List  # noqa: F401

    from waterspout.instrumentation.waterfall.rows import Row  # noqa: F401

#: In user units; a column of text is `_COLUMN` wide.
_COLUMN, _LINE, _BAR, _PAD = 7.3, 22, 14, 12

#: Rules of all pictures are the same, so that several in one page do not disturb each other.
STYLE = (
    ".wsw{font:12px ui-monospace,Menlo,Consolas,monospace}"
    ".wsw .bg{fill:#fff}.wsw text{fill:#1f2328}.wsw .weak{fill:#59636e}"
    ".wsw line{stroke:#d1d9e0}%s"
    "@media (prefers-color-scheme:dark){.wsw .bg{fill:#0d1117}.wsw text{fill:#e6edf3}"
    ".wsw .weak{fill:#9198a1}.wsw line{stroke:#3d444d}%s}") % tuple(
        "".join(".wsw .%s{fill:%s}" % (phase.key, getattr(phase, theme)) for phase in PHASES)
        for theme in ("light", "dark"))


def as_svg(rows, width):
    # type: (List[Row], int) -> str
    """A picture, ``width`` columns of text wide; each bar has its phase and time as a title."""
    outcomes = min(max(len(row.outcome) for row in rows), width // 4)
    names = min(max(len(row.name) for row in rows), (width - outcomes - 12) // 2)
    left = _PAD + (names + outcomes + 3) * _COLUMN
    right = _PAD + (width - 9) * _COLUMN
    whole = width * _COLUMN + 2 * _PAD
    scale = Scale(rows, right - left)
    used = set(key for row in rows for key, _, _ in row.spans)
    phases = [phase for phase in PHASES if phase.key in used]
    height = _PAD + _LINE * (len(rows) + 1) + 2 * _LINE
    title = "%d exchange%s in %s" % (
        len(rows), "" if len(rows) == 1 else "s", shown_seconds(scale.seconds))
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" class="wsw" role="img" viewBox="0 0 %.0f %.0f" '
        'width="%.0f" height="%.0f">' % (whole, height, whole, height),
        "<title>Waterfall: %s</title><desc>%s</desc><style>%s</style>" % (
            title, escape("; ".join(_described(row) for row in rows)), STYLE),
        '<rect class="bg" width="%.0f" height="%.0f"/>' % (whole, height),
        _text(left, _PAD + 10, "0", "weak"),
        _text(right, _PAD + 10, shown_seconds(scale.seconds), "weak", "end"),
    ]
    for part in range(5):
        x = left + (right - left) * part / 4
        parts.append('<line x1="%.1f" x2="%.1f" y1="%d" y2="%d"/>' % (
            x, x, _PAD + 16, _PAD + _LINE * (len(rows) + 1)))
    for index, row in enumerate(rows):
        top = _PAD + _LINE * (index + 1)
        parts.append(_text(_PAD, top + 12, _cut(row.name, names)))
        parts.append(_text(_PAD + (names + 1) * _COLUMN, top + 12, _cut(row.outcome, outcomes),
                           "weak"))
        for key, started, ended in row.spans:
            x, end = left + scale.place(started), left + scale.place(ended)
            parts.append('<rect class="%s" x="%.1f" y="%d" width="%.1f" height="%d">'
                         "<title>%s: %s</title></rect>" % (
                             key, x, top + 1, max(end - x, 0.8), _BAR, BY_KEY[key].name,
                             shown_seconds(ended - started)))
        parts.append(_text(whole - _PAD, top + 12, shown_seconds(row.seconds),
                           "", "end"))
    x, top = float(_PAD), height - _LINE
    for phase in phases:
        parts.append('<rect class="%s" x="%.1f" y="%.0f" width="10" height="10"/>' % (
            phase.key, x, top))
        parts.append(_text(x + 14, top + 9, phase.name, "weak"))
        x += 14 + (len(phase.name) + 2) * _COLUMN
    return "".join(parts) + "</svg>"


def _described(row):
    # type: (Row) -> str
    spans = ", ".join("%s %s" % (BY_KEY[key].name, shown_seconds(ended - started))
                      for key, started, ended in row.spans)
    return "%s: %s, %s (%s)" % (
        row.name.strip(), row.outcome, shown_seconds(row.seconds), spans or "-")


def _text(x, y, text, kind="", anchor=""):
    # type: (float, float, str, str, str) -> str
    return '<text x="%.1f" y="%.1f"%s%s xml:space="preserve">%s</text>' % (
        x, y, kind and ' class="%s"' % kind, anchor and ' text-anchor="%s"' % anchor, escape(text))


def _cut(text, columns):
    # type: (str, int) -> str
    return text if len(text) <= columns else text[:columns - 2] + ".."
