"""How long SQLite may work on one request.

A thread of its own counts: SQLite looks at each row whether it has been interrupted, while Python
code cannot even be called before SQLite returns. So each single call of an SQL function has to be
short by itself; see ``query/patterns.py``.
"""

from __future__ import absolute_import, division, print_function

import contextlib
import sqlite3
import threading
import time

from waterspout_cmdb.sandbox.storage.database import StorageError

# Seconds between two looks at what is running.
_TICK = 0.1


class TookTooLong(StorageError):
    """The request was stopped at its time limit, and nothing of it is stored."""


class Closing(StorageError):
    """The store is being closed: the request was not begun, or was stopped and undone."""


class Limits(object):
    """Interrupts what takes too long, and in the end everything.

    Time is counted in ticks, so that setting the clock changes nothing.
    """

    def __init__(self, tick=_TICK):
        # type: (float) -> None
        self._tick = tick
        self._lock = threading.Lock()
        self._work = []
        self._ticks_left = None  # Until everything is interrupted; None: not yet.
        self._awake = threading.Event()  # While there is something to count.
        self._closed = threading.Event()
        self._thread = None

    @contextlib.contextmanager
    def limited(self, connection, seconds):
        # type: (sqlite3.Connection, float) -> ContextManager[Callable[[], None]]
        """Interrupt what SQLite does on ``connection`` inside, once it has taken ``seconds``.

        The value raises then, too: for long work in Python, which hardly ever is interrupted
        while SQLite runs.

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
        """Interrupt all that is running after ``seconds``, and begin nothing from then on."""
        with self._lock:
            self._ticks_left = seconds / self._tick
            try:
                self._wake()
            except Exception:  # No thread can be started to wait: the time is up now.
                self._ticks_left = 0
                self._count_one()

    def close(self):
        # type: () -> None
        """To be called when nothing is running any more."""
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
            thread.start()  # May fail: the system has no room for it. The next one tries again.
            self._thread = thread

    def _count(self):
        while True:
            self._awake.wait()
            time.sleep(self._tick)  # py2: an Event's wait goes by the clock, which may be set
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
                # Each time again: an interrupt between two statements is lost.
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
