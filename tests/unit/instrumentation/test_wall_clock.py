"""The time of day of monotonic moments keeps their order and distance."""

from __future__ import absolute_import, division, print_function

import time

import pytest

from waterspout._compat import monotonic
from waterspout.instrumentation import wall_time
from waterspout.instrumentation.wall_clock import WallClock


class Clocks(object):
    """A monotonic clock, and a time of day that is ``ahead`` of it.

    Each reading takes ``pauses[0]`` seconds, the next one's if there are more, else a microsecond.
    """

    def __init__(self):
        self.now, self.ahead, self.pauses = 100.0, 1e9, []

    def monotonic(self):
        self.now += self.pauses.pop(0) if self.pauses else 1e-6
        return self.now

    def time_of_day(self):
        return self.monotonic() + self.ahead


@pytest.fixture
def clocks():
    return Clocks()


@pytest.fixture
def clock(clocks):
    return WallClock(clocks.time_of_day, clocks.monotonic)


def test_it_is_the_time_of_day(clock, clocks):
    assert abs(clock.offset() - clocks.ahead) < 1e-5


def test_now_is_now():
    """Of the real clocks."""
    assert abs(wall_time(monotonic()) - time.time()) < 1


def test_moments_keep_their_distance(clock, clocks):
    """Also if readings differ a little."""
    before = clock.offset()
    for _ in range(10):
        clocks.now += 5
        clocks.ahead += 3e-6
        assert clock.offset() == before


def test_a_clock_that_was_set_is_noticed(clock, clocks):
    clocks.ahead += 3600
    clocks.now += 5
    assert abs(clock.offset() - clocks.ahead) < 1e-5


def test_a_pause_in_a_reading_does_not_matter(clock, clocks):
    """The process was suspended between the two readings of the first try."""
    before = clock.offset()
    clocks.now += 5
    clocks.pauses = [1e-6, 1e-6, 0.5]
    assert clock.offset() == before


def test_offset_in_nanoseconds_follows_a_clock_that_was_set(clock, clocks):
    """It looks at the clocks only for a moment that is after the next check."""
    before, now = clock.offset_in_nanoseconds(clocks.now), clocks.now
    assert abs(before - clocks.ahead * 1e9) < 1e4 and clocks.now == now
    clocks.ahead += 100
    clocks.now += 10
    assert clock.offset_in_nanoseconds(now) == before
    assert abs(clock.offset_in_nanoseconds(clocks.now) - clocks.ahead * 1e9) < 1e4
