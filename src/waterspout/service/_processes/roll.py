"""Roll: the replacement of all workers by new ones, one after another."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, Callable, List, Optional  # noqa: F401

    from waterspout.service._processes.slot import Slot, WorkerProcess  # noqa: F401

#: Seconds in which a new worker must be ready. A longer start would keep the next reload waiting
#: for ever, without a word.
START_TIMEOUT = 120.0


class Roll(object):
    """Replaces the worker of each slot: first its successor is ready, then it is told to leave.

    So there are never fewer workers that serve than before. A successor that ends before it is
    ready ends the roll, and the workers that are left serve on. Uses no clock.

    Args:
        slots (list of Slot): to go through. One whose worker has crashed gets a new one, too.
        make_app (callable): for the new workers.
        start (callable): ``start(make_app)`` returns a new `WorkerProcess`; it may raise OSError.
        leave (callable): ``leave(worker)`` tells a worker to end.
        kill (callable): ``kill(worker)`` ends it at once.
    Attributes:
        failure (native str or None): why the roll has stopped.
        replaced (int): the slots that have new workers.
        successor (WorkerProcess or None): which starts.
        due (float seconds or None): when `step` has to be called next, at the latest.
    """

    def __init__(self, slots, make_app, start, leave, kill):
        # type: (List[Slot], Callable[[], Any], Callable[..., WorkerProcess], Callable[..., Any], Callable[..., Any]) -> None  # noqa: E501
        self._slots = slots
        self._make_app = make_app
        self._start = start
        self._leave = leave
        self._kill = kill
        self.replaced = 0
        self.failure = None  # type: Optional[str]
        self.successor = None  # type: Optional[WorkerProcess]
        self.due = None  # type: Optional[float]

    def __repr__(self):
        return "<Roll %d of %d failure=%r>" % (self.replaced, len(self._slots), self.failure)

    @property
    def has_ended(self):
        # type: () -> bool
        """All workers are replaced, or the roll has stopped."""
        return self.failure is not None or self.replaced == len(self._slots)

    def step(self, now):
        # type: (float) -> None
        """Start the next successor, or give up the one that does not get ready.

        Args:
            now (float seconds): of any clock that does not go back.
        """
        if self.has_ended:
            return
        if self.successor is None:
            try:
                self.successor = self._start(self._make_app)
            except OSError as error:  # No memory, or too many processes.
                self.failure = "a worker cannot be started (%s)" % error
            else:
                self.due = now + START_TIMEOUT
        elif now >= self.due:  # type: ignore[operator]
            self.failure = "the new worker %d was not ready after %g s" % (
                self.successor.pid, START_TIMEOUT)
            self._kill(self.successor)
            self.successor = None

    def ready(self, worker):
        # type: (WorkerProcess) -> None
        """A worker serves. If it is the successor, it takes its place."""
        if worker is self.successor:
            before = self._slots[self.replaced].give(worker)
            self.replaced += 1
            self.successor = self.due = None
            if before is not None:
                self._leave(before)

    def ended(self, worker, how):
        # type: (WorkerProcess, str) -> bool
        """A worker has ended; return whether it was the successor.

        Args:
            how (native str): in words.
        """
        if worker is not self.successor:
            return False
        self.successor = None
        self.failure = "the new worker %d %s before it was ready" % (worker.pid, how)
        return True
