"""Bucket: the connections to one origin, and the exchanges that wait for one."""

from __future__ import absolute_import, division, print_function

import collections

#: Exchanges that gave up and may stay in a queue, behind its first, before they are removed.
_GONE = 64


class Bucket(object):
    """State and counts of one origin. The pool decides what happens.

    Attributes:
        idle (deque of Connection): the last used one is at the right end.
        waiting (deque of (int, Exchange)): the first one waits; later ones may have given up.
        size (int): connections, including idle ones and those being made.
        queued (int): exchanges that wait.
        opened, reused (int): connections made so far, and exchanges that got an idle one.
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
        """The arrival number of the first waiting exchange; there must be one."""
        return self.waiting[0][0]

    def next_waiting(self):
        # type: () -> Exchange
        return self.waiting[0][1]

    def tidy(self):
        # type: () -> None
        """Remove exchanges that gave up from the front of the queue, or from all of it if many."""
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
