"""BatchSize: how many rows a batch should have."""

from __future__ import absolute_import, division, print_function

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

#: Rows of the smallest batch.
FLOOR = 10

#: Seconds that the answer to a batch should take at most. Shorter batches would cost more for each
#: row; with longer ones, more is sent again when something breaks off.
GOAL = 1.0


class BatchSize(object):
    """Grows by steps while batches are answered within the goal, and is halved when they are not.

    Args:
        ceiling (int): rows of the largest batch. goal (float): seconds.
    Attributes:
        rows (int): of a batch that is made now.
    """

    def __init__(self, ceiling, goal=GOAL):
        # type: (int, float) -> None
        self._floor = min(FLOOR, ceiling)
        self._ceiling = ceiling
        self._step = max(1, ceiling // 20)
        self._goal = goal
        self.rows = max(self._floor, ceiling // 5)

    def answered(self, rows, seconds):
        # type: (int, float) -> None
        """Note how long the answer to a batch of so many rows took."""
        if seconds > self._goal:
            self.too_large(rows)
        elif rows >= self.rows:  # A smaller one says nothing about the present size.
            self.rows = min(self._ceiling, self.rows + self._step)

    def too_large(self, rows):
        # type: (int) -> None
        """Note that a batch of so many rows was too large.

        Half of these, not of the present size: several batches of one size are under way, and the
        others would halve it again.
        """
        self.rows = max(self._floor, min(self.rows, rows // 2))

    def refused(self, rows):
        # type: (int) -> None
        """Note that the target takes no batch of so many rows, whatever is in it."""
        self._ceiling = max(1, min(self._ceiling, rows // 2))
        self._floor = min(self._floor, self._ceiling)
        self._step = max(1, self._ceiling // 20)
        self.rows = min(self.rows, self._ceiling)
