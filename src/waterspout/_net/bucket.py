"""Bucket: the connections to one origin, and who waits for one."""

from __future__ import absolute_import, division, print_function

import collections

#: So many that gave up may lie in a queue behind its first before it is cleared of them.
_GONE = 64


class Bucket(object):
    """State and counts of one origin; the pool decides.

    Attributes:
        idle (deque of Connection): the one used last is at the right.
        waiting (deque of (order, Exchange)): the first waits; others may have given up.
        size (int): connections, those being made and the idle ones included.
        queued (int): exchanges that wait.
        opened, reused (int): connections made, and exchanges that found one.
    """

    __slots__ = ("origin", "idle", "waiting", "size", "queued", "opened", "reused")

    def __init__(self, origin):
        # type: (Origin) -> None
        self.origin = origin
        self.idle = collections.deque()
        self.waiting = collections.deque()
        self.size = 0
        self.queued = 0
        self.opened = 0
        self.reused = 0

    def first_arrival(self):
        # type: () -> int
        """The number of the first that waits; there must be one."""
        return self.waiting[0][0]

    def next_waiting(self):
        # type: () -> Exchange
        return self.waiting[0][1]

    def tidy(self):
        # type: () -> None
        """Drop those who do not wait any more from the head of the queue, or from all of it."""
        waiting = self.waiting
        while waiting and not waiting[0][1].waiting:
            waiting.popleft()
        if len(waiting) > 2 * self.queued + _GONE:
            self.waiting = collections.deque(each for each in waiting if each[1].waiting)

    @property
    def unused(self):
        # type: () -> bool
        return not self.size and not self.queued

    def add_to(self, stats):
        # type: (Dict[str, int]) -> None
        """Add to the counts in ``stats``."""
        for name, count in (
            ("active", self.size - len(self.idle)),
            ("idle", len(self.idle)),
            ("queued", self.queued),
            ("opened", self.opened),
            ("reused", self.reused),
        ):
            stats[name] = stats.get(name, 0) + count
