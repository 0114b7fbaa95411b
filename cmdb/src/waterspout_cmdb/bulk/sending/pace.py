"""Pace: how fast a sender goes, by what became of its requests; it knows no loop and no clock."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.bulk.sending.batch_size import BatchSize
from waterspout_cmdb.bulk.sending.concurrency import Concurrency
from waterspout_cmdb.bulk.sending.pauses import Pauses
from waterspout_cmdb.bulk.targets import target_error as kinds

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Callable, Optional  # noqa: F401

    from waterspout_cmdb.bulk.sending.limits import Limits  # noqa: F401

#: What fails so has too much to do. After another failure one row may be the reason.
_OVERLOAD = (kinds.BUSY, kinds.LATE, kinds.UNREACHABLE)


class Pace(object):
    """Size of batches, requests at once, pauses, and when to give up.

    Times are seconds of any one clock.

    Args:
        goal (float): seconds that the answer to a batch should take at most.
        patience (float): seconds for which the target, or rows with it, may fail.
        draw: of `Pauses`.
    Attributes:
        size (BatchSize), concurrency (Concurrency)
        successes (int): requests that succeeded.
        patience (float)
    """

    def __init__(self, limits, goal, patience, draw):
        # type: (Limits, float, float, Callable[[], float]) -> None
        self.size = BatchSize(limits.max_rows, goal)
        self.concurrency = Concurrency(limits.concurrency)
        self.successes = 0
        self._pauses = Pauses(draw)
        self.patience = patience
        self._failing_since = None  # type: Optional[float]

    def paused_until(self):
        # type: () -> float
        """The end of the present pause, or of the last one."""
        return self._pauses.until

    def answered(self, rows, seconds):
        # type: (int, float) -> None
        """Note that a request of so many rows was a success, after so long."""
        self.successes += 1
        self.size.answered(rows, seconds)
        self.concurrency.answered()
        self._pauses.succeeded()
        self._failing_since = None

    def failed(self, kind, rows, began, now, retry_after):
        # type: (str, int, float, float, Optional[float]) -> bool
        """Note a failure after which there is a pause; return whether it is a new one.

        Args:
            kind: of the `TargetError`. began: when the request was begun.
        """
        if self._failing_since is None:
            self._failing_since = now
        is_new = self._pauses.failed(began, now, retry_after)
        if kind in _OVERLOAD and is_new:
            self.concurrency.overloaded()
        if kind == kinds.LATE:
            self.size.too_large(rows)
        return is_new

    def is_over(self, since):
        # type: (float) -> bool
        """Whether the end of the pause is too late: all, or the rows that have failed since then,
        would have had no success for longer than the patience."""
        if self._failing_since is not None:
            since = min(since, self._failing_since)
        return self._pauses.until - since > self.patience
