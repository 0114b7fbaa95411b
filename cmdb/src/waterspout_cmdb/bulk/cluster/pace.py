"""Pace: how many batches may be under way to the upstream as a whole, and when it needs a pause."""

from __future__ import absolute_import, division, print_function

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable  # noqa: F401


class Pace(object):
    """One for an import, whatever the number of workers: all batches leave by it.

    Each pause that is asked for halves what may be under way; as many batches without one as are
    allowed raise it by one.

    Args:
        most (int): batches under way, at most.
        clock (callable): returns seconds.
    Attributes:
        allowed (int): how many may be under way now.
    """

    def __init__(self, most, clock):
        # type: (int, Callable[[], float]) -> None
        self.allowed = self._most = most
        self._clock = clock
        self._until = 0.0
        self._in_a_row = 0

    @property
    def pause(self):
        # type: () -> float
        """Seconds until the next batch may leave."""
        return max(0.0, self._until - self._clock())

    def taken(self):
        # type: () -> None
        """Note that a batch was taken."""
        self._in_a_row += 1
        if self._in_a_row >= self.allowed:
            self._in_a_row = 0
            self.allowed = min(self._most, self.allowed + 1)

    def refused(self, seconds):
        # type: (float) -> bool
        """Note that a pause is asked for; return False if the import is in one already."""
        is_new = not self.pause
        if is_new:  # Else it answers what left before it had asked for the first one.
            self.allowed = max(1, self.allowed // 2)
        self._in_a_row = 0
        self._until = max(self._until, self._clock() + seconds)
        return is_new
