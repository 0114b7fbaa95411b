"""A watchdog that ends a process which was told to stop and does not."""

from __future__ import absolute_import, division, print_function

import logging
import os
import threading
import time

from waterspout._compat import (
    TYPE_CHECKING,
    at_exit,
    monotonic,
    start_new_thread,
    threads_waited_for,
)
from waterspout.service._processes.safe_logging import SafeLogger
from waterspout.service._processes.standard_streams import flush_standard_streams

if TYPE_CHECKING:
    from typing import Any, Callable, FrozenSet, List, Optional, Set  # noqa: F401

#: Seconds that the last line may take to reach the log.
LAST_LINE_TIMEOUT = 1.0

#: Seconds that threads of the program may run after its main thread has ended: the rest of the
#: time for the stop, within these bounds.
MAX_THREADS_TIMEOUT = 5.0
MIN_THREADS_TIMEOUT = 1.0

#: Seconds between two checks. The watchdog runs only while the process stops.
_POLL = 0.05

_log = SafeLogger("waterspout.service")


class StopWatchdog(object):
    """Ends this process from a thread of its own when a stop takes too long.

    It does so whatever blocks the main thread: a handler that does not return, a log line whose
    reader has stopped, or Python's wait at exit for the threads of executors, which is endless if
    one of them is.

    Create it in the main thread.

    Args:
        before_exit (callable): called without arguments before the process is ended.
    """

    def __init__(self, before_exit=None):
        # type: (Optional[Callable[[], None]]) -> None
        self._before_exit = before_exit
        self._main = threading.current_thread()
        self._threads_before = threads_waited_for()
        self._served = frozenset()  # type: FrozenSet[threading.Thread]
        self._end_at = None  # type: Any  # When to end the process, by `monotonic`; None: not yet.
        self._runs = False
        self._over = False

    def __repr__(self):
        return "<StopWatchdog end_at=%r>" % self._end_at

    def end_within(self, seconds):
        # type: (float) -> None
        """End the process after this many seconds, unless `stopped` is called before.

        A signal handler may call this. The thread is started here and not earlier, so that a
        service has no such thread while it serves.
        """
        end_at = monotonic() + seconds
        if self._end_at is not None:
            self._end_at = min(self._end_at, end_at)
            return
        self._end_at = end_at
        self._start()

    def stopped(self):
        # type: () -> None
        """The stop was in time. The main thread goes on with the rest of the program.

        That may take any time. When it has ended, threads that were started while serving, and
        for which Python waits, get ``MAX_THREADS_TIMEOUT`` at most.
        """
        self._over = True
        self._served = frozenset(threads_waited_for() - self._threads_before)
        while self._runs:  # Its thread must not outlive the interpreter's modules.
            time.sleep(_POLL / 10)
        if self._threads_left():
            self._start()

    def _start(self):
        self._runs = True
        try:
            # Not a threading.Thread: starting one takes locks that the main thread may hold
            # while the signal interrupts it.
            start_new_thread(self._run, ())
        except Exception as error:  # Too many threads.
            self._runs = False
            _log.warning("The time of the stop is not limited: no thread started (%s)", error)

    def _run(self):
        try:
            if self._over:
                self._watch_threads()
            else:
                self._watch_stop()
        except Exception:
            if monotonic is not None:  # py2: None once the interpreter has cleared our modules.
                raise
        finally:
            self._runs = False

    def _watch_stop(self):
        while not self._over:
            left = self._end_at - monotonic()
            if left <= 0:
                self._end("Still running after the time for the stop: exiting")
            time.sleep(min(left, _POLL))

    def _watch_threads(self):
        """Wait for the threads that serving has left, or for the end of the program."""
        self._runs = False
        while not at_exit(self._main):
            if not self._threads_left():
                return
            time.sleep(5 * _POLL)
        now = monotonic()
        left = MAX_THREADS_TIMEOUT if self._end_at is None else self._end_at - now
        end_at = now + min(MAX_THREADS_TIMEOUT, max(MIN_THREADS_TIMEOUT, left))
        while monotonic() < end_at:
            if not self._threads_left():
                return
            time.sleep(_POLL)
        self._end("Threads are still running: exiting without them")

    def _threads_left(self):
        # type: () -> Set[threading.Thread]
        return threads_waited_for() & self._served

    def _end(self, why):
        if self._before_exit is not None:
            try:
                self._before_exit()
            except Exception:
                pass
        exit_at_once(why)


def exit_at_once(why):
    # type: (str) -> None
    """Log ``why`` and end this process with exit code 1.

    The log and the standard streams are flushed if that takes less than ``LAST_LINE_TIMEOUT``.
    ``atexit`` functions do not run: they could wait for what is stuck.
    """
    written = []  # type: List[None]
    try:
        start_new_thread(_write_last_line, (why, written))
    except Exception:  # Too many threads.
        written.append(None)
    end_at = monotonic() + LAST_LINE_TIMEOUT
    while not written and monotonic() < end_at:
        time.sleep(0.005)
    os._exit(1)


def _write_last_line(why, written):
    # In a thread: the calling thread may hold the log's lock, and a pipe may be full.
    try:
        _log.warning(why)
        flush_standard_streams()
        logging.shutdown()
    finally:
        written.append(None)
