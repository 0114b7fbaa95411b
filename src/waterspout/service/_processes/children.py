"""The worker processes that run: waits for them, and signals them."""

from __future__ import absolute_import, division, print_function

import os
import signal

from waterspout._compat import TYPE_CHECKING, monotonic
from waterspout.service._processes.safe_logging import SafeLogger
from waterspout.service._processes.signals import LEAVE

if TYPE_CHECKING:
    from typing import Dict, List, Tuple  # noqa: F401

    from waterspout.service._processes.slot import WorkerProcess  # noqa: F401

#: Seconds after which a worker is killed again that should leave and was killed.
_NEXT_KILL = 60.0

_log = SafeLogger("waterspout.service")


class Children(object):
    """The workers of a service that have not ended, whatever they are doing.

    Attributes:
        by_pid (dict of int to WorkerProcess)
    """

    def __init__(self):
        self.by_pid = {}  # type: Dict[int, WorkerProcess]
        self._kill_at = {}  # type: Dict[int, float]  # By pid, of those that were told to leave.

    def __repr__(self):
        return "<Children %s>" % sorted(self.by_pid)

    def add(self, worker):
        # type: (WorkerProcess) -> None
        """A worker was started."""
        self.by_pid[worker.pid] = worker

    def ended(self):
        # type: () -> List[Tuple[WorkerProcess, int, bool]]
        """Return the workers that have ended. Each is returned once; `remove` it then.

        Returns: list of worker, status as of ``os.waitpid``, and whether it was told to leave.
        """
        found = []
        for pid, worker in self.by_pid.items():
            try:
                ended, status = os.waitpid(pid, os.WNOHANG)
            except OSError:  # The program has waited for it itself; count it as crashed.
                ended, status = pid, 1 << 8
            if ended:
                found.append((worker, status, pid in self._kill_at))
        return found

    def remove(self, worker):
        # type: (WorkerProcess) -> None
        """Forget a worker that has ended."""
        del self.by_pid[worker.pid]
        self._kill_at.pop(worker.pid, None)

    def leave(self, worker, seconds):
        # type: (WorkerProcess, float) -> None
        """Tell a worker to finish its requests and end; kill it if it does not within that time."""
        self._kill_at[worker.pid] = monotonic() + seconds
        _signal(worker.pid, LEAVE)

    @property
    def due(self):
        # type: () -> List[float]
        """When `kill_overdue` has to be called, in `monotonic` seconds."""
        return list(self._kill_at.values())

    def kill_overdue(self):
        # type: () -> None
        """Kill the workers that should have left by now."""
        now = monotonic()
        for pid, kill_at in self._kill_at.items():
            if kill_at <= now:
                _log.warning("Killing worker %d, which was replaced and does not end", pid)
                self._kill_at[pid] = now + _NEXT_KILL
                _signal(pid, signal.SIGKILL)

    def kill(self, worker):
        # type: (WorkerProcess) -> None
        """End a worker at once."""
        _signal(worker.pid, signal.SIGKILL)

    def kill_all(self):
        # type: () -> None
        """End all workers at once. May be called in another thread."""
        for pid in list(self.by_pid):
            _signal(pid, signal.SIGKILL)


def _signal(pid, signum):
    # type: (int, int) -> None
    try:
        os.kill(pid, signum)
    except OSError:
        pass  # It has ended, and the program has waited for it itself.
