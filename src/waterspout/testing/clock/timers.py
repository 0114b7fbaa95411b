"""Timers: what is to be called when the fake time has come."""

from __future__ import absolute_import, division, print_function

import heapq
import itertools

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Callable, List, Optional, Tuple  # noqa: F401


class Timer(object):
    """One callback. It stands for the handle of an IOLoop and of an asyncio event loop.

    Attributes:
        due (float): seconds after the clock's start.
        make_real (callable): ``make_real(timer)`` has it wait for real time.
    """

    __slots__ = ("due", "callback", "make_real", "_when")

    def __init__(self, due, callback, when, make_real):
        # type: (float, Callable[[], None], float, Callable[[Timer], None]) -> None
        self.due = due
        self.make_real = make_real
        #: Tornado 5.1's IOLoop sets it to None to cancel.
        self.callback = callback  # type: Optional[Callable[[], None]]
        self._when = when

    def run(self):
        # type: () -> None
        """Call it, unless it was cancelled. Once."""
        callback, self.callback = self.callback, None
        if callback is not None:
            callback()

    def cancel(self):
        # type: () -> None
        self.callback = None

    def cancelled(self):
        # type: () -> bool
        return self.callback is None

    def when(self):
        # type: () -> float
        """When it is due, by the clock of the loop that made it."""
        return self._when


class Timers(object):
    """Timers in the order in which they are due, and of those due at once as they were set."""

    def __init__(self):
        # type: () -> None
        self._heap = []  # type: List[Tuple[float, int, Timer]]
        self._count = itertools.count()

    def add(self, timer):
        # type: (Timer) -> None
        heapq.heappush(self._heap, (timer.due, next(self._count), timer))

    def pop_due(self, seconds):
        # type: (float) -> Optional[Timer]
        """Remove and return the next that is due by ``seconds``; None if there is none."""
        while self._heap and (self._heap[0][2].cancelled() or self._heap[0][0] <= seconds):
            timer = heapq.heappop(self._heap)[2]
            if not timer.cancelled():
                return timer
        return None

    def clear(self):
        # type: () -> List[Timer]
        """Remove all and return them in order."""
        heap, self._heap = sorted(self._heap), []
        return [timer for _, _, timer in heap if not timer.cancelled()]
