"""WallClock: the time of day of monotonic moments."""

from __future__ import absolute_import, division, print_function

import time

from waterspout._compat import TYPE_CHECKING, monotonic

if TYPE_CHECKING:
    from typing import Callable  # noqa: F401

#: Seconds for which one measurement is used without another look.
_CHECK_AFTER = 1.0

#: Seconds by which measurements of unchanged clocks differ, and more.
_TOLERANCE = 50e-6

#: The best of so many: a process may be suspended between the two readings.
_READINGS = 3


class WallClock(object):
    """Knows by how much the time of day is ahead of the monotonic clock.

    Two measurements differ by microseconds, or by milliseconds if something ran in between. Two
    moments of which each has one of its own could change places: a child that begins before its
    parent. So one measurement serves all, until another shows that the system's clock was set.

    Args:
        time_of_day, monotonic (callable): return seconds.
    """

    def __init__(self, time_of_day=time.time, monotonic=monotonic):
        # type: (Callable[[], float], Callable[[], float]) -> None
        self._time_of_day = time_of_day
        self._monotonic = monotonic
        self._offset = self._measure()
        self._nanoseconds = int(self._offset * 1e9)
        self._check_at = monotonic() + _CHECK_AFTER

    def offset(self):
        # type: () -> float
        """Seconds to add to a monotonic moment."""
        now = self._monotonic()
        if now >= self._check_at:
            self._check_at = now + _CHECK_AFTER
            measured = self._measure()
            if abs(measured - self._offset) > _TOLERANCE:
                self._offset = measured
                self._nanoseconds = int(measured * 1e9)
        return self._offset

    def offset_in_nanoseconds(self, moment):
        # type: (float) -> int
        """The same, as an int; without looking at the clock if ``moment`` is before the next check.

        Args:
            moment (float): monotonic seconds of just now.
        """
        if moment >= self._check_at:
            self.offset()
        return self._nanoseconds

    def _measure(self):
        readings = []
        for _ in range(_READINGS):
            before = self._monotonic()
            time_of_day = self._time_of_day()
            after = self._monotonic()
            readings.append((after - before, time_of_day - (before + after) / 2))
        return min(readings)[1]


#: The one of this process.
wall_clock = WallClock()


def wall_time(moment):
    # type: (float) -> float
    """The time of day, in seconds since 1970 (UTC), of a detail's time.

    Moments of about the same time keep their order and their distance.
    """
    return wall_clock.offset() + moment
