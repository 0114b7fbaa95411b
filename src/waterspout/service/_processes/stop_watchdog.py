"""The end of a process that was told to stop and does not."""

from __future__ import absolute_import, division, print_function

import logging
import os
import threading
import time

from waterspout._compat import at_exit, monotonic, start_new_thread, threads_waited_for
from waterspout.service._processes.standard_streams import SteadyLogger, flush_standard_streams

#: Seconds that the last line may take to reach the log.
LAST_LINE_TIMEOUT = 1.0

#: Seconds that threads of the program may go on when its main thread has ended, at most: what
#: is left of the time for the stop, but not less than the other.
MAX_THREADS_TIMEOUT = 5.0
MIN_THREADS_TIMEOUT = 1.0

#: Seconds between two looks. There are some only while the process stops.
_POLL = 0.05

_log = SteadyLogger("waterspout.service")


class LastResort(object):
    """Ends this process from a thread of its own when a stop takes too long.

    It does so whatever the main thread is stuck in: a handler that does not return, a log line
    that blocks because its reader has stopped, or Python's wait at its exit for the threads of
    executors, which has no end if one of them has none.

    Make it in the main thread.

    Args:
        before (callable): called with nothing before the process ends.
    """

    def __init__(self, before=None):
        # type: (Optional[Callable[[], None]]) -> None
        self._before = before
        self._main = threading.current_thread()
        self._threads_before = threads_waited_for()
        self._served = frozenset()
        self._end_at = None
        self._runs = False
        self._over = False

    def __repr__(self):
        return "<LastResort end_at=%r>" % self._end_at

    def within(self, seconds):
        # type: (float) -> None
        """Have the process ended in so many seconds at the latest, unless `stopped` is called.

        May be called by a signal handler. The thread is started here and not earlier, so that
        a service has none of ours while it serves.
        """
        end_at = monotonic() + seconds
        if self._end_at is not None:
            self._end_at = min(self._end_at, end_at)
            return
        self._end_at = end_at
        self._start()

    def stopped(self):
        # type: () -> None
        """The stop was in time, the main thread goes on with what follows.

        That may take as long as it likes. When it has ended, threads that were started between
        the making of this and now, and that Python waits for, get ``MAX_THREADS_TIMEOUT`` at most.
        """
        self._over = True
        self._served = threads_waited_for() - self._threads_before
        while self._runs:  # It is not to find the interpreter half gone.
            time.sleep(_POLL / 10)
        if self._left():
            self._start()

    def _start(self):
        self._runs = True
        try:
            # Not a threading.Thread: to start one takes locks, which the main thread may hold
            # while it is interrupted by the signal.
            start_new_thread(self._run, ())
        except Exception as error:  # too many threads
            self._runs = False
            _log.warning("Nothing limits the time of the stop (%s)", error)

    def _run(self):
        try:
            if self._over:
                self._mind_threads()
            else:
                self._mind_stop()
        except Exception:
            if monotonic is not None:  # py2: the interpreter has gone, our modules before us
                raise
        finally:
            self._runs = False

    def _mind_stop(self):
        while not self._over:
            left = self._end_at - monotonic()
            if left <= 0:
                self._end("Still running after the time for the stop: exiting")
            time.sleep(min(left, _POLL))

    def _mind_threads(self):
        """Wait for the threads that serving has left, or for the end of the program."""
        self._runs = False
        while not at_exit(self._main):
            if not self._left():
                return
            time.sleep(5 * _POLL)
        now = monotonic()
        left = MAX_THREADS_TIMEOUT if self._end_at is None else self._end_at - now
        end_at = now + min(MAX_THREADS_TIMEOUT, max(MIN_THREADS_TIMEOUT, left))
        while monotonic() < end_at:
            if not self._left():
                return
            time.sleep(_POLL)
        self._end("Threads are still running: exiting without them")

    def _left(self):
        # type: () -> Set[threading.Thread]
        return threads_waited_for() & self._served

    def _end(self, why):
        if self._before is not None:
            try:
                self._before()
            except Exception:
                pass
        leave(why)


def leave(why):
    # type: (str) -> None
    """End this process at once with exit code 1; first ``why`` goes to the log.

    The log and the standard streams are written out, if that takes no longer than
    ``LAST_LINE_TIMEOUT``. ``atexit`` functions do not run: they could wait for what is stuck.
    """
    said = []
    try:
        start_new_thread(_say, (why, said))
    except Exception:  # too many threads
        said.append(None)
    end_at = monotonic() + LAST_LINE_TIMEOUT
    while not said and monotonic() < end_at:
        time.sleep(0.005)
    os._exit(1)


def _say(why, said):
    # In a thread, since the one that called may hold the log's lock, and a pipe may be full.
    try:
        _log.warning(why)
        flush_standard_streams()
        logging.shutdown()
    finally:
        said.append(None)
