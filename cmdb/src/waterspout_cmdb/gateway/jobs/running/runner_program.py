"""The jobs runner's process: settings from standard input, one runner for each folder."""

from __future__ import absolute_import, division, print_function

import errno
import logging
import os
import select
import signal
import time

from waterspout.service import setup_logging
from waterspout_cmdb.gateway.jobs.running.jobs_runner import JobsRunner
from waterspout_cmdb.gateway.jobs.running.runner_settings import STOP_TIMEOUT, from_line
from waterspout_cmdb.gateway.jobs.storing.file_lock import try_lock
from waterspout_cmdb.gateway.jobs.storing.job_store import JobStore
from waterspout_cmdb.gateway.jobs.storing.jobs_database import JobStoreError
from waterspout_cmdb.gateway.jobs.storing.runner_sign import INTERVAL, LOCK, give

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable, List, Optional  # noqa: F401

#: Seconds between two steps.
POLL = 0.2

#: Seconds between two lines about a store that cannot be used.
_COMPLAINT_INTERVAL = 60.0

_log = logging.getLogger("waterspout.cmdb")


class Orders(object):
    """What comes by standard input: a line for each change of the settings; then its end.

    Attributes:
        ended (bool): no process of the gateway is left, or a signal came: the runner is to stop.
        settings (RunnerSettings or None): the last ones; None before the first line.
    """

    def __init__(self, fd=0):
        # type: (int) -> None
        self.ended = False
        self.settings = None  # type: Any
        self._fd = fd
        self._rest = b""

    def end(self, *ignored):
        # type: (*Any) -> None
        """A signal handler."""
        self.ended = True

    def wait(self, seconds):
        # type: (float) -> None
        """Wait for that time, or until something comes."""
        try:
            if not select.select([self._fd], [], [], seconds)[0]:
                return
            data = os.read(self._fd, 65536)
        except (select.error, EnvironmentError) as error:
            if error.args[0] == errno.EINTR:  # py2: signals interrupt it
                return
            raise
        if not data:
            self.ended = True
            return
        lines = (self._rest + data).split(b"\n")
        self._rest = lines.pop()
        for line in lines:
            try:
                self.settings = from_line(line)
            except (ValueError, TypeError):
                _log.error("The jobs runner does not understand its new settings; the gateway is "
                           "of another release: restart it")


def main(arguments):
    # type: (List[str]) -> int
    """Run the jobs of a folder until standard input ends; return the exit code.

    Args:
        arguments: the folder.
    """
    (jobs_dir,) = arguments
    orders = Orders()
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, orders.end)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    while orders.settings is None and not orders.ended:
        orders.wait(3600)
    if orders.ended:
        return 0
    setup_logging(orders.settings.logging, orders.settings.log_format)
    _pause(orders, orders.settings.delay)
    lock = _lock(os.path.join(jobs_dir, LOCK), orders)
    if lock is None:
        return 0
    try:
        store = JobStore(jobs_dir)
    except JobStoreError as error:
        _log.error("The jobs runner cannot work: %s", error)
        return 1
    try:
        _run(JobsRunner(jobs_dir, store, orders.settings), orders, lambda: give(jobs_dir))
    finally:
        store.close()
    return 0


def _run(runner, orders, give_sign):
    # type: (JobsRunner, Orders, Callable[[], None]) -> None
    complained = None  # type: Optional[float]
    clock = getattr(time, "monotonic", time.time)
    stop_until = None  # type: Optional[float]
    sign_at = clock()
    while True:
        runner.settings = orders.settings
        try:
            if not orders.ended:
                runner.step()
                if clock() >= sign_at:
                    sign_at = clock() + INTERVAL
                    give_sign()
            elif runner.stop():
                return
        except (JobStoreError, EnvironmentError) as error:
            if complained is None or clock() - complained > _COMPLAINT_INTERVAL:
                complained = clock()
                _log.error("The jobs runner has to wait: %s", error)
        if orders.ended:
            stop_until = stop_until or clock() + STOP_TIMEOUT
            if clock() > stop_until:
                _log.warning("Killing imports that do not stop; they are resumed at the next start")
                runner.kill()
                return
            time.sleep(POLL / 4)
        else:
            orders.wait(POLL)


def _pause(orders, seconds):
    # type: (Orders, float) -> None
    for _ in range(int(seconds / POLL)):
        if orders.ended:
            return
        orders.wait(POLL)


def _lock(path, orders):
    # type: (str, Orders) -> Optional[int]
    """Wait until the runner of another gateway, of the release before perhaps, has ended."""
    is_told = False
    while not orders.ended:
        lock = try_lock(path)
        if lock is not None:
            return lock
        if not is_told:
            _log.info("Another jobs runner works in %s; this one waits for its end",
                      os.path.dirname(path))
            is_told = True
        orders.wait(POLL)
    return None
