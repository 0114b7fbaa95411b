"""Limits of the time that SQLite may work on one request.

A thread measures the time and interrupts SQLite, which checks for an interrupt at each row. An SQL
function written in Python cannot be interrupted, so each call of one must be short; see
``query/patterns.py``.
"""

from __future__ import absolute_import, division, print_function

import contextlib
import sqlite3
import threading
import time

from waterspout_cmdb.sandbox.storage.database import StorageError

#: Seconds between two checks of the running work; closing waits for the end of one.
TICK = 0.1


class TookTooLong(StorageError):
    """The request was stopped at its time limit; nothing was stored."""


class Closing(StorageError):
    """The store is being closed: the request was not started, or was stopped and rolled back."""


class TimeLimits(object):
    """Interrupts work that takes too long, and all work when the store is closed.

    Time is counted in ticks, so that a change of the system's clock has no effect.
    """

    def __init__(self, tick=None):
        # type: (Optional[float]) -> None
        self._tick = TICK if tick is None else tick
        self._lock = threading.Lock()
        self._work = []
        self._ticks_left = None  # Until all work is interrupted; None: no end is set.
        self._awake = threading.Event()  # Set while there is time to count.
        self._closed = threading.Event()
        self._thread = None

    @contextlib.contextmanager
    def limited(self, connection, seconds):
        # type: (sqlite3.Connection, float) -> ContextManager[Callable[[], None]]
        """Interrupt SQLite on ``connection`` if the block takes more than ``seconds``.

        The value is a function that raises after that time. Long work in Python has to call it,
        because an interrupt has no effect while SQLite does not run.

        Raises: TookTooLong; Closing.
        """
        work = _Work(connection, seconds, seconds / self._tick)
        with self._lock:
            self._check_open()
            self._wake()
            self._work.append(work)
        try:
            yield work.check
        except sqlite3.OperationalError:
            if work.error is not None:
                raise work.error
            raise
        finally:
            with self._lock:
                self._work.remove(work)

    def end_in(self, seconds):
        # type: (float) -> None
        """Interrupt all work after ``seconds``, and refuse new work from then on."""
        with self._lock:
            self._ticks_left = seconds / self._tick
            try:
                self._wake()
            except Exception:  # No thread can be started to count: end now.
                self._ticks_left = 0
                self._count_one()

    def close(self):
        # type: () -> None
        """Stop the thread; call it when no work is running."""
        self._closed.set()
        self._awake.set()
        if self._thread is not None:
            self._thread.join()

    def _check_open(self):
        if self._ticks_left is not None and self._ticks_left <= 0:
            raise Closing("the store is being closed")

    def _wake(self):
        self._awake.set()
        if self._thread is None:
            thread = threading.Thread(target=self._count, name="sandbox time limits")
            thread.daemon = True
            thread.start()  # May fail without resources; the next call tries again.
            self._thread = thread

    def _count(self):
        while True:
            self._awake.wait()
            time.sleep(self._tick)  # py2: `Event.wait` uses the clock, which may be set.
            if self._closed.is_set():
                return
            with self._lock:
                self._count_one()
                if not self._work and self._ticks_left is None:
                    self._awake.clear()

    def _count_one(self):
        if self._ticks_left is not None:
            self._ticks_left -= 1
        for work in self._work:
            work.ticks_left -= 1
            if work.error is None:
                work.error = self._error_of(work)
            if work.error is not None:
                # At each tick, because an interrupt between two statements has no effect.
                work.connection.interrupt()

    def _error_of(self, work):
        if self._ticks_left is not None and self._ticks_left <= 0:
            return Closing("the store is being closed")
        if work.ticks_left <= 0:
            return TookTooLong("this takes longer than %g seconds" % work.seconds)
        return None


class _Work(object):
    __slots__ = ("connection", "seconds", "ticks_left", "error")

    def __init__(self, connection, seconds, ticks):
        self.connection = connection
        self.seconds = seconds
        self.ticks_left = ticks
        self.error = None

    def check(self):
        if self.error is not None:
            raise self.error
