"""JobProcess: the process that works on one job."""

from __future__ import absolute_import, division, print_function

import errno
import os
import signal
import subprocess

from waterspout_cmdb.gateway.jobs.storing.file_lock import try_lock

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Optional, Text  # noqa: F401

    from waterspout_cmdb.gateway.jobs.storing.job_files import JobFiles  # noqa: F401

#: Seconds for the batches under way after SIGINT, and for the end after SIGTERM.
STOP_GRACE, END_GRACE = 30.0, 5.0

#: The exit code of an import that was stopped.
INTERRUPTED = 130

#: For the exit code of a process that another runner has started, which is not known.
UNKNOWN = object()


class Locked(Exception):
    """A process of another runner still works on the job."""


class JobProcess(object):
    """Starts the process of a job, watches it and stops it.

    The process holds the lock of the job as its standard input, which is an empty file. So the
    lock is held until it has ended, even if the runner was killed before.

    Args:
        files (JobFiles)
        command (list of bytes)
        environment (dict)
        target (text): where it sends rows. What an earlier process has recorded of another target
            is removed: the import begins again then.
        begins (callable): called when nothing else works on the job, before the process is started.
    Attributes:
        pid (int)
    Raises: Locked; EnvironmentError: it cannot be started.
    """

    def __init__(self, files, command, environment, target, begins):
        # type: (JobFiles, List[bytes], Dict[str, str], Text, Callable[[], None]) -> None
        lock = try_lock(files.lock)
        if lock is None:
            raise Locked()
        try:
            files.note_target(target)
            begins()
            with open(files.output, "wb") as output, open(os.devnull, "wb") as nothing:
                self._process = subprocess.Popen(
                    command, stdin=lock, stdout=nothing, stderr=output, cwd=files.folder,
                    env=environment, close_fds=True, preexec_fn=os.setsid)
        finally:
            os.close(lock)
        self.pid = self._process.pid
        self._stop = Escalation(self.pid)

    def __repr__(self):
        # type: () -> str
        return "<JobProcess %d>" % self.pid

    def poll(self):
        # type: () -> Any
        """Return its exit code, negative after a signal; None while it runs."""
        return self._process.poll()

    def stop(self, now):
        # type: (float) -> None
        """Ask it to stop; called again and again, it becomes more urgent with time.

        Args:
            now (float seconds): of a clock that goes on.
        """
        if self.poll() is None:
            self._stop(now)

    def kill(self):
        # type: () -> None
        """End it at once."""
        if self.poll() is None:
            _signal(self.pid, signal.SIGKILL)
            self._process.wait()


class ForeignProcess(object):
    """A process that works on a job, but which a runner has started that has ended since.

    Args:
        files (JobFiles)
        pid (int or None): as the store has it.
    """

    def __init__(self, files, pid):
        # type: (JobFiles, Optional[int]) -> None
        self.pid = pid
        self._files = files
        self._stop = Escalation(pid)

    def poll(self):
        # type: () -> Any
        """Return UNKNOWN when it has ended; None while it runs."""
        try:
            lock = try_lock(self._files.lock)
        except EnvironmentError:
            return UNKNOWN  # The folder is not there any more.
        if lock is None:
            return None
        os.close(lock)
        return UNKNOWN

    def stop(self, now):
        # type: (float) -> None
        """As `JobProcess.stop`."""
        if self.pid is not None and self.poll() is None:
            self._stop(now)

    def kill(self):
        # type: () -> None
        """End it at once, without waiting for that."""
        if self.pid is not None and self.poll() is None:
            _signal(self.pid, signal.SIGKILL)


class Escalation(object):
    """Sends the signals that a stop takes: SIGINT, and if it does not end, SIGTERM and SIGKILL.

    A stopped import finishes the batches under way; those are for the process alone, and SIGKILL
    for all that it may have started.
    """

    def __init__(self, pid):
        self._pid = pid
        self._sent = 0
        self._next = None  # type: Optional[float]

    def __call__(self, now):
        # type: (float) -> None
        """Send what is due at ``now``."""
        if self._sent == 0:
            _send(self._pid, signal.SIGINT)
            self._next = now + STOP_GRACE
        elif now < self._next:
            return
        elif self._sent == 1:
            _send(self._pid, signal.SIGTERM)
            self._next = now + END_GRACE
        else:
            _signal(self._pid, signal.SIGKILL)
            self._next = now + END_GRACE
        self._sent += 1


def _send(pid, signum):
    try:
        os.kill(pid, signum)
    except EnvironmentError as error:
        if error.errno != errno.ESRCH:
            raise


def _signal(pid, signum):
    """Signal a process and what it has started: it leads a group."""
    try:
        os.killpg(pid, signum)
    except EnvironmentError as error:
        if error.errno not in (errno.ESRCH, errno.EPERM):
            raise
