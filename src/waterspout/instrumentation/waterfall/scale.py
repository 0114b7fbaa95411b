"""Seconds as text, and their place on the axis of a waterfall."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import List, Optional  # noqa: F401

    from waterspout.instrumentation.waterfall.rows import Row  # noqa: F401


class Scale(object):
    """Maps moments to 0 ... ``size``.

    Attributes:
        seconds (float): from the first start to the last end of rows that have them.
    """

    def __init__(self, rows, size):
        # type: (List[Row], float) -> None
        known = [row for row in rows if row.started is not None]
        self._first = min([row.started for row in known] or [0.0])
        self.seconds = max([row.ended for row in known] or [0.0]) - self._first
        # Less than a nanosecond is no time: dividing by it would overflow.
        self._per_second = size / self.seconds if self.seconds > 1e-9 else 0.0

    def place(self, moment):
        # type: (float) -> float
        return (moment - self._first) * self._per_second


def shown_seconds(seconds):
    # type: (Optional[float]) -> str
    """``"850 us"``, ``"12.3 ms"``, ``"1.25 s"``: three digits and a unit, ASCII only; ``"-"``."""
    if seconds is None:
        return "-"
    if seconds < 0.0009995:
        return "%d us" % round(seconds * 1e6)
    for factor, unit in ((1e3, "ms"), (1.0, "s")):
        value = seconds * factor
        if value < 9.995:
            return "%.2f %s" % (value, unit)
        if value < 99.95:
            return "%.1f %s" % (value, unit)
        if value < 999.5 or unit == "s":
            return "%.0f %s" % (value, unit)
    raise AssertionError("unreachable")
