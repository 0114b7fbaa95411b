"""Asserts that time grows with the input, and not with its square."""

from __future__ import absolute_import, division, print_function

import time

SHORT_BYTES = 8 * 1024
FACTOR = 32


def input_of(make, byte_count):
    """The input that ``make(count)`` returns for a count that makes it about this long."""
    return make(1000 * byte_count // (len(make(1000)) - len(make(0))))


def seconds_for(feed, data, size):
    """The CPU time to feed ``data`` in slices of ``size``."""
    clock = getattr(time, "process_time", None) or time.clock  # py2: the latter is CPU time
    slices = [data[i:i + size] for i in range(0, len(data), size)]
    start = clock()
    feed(slices)
    return clock() - start


def assert_linear(feed, make, size):
    """Far more bytes take about as much more time, and not the square of that.

    The bound lies far from both, so that a busy machine makes no difference; what is done
    within 50 ms cannot be told from the clock's noise, and a square would take longer.
    """
    short = min(seconds_for(feed, input_of(make, SHORT_BYTES), size) for _ in range(3))
    bound = max(4 * FACTOR * short, 0.05)
    assert any(seconds_for(feed, input_of(make, FACTOR * SHORT_BYTES), size) < bound
               for _ in range(3))
