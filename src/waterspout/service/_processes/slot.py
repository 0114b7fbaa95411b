"""What the parent knows about its workers and their places."""

from __future__ import absolute_import, division, print_function

import os

from waterspout._compat import TYPE_CHECKING
from waterspout.service._processes.restart_policy import RestartPolicy

if TYPE_CHECKING:
    from typing import Any, Callable, Optional  # noqa: F401

    from waterspout.service._processes.places import Place  # noqa: F401


class WorkerProcess(object):
    """A worker, as its parent sees it.

    Attributes:
        pid (int)
        make_app (callable): makes what it serves.
        place (Place or None): where it reports.
        ready_at (float seconds or None): when it said that it serves.
    """

    def __init__(self, pid, make_app, place=None):
        # type: (int, Callable[[], Any], Optional[Place]) -> None
        self.pid = pid
        self.make_app = make_app
        self.place = place
        self.ready_at = None  # type: Optional[float]

    def __repr__(self):
        return "<WorkerProcess %d ready=%s>" % (self.pid, self.is_ready)

    @property
    def is_ready(self):
        # type: () -> bool
        return self.ready_at is not None


class Slot(object):
    """The place of one worker, and of the workers that replace it.

    Attributes:
        worker (WorkerProcess or None): which runs.
        start_at (float seconds or None): when to start a worker; None while one runs.
        make_app (callable): for the next worker.
    """

    def __init__(self, make_app):
        # type: (Callable[[], Any]) -> None
        self.worker = None  # type: Optional[WorkerProcess]
        self.start_at = 0.0  # type: Optional[float]
        self.make_app = make_app
        self.policy = RestartPolicy()

    def __repr__(self):
        return "<Slot %r start_at=%r %r>" % (self.worker, self.start_at, self.policy)

    @property
    def serves(self):
        # type: () -> bool
        """Its worker is ready."""
        return self.worker is not None and self.worker.is_ready

    def give(self, worker):
        # type: (WorkerProcess) -> Optional[WorkerProcess]
        """Put ``worker`` in this place; return the one that had it."""
        before, self.worker = self.worker, worker
        self.make_app, self.start_at = worker.make_app, None
        if worker.is_ready:
            self.policy.ready()
        return before


def describe(status):
    # type: (int) -> str
    """Return in words how a process ended, from a status of ``os.waitpid``."""
    if os.WIFSIGNALED(status):
        return "was killed by signal %d" % os.WTERMSIG(status)
    return "ended with exit code %d" % os.WEXITSTATUS(status)
