"""TenantQueue: the waiting calls of one tenant."""

from __future__ import absolute_import, division, print_function

import collections

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Deque  # noqa: F401

    from waterspout.policies.bulkhead.waiter import Waiter  # noqa: F401

#: Waiters that gave up and may stay, behind the first one, before they are removed.
_GONE = 64


class TenantQueue(object):
    """Waiters in the order in which they came.

    One that gives up stays where it is until it is the first, or too many have given up: to find
    it in the middle would take longer the longer the queue is.

    Attributes:
        count (int): those that wait.
        waiters (deque of Waiter): the first one waits; later ones may have given up.
    """

    __slots__ = ("count", "waiters")

    def __init__(self):
        # type: () -> None
        self.count = 0
        self.waiters = collections.deque()  # type: Deque[Waiter]

    def add(self, waiter):
        # type: (Waiter) -> None
        self.waiters.append(waiter)
        self.count += 1

    def first(self):
        # type: () -> Waiter
        """The one that came first; there must be one."""
        return self.waiters[0]

    def ended(self):
        # type: () -> None
        """One of the waiters waits no more. Remove those that have given up from the front, or all
        of them if they are many.
        """
        self.count -= 1
        waiters = self.waiters
        while waiters and not waiters[0].waiting:
            waiters.popleft()
        if len(waiters) > 2 * self.count + _GONE:
            self.waiters = collections.deque(each for each in waiters if each.waiting)
