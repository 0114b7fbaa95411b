"""The ids of instances."""

from __future__ import absolute_import, division, print_function


class InstanceIds(object):
    """Makes the numbers of instance ids: microseconds since the epoch, each only once.

    If the clock stands still or goes back, the next number is one more than the last.

    Attributes:
        last (int): the highest number so far, in this run or an earlier one.
    """

    def __init__(self, last, clock):
        # type: (int, Callable[[], float]) -> None
        self.last = last
        self._clock = clock

    def next(self):
        # type: () -> int
        """Return a number that was not returned before."""
        self.last = max(int(self._clock() * 1e6), self.last + 1)
        return self.last


def instance_id(number):
    # type: (int) -> Text
    """Return 13 hexadecimal digits; ids sort as their numbers do until the year 2112."""
    return u"%013x" % number
