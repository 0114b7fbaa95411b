"""TimeoutSweep: one timer for the limits of all exchanges, instead of one or more for each."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import detached, monotonic

#: Seconds between two sweeps, at least, and so the most that a limit is late. With thousands
#: of exchanges one of them is due every few milliseconds, and a sweep looks at all.
SWEEP_SECONDS = 0.05

_NEVER = float("inf")


class TimeoutSweep(object):
    """Calls ``expire(now)`` of what it watches once its ``due`` has come.

    The timer stands at the earliest ``due`` known when it was set. A later ``due`` (there
    came a byte, the exchange ended) moves nothing: the sweep finds it when it comes by, and
    sets the timer anew. So a call costs two set operations.

    Attributes:
        watched (set): each has ``due`` (float seconds, `monotonic`; infinity for no limit).
            Who adds to it calls `hasten` when ``due`` is known.
    """

    __slots__ = ("watched", "_io_loop", "_timer", "_at")

    def __init__(self, io_loop):
        # type: (IOLoop) -> None
        self.watched = set()
        self._io_loop = io_loop
        self._timer = None
        self._at = _NEVER

    def hasten(self, exchange):
        # type: (Exchange) -> None
        """``exchange.due`` may have come nearer."""
        if exchange.due < self._at:
            self._set_timer(exchange.due, monotonic())

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
            for exchange in [each for each in self.watched if each.due <= now]:
                # What the end of one sets going may end another, or give it more time.
                if exchange in self.watched and exchange.due <= now:
                    exchange.expire(now)
        finally:
            self._set_next(now)

    def _set_next(self, now):
        at = min([each.due for each in self.watched] or [_NEVER])
        if at < self._at:
            self._set_timer(max(at, now + SWEEP_SECONDS), now)
