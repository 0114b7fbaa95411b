"""RollingWindow: how many calls ended lately, and how many of them failed."""

from __future__ import absolute_import, division, print_function

#: Parts of the window. It moves by one part at a time.
BUCKETS = 10


class RollingWindow(object):
    """Counts of the last seconds, in ten buckets; each call costs the same, however many there are.

    A bucket is a tenth of the window, and the last one is not full yet: what ended less than 0.9
    windows ago is counted, what ended more than one window ago is not. A ``now`` that is earlier
    than the last one is taken for the last one.

    Args:
        seconds (float): its length.
    Attributes:
        calls, failures (int): as of the last `add` or `move_to`.
    """

    __slots__ = ("calls", "failures", "_width", "_buckets", "_bucket", "_number", "_end")

    def __init__(self, seconds):
        # type: (float) -> None
        self._width = seconds / BUCKETS
        self.clear()

    def clear(self):
        # type: () -> None
        """Forget all results."""
        self.calls = self.failures = 0
        self._buckets = [[0, 0] for _ in range(BUCKETS)]  # Of each: calls, failures.
        self._bucket = self._buckets[0]
        self._number = 0  # Of the current bucket, counted from 0 seconds on.
        self._end = 0.0

    def add(self, failed, now):
        # type: (bool, float) -> None
        """Count one call that ended at ``now`` (monotonic seconds)."""
        if now >= self._end:
            self.move_to(now)
        bucket = self._bucket
        bucket[0] += 1
        self.calls += 1
        if failed:
            bucket[1] += 1
            self.failures += 1

    def move_to(self, now):
        # type: (float) -> None
        """Forget what ended before the window that ends at ``now``."""
        if now < self._end:
            return
        number = int(now / self._width)
        for each in range(max(self._number, number - BUCKETS) + 1, number + 1):
            bucket = self._buckets[each % BUCKETS]
            self.calls -= bucket[0]
            self.failures -= bucket[1]
            bucket[0] = bucket[1] = 0
        self._number = number
        self._bucket = self._buckets[number % BUCKETS]
        self._end = (number + 1) * self._width
