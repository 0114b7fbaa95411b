"""Bucket: the connections to one origin, and who waits for one."""

from __future__ import absolute_import, division, print_function

import collections


class Bucket(object):
    """State and counts of one origin; the pool decides.

    Attributes:
        idle (deque of Connection): the one used last is at the right.
        waiting (deque of (order, Exchange)): some may be done already.
        size (int): connections, those being made and the idle ones included.
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

    def first_waiting(self):
        # type: () -> Optional[Tuple[int, Exchange]]
        """The first that still waits; those that gave up are dropped on the way."""
        waiting = self.waiting
        while waiting and waiting[0][1].done:
            waiting.popleft()
        return waiting[0] if waiting else None

    @property
    def unused(self):
        # type: () -> bool
        return not self.size and not self.queued

    def stats(self):
        # type: () -> Dict[str, int]
        return {
            "active": self.size - len(self.idle),
            "idle": len(self.idle),
            "queued": self.queued,
            "opened": self.opened,
            "reused": self.reused,
        }
