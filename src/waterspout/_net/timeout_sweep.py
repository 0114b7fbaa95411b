"""TimeoutSweep: one timer for all timeouts of a pool or a server.

Which timeout runs, and what its end means, is decided by what is watched: `Exchange` in a pool,
a connection in a server. The timeouts of exchanges on other libraries' clients are in
`waterspout.transports.borrowed.phase_timeouts`.
"""

from __future__ import absolute_import, division, print_function

from waterspout._compat import detached, monotonic

#: The least seconds between two sweeps, and so the most that a timeout is late. With thousands of
#: timeouts one is due every few milliseconds, and each sweep looks at all of them.
SWEEP_SECONDS = 0.05

_NEVER = float("inf")


class TimeoutSweep(object):
    """Calls ``expire(now)`` of each watched object when its ``due`` has passed.

    The timer is set to the earliest ``due``. It is not moved when a ``due`` becomes later, because
    a byte arrived or an exchange ended: the sweep finds that when it runs, and sets the timer
    again. So an exchange costs two set operations and no timer.

    Args:
        sweep_seconds (float): the least seconds between two sweeps. One that watches 10,000 objects
            needs more than `SWEEP_SECONDS`.
    Attributes:
        watched (set): objects with ``due`` (`monotonic` seconds; infinity for no limit) and
            ``expire(now)``. After adding one, call `reschedule`.
    """

    __slots__ = ("watched", "_io_loop", "_sweep_seconds", "_timer", "_at")

    def __init__(self, io_loop, sweep_seconds=SWEEP_SECONDS):
        # type: (IOLoop, float) -> None
        self.watched = set()
        self._io_loop = io_loop
        self._sweep_seconds = sweep_seconds
        self._timer = None
        self._at = _NEVER

    def reschedule(self, watched):
        # type: (Any) -> None
        """``watched.due`` may be earlier than the timer."""
        if watched.due < self._at:
            self._set_timer(watched.due, monotonic())

    def close(self):
        # type: () -> None
        self.watched.clear()
        self._stop_timer()

    def _set_timer(self, at, now):
        self._stop_timer()
        self._at = at
        self._timer = detached(self._io_loop.call_later, max(0.0, at - now), self._run)

    def _stop_timer(self):
        timer, self._timer = self._timer, None
        if timer is not None:
            self._io_loop.remove_timeout(timer)
        self._at = _NEVER

    def _run(self):
        self._timer = None
        self._at = _NEVER
        now = monotonic()
        try:
            for overdue in [each for each in self.watched if each.due <= now]:
                # The callbacks of one may end another, or give it more time.
                if overdue in self.watched and overdue.due <= now:
                    overdue.expire(now)
        finally:
            self._set_next(now)

    def _set_next(self, now):
        at = min([each.due for each in self.watched] or [_NEVER])
        if at < self._at:
            self._set_timer(max(at, now + self._sweep_seconds), now)
