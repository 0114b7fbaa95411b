"""Pauses: how long the whole sender waits after a target has failed."""

from __future__ import absolute_import, division, print_function

import random

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Callable, Optional  # noqa: F401

#: Seconds: of the first pause, which is doubled for each further one, and of the longest.
FIRST = 0.5
LONGEST = 30.0


class Pauses(object):
    """Each pause is twice as long as the one before, until there is a success.

    Times are seconds of any one clock.

    Args:
        draw (callable): returns a number from 0 to 1. Pauses differ by up to a half, so that
            several senders do not come back together.
    Attributes:
        until (float): the end of the pause.
    """

    def __init__(self, draw=random.random):
        # type: (Callable[[], float]) -> None
        self._draw = draw
        self._next = FIRST
        self._decided = float("-inf")
        self.until = float("-inf")

    def failed(self, began, now, retry_after=None):
        # type: (float, float, Optional[float]) -> bool
        """Note a failure of a request that began at ``began``.

        Args:
            retry_after: seconds that the target wants, if it has said so; it gets them.
        Returns: whether the failure is a new one. That of a request that was under way when the
            last pause was decided tells the same once more.
        """
        is_new = began > self._decided
        if retry_after:  # 0 would be a loop without a pause.
            self.until = max(self.until, now + retry_after)
        elif is_new:
            self.until = max(self.until, now + self._next * (0.5 + 0.5 * self._draw()))
        if is_new:
            self._next = min(LONGEST, 2 * self._next)
            self._decided = now
        return is_new

    def succeeded(self):
        # type: () -> None
        """Note a success: the next pause is a short one."""
        self._next = FIRST
