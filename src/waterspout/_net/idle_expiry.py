"""IdleExpiry: closes connections that were idle for too long."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import detached, monotonic


class IdleExpiry(object):
    """One timer for all origins of a pool; it also forgets origins without connections.

    Args:
        buckets (dict of Origin to Bucket): the pool's own.
        max_idle (float): seconds after which an unused connection is closed.
    """

    __slots__ = ("_io_loop", "_buckets", "_max_idle", "_timer")

    def __init__(self, io_loop, buckets, max_idle):
        # type: (IOLoop, Dict[Origin, Bucket], float) -> None
        self._io_loop = io_loop
        self._buckets = buckets
        self._max_idle = max_idle
        self._timer = None  # While there is a bucket.

    def start(self):
        # type: () -> None
        """A bucket was added. Idempotent."""
        if self._timer is None:
            self._run_in(self._max_idle)

    def stop(self):
        # type: () -> None
        timer, self._timer = self._timer, None
        if timer is not None:
            self._io_loop.remove_timeout(timer)

    def _run(self):
        self._timer = None
        now = monotonic()
        for origin, bucket in list(self._buckets.items()):
            while bucket.idle and now - bucket.idle[0].idle_since >= self._max_idle:
                bucket.idle[0].close()
            if bucket.unused:
                del self._buckets[origin]
        if self._buckets:
            longest = min([each.idle[0].idle_since for each in self._buckets.values()
                           if each.idle] or [now])
            self._run_in(longest + self._max_idle - now)

    def _run_in(self, seconds):
        self._timer = detached(self._io_loop.call_later, seconds, self._run)
