"""RunnerChild: the jobs runner as a child process of the gateway."""

from __future__ import absolute_import, division, print_function

import errno
import fcntl
import logging
import os
import subprocess
import sys
import time

from waterspout_cmdb.gateway.jobs.running.runner_settings import STOP_TIMEOUT, to_line

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, List, Optional  # noqa: F401

    from waterspout_cmdb.gateway.jobs.running.runner_settings import (  # noqa: F401
        RunnerSettings,
    )

#: Seconds between two checks whether it has ended.
_POLL = 0.02

#: Seconds that it gets to stop, beside those of its imports.
MORE_TIME = 4.0

#: Seconds until it is started again after it has ended, at most; and for how long it must have run
#: for the next start to be at once.
_MAX_DELAY, _RAN_WELL = 30.0, 60.0

_log = logging.getLogger("waterspout.cmdb")


class RunnerChild(object):
    """Starts the jobs runner, starts it again if it ends, and stops it.

    It runs in its own session, so Ctrl-C does not reach it directly. Its standard input is a pipe
    from the gateway, by which it gets its settings. It stops when that pipe ends, that is when no
    process of the gateway is left, even after SIGKILL.

    Args:
        jobs_dir (native str): the folder of all jobs.
        settings (RunnerSettings)
    """

    def __init__(self, jobs_dir, settings):
        # type: (str, RunnerSettings) -> None
        self._jobs_dir = jobs_dir
        self._settings = settings
        self._process = None  # type: Any
        self._started = 0.0
        self._failures = 0

    def __repr__(self):
        # type: () -> str
        return "<RunnerChild %s>" % self._jobs_dir

    @property
    def command(self):
        # type: () -> List[str]
        """What is started."""
        return [sys.executable, "-m", "waterspout_cmdb.gateway.jobs.running", self._jobs_dir]

    def start(self, delay=0.0):
        # type: (float) -> None
        """Start it, without waiting for anything.

        Args:
            delay (float seconds): it waits that long before it does anything.
        """
        self._process = subprocess.Popen(
            self.command, stdin=subprocess.PIPE, close_fds=True, preexec_fn=os.setsid)
        fd = self._process.stdin.fileno()
        # py2: a new release, which is started with other descriptors, would hold it open.
        fcntl.fcntl(fd, fcntl.F_SETFD, fcntl.fcntl(fd, fcntl.F_GETFD) | fcntl.FD_CLOEXEC)
        self._started = time.time()
        self._tell(delay)

    def configure(self, settings):
        # type: (RunnerSettings) -> None
        """Give it other settings, for jobs that start from now on."""
        if settings != self._settings:
            self._settings = settings
            self._tell(0.0)

    def check(self):
        # type: () -> None
        """Start it again, later and later, if it has ended without being told to."""
        if self._process is None or self._process.poll() is None:
            return
        lived = time.time() - self._started
        self._failures = 0 if lived > _RAN_WELL else self._failures + 1
        delay = min(_MAX_DELAY, 2.0 ** self._failures) if self._failures else 0.0
        _log.error("The jobs runner ended (exit code %d); it is started again%s, and jobs wait",
                   self._process.returncode, " in %g s" % delay if delay else "")
        _close(self._process.stdin)
        try:
            self.start(delay)
        except EnvironmentError as error:
            self._process = None
            _log.error("The jobs runner cannot be started: %s; jobs wait until a restart", error)

    def stop(self):
        # type: () -> None
        """Stop it, with SIGKILL if necessary, and wait for its end. A no-op if not running."""
        process, self._process = self._process, None
        if process is None:
            return
        _close(process.stdin)
        for _ in range(int((STOP_TIMEOUT + MORE_TIME) / _POLL)):
            if process.poll() is not None:
                return
            time.sleep(_POLL)
        _log.warning("Killing the jobs runner, which is still running")
        process.kill()
        process.wait()

    def _tell(self, delay):
        # type: (float) -> None
        if self._process is None:
            return
        try:
            self._process.stdin.write(to_line(self._settings._replace(delay=delay)))
            self._process.stdin.flush()
        except EnvironmentError as error:
            if error.errno != errno.EPIPE:  # It has ended: `check` will see it.
                raise


def _close(file):
    try:
        file.close()
    except EnvironmentError as error:
        if error.errno != errno.EPIPE:
            raise
