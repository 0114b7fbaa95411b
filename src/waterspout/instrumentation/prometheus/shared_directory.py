"""SharedDirectory: where the processes of one service write their metrics.

prometheus_client has a file for each process and each kind of metric there. A scrape adds up all
of them, so those of a worker that has ended must stay, or sums would fall; only its gauges must go.
And those of an earlier run of the service must go before the first worker is started.
"""

from __future__ import absolute_import, division, print_function

import atexit
import errno
import fcntl
import glob
import logging
import os
import re
import shutil
import tempfile

from waterspout._compat import TYPE_CHECKING, py2_close_on_exec
from waterspout.instrumentation.prometheus.client_library import (
    OWNER,
    VARIABLE,
    forget_directory_of_another,
    writes_files,
)

if TYPE_CHECKING:
    from typing import Any, Optional  # noqa: F401

_log = logging.getLogger("waterspout.instrumentation")

#: Held by the processes of the service that uses the directory.
_LOCK = "waterspout.lock"

_pid_in = re.compile(r"_(\d+)\.db$").search


class SharedDirectory(object):
    """The directory that the processes of a service share their metrics in.

    ::

        def main():
            shared = SharedDirectory()
            return service.serve(
                make_app, port=8000, processes=4, on_worker_exit=shared.worker_ended)

    Make it in the program, before the workers are forked and before anything imports
    prometheus_client, which looks for the environment variable when it is imported. Files that an
    earlier run has left there are removed.

    Args:
        path (native str): default: ``PROMETHEUS_MULTIPROC_DIR``, or else a new temporary
            directory, removed when the program ends; another program that inherits the variable
            makes one of its own. The directory is made if it does not exist. Each service
            needs one of its own; one in memory (tmpfs) is best.
    Attributes:
        path (native str): also the value of ``PROMETHEUS_MULTIPROC_DIR`` from now on.
    Raises:
        ImportError: prometheus_client is not installed.
        RuntimeError: prometheus_client was imported before, and keeps its values in memory.
        OSError: the directory cannot be made or written to.
    """

    def __init__(self, path=None):
        # type: (Optional[str]) -> None
        forget_directory_of_another()
        path = path or os.environ.get(VARIABLE)
        before = os.environ.get(VARIABLE)
        os.environ[VARIABLE] = path or "."  # Any value: it is asked for only when it is used.
        try:
            if not writes_files():
                raise RuntimeError(
                    "prometheus_client was imported before %s was set, and keeps its values in "
                    "memory: set the variable before the program starts, or make the "
                    "SharedDirectory before anything imports prometheus_client" % VARIABLE)
        except Exception:
            _restore(before)
            raise
        self._pid = os.getpid()
        self._is_temporary = not path
        self._lock = None  # type: Any
        if not path:
            path = tempfile.mkdtemp(prefix="waterspout-metrics-")
            atexit.register(self.close)
            with open(os.path.join(path, OWNER), "w") as file:
                file.write(str(self._pid))
        self.path = os.path.abspath(path)
        os.environ[VARIABLE] = self.path
        try:
            _make(self.path)
            self._clean()
        except Exception:
            _restore(before)
            raise

    def worker_ended(self, pid):
        # type: (int) -> None
        """A worker has ended, in any way: its gauges do not count any more, all else does.

        For ``serve(on_worker_exit=)``.
        """
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(pid, self.path)

    def close(self):
        # type: () -> None
        """Remove a temporary directory. Idempotent; does nothing in a forked process."""
        if self._pid == os.getpid():
            if self._lock is not None:
                self._lock.close()
                self._lock = None
            if self._is_temporary:
                shutil.rmtree(self.path, ignore_errors=True)

    def __repr__(self):
        return "<SharedDirectory %s>" % self.path

    def _clean(self):
        # type: () -> None
        """Remove what an earlier run has left."""
        self._lock = open(os.path.join(self.path, _LOCK), "a")
        py2_close_on_exec(self._lock)
        # Workers inherit the lock, so it is held as long as one of them lives.
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_ours = True
        except EnvironmentError:  # Held by another service, or a file system without locks.
            is_ours = False
            _log.warning(
                "%s is in use: each service needs a directory of its own for its metrics, or they "
                "are added up. Only files of processes that have ended are removed", self.path)
        for file in glob.glob(os.path.join(self.path, "*.db")):
            pid = _pid_in(file)
            if is_ours or pid and not _lives(int(pid.group(1))):
                os.remove(file)


def _make(path):
    # type: (str) -> None
    try:
        os.makedirs(path)
    except OSError as error:
        if error.errno != errno.EEXIST or not os.path.isdir(path):
            raise


def _restore(value):
    # type: (Optional[str]) -> None
    if value is None:
        os.environ.pop(VARIABLE, None)
    else:
        os.environ[VARIABLE] = value


def _lives(pid):
    # type: (int) -> bool
    if pid == os.getpid():
        return False  # Of an earlier process with this pid, as usual in a container.
    try:
        os.kill(pid, 0)
    except OSError as error:
        return error.errno != errno.ESRCH
    return True
