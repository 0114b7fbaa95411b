"""FakeClock: time that passes when the test says so."""

from __future__ import absolute_import, division, print_function

import time

from tornado import gen
from tornado.ioloop import IOLoop

from waterspout import _compat
from waterspout._compat import TYPE_CHECKING
from waterspout._compat.current_loop import running_io_loop
from waterspout.testing.clock.library_time import LibraryTime
from waterspout.testing.clock.loop_time import LoopTime
from waterspout.testing.clock.timers import Timers

if TYPE_CHECKING:
    from typing import List, Optional  # noqa: F401

    from tornado.concurrent import Future  # noqa: F401
    from typing_extensions import Self  # noqa: F401

#: Iterations of the IOLoop in a row without a callback after which nothing happens any more. More
#: than one: what was written to a socket becomes readable in the next, for a server in this process
#: as well.
IDLE_TURNS = 5

#: Iterations after which no end is expected: some code always has a callback.
MAX_TURNS = 10000

#: Seconds: a timer that is due so little later is due, as sums of floats are not exact.
_INEXACT = 1e-6

_active = []  # type: List[FakeClock]


class FakeClock(object):
    """Replaces the time of the library and of the IOLoop; it stands still until `advance`.

    ::

        with FakeClock() as clock:
            call = session.get(url, timeout=60)      # The server never answers.
            yield clock.advance(60)                  # await on Python 3
            assert isinstance(call.exception(), waterspout.ReadTimeout)

    It drives the timeouts and deadlines of calls, the expiry of idle connections and of cookies,
    the delays of a `MockTransport`, and on the IOLoop ``call_later``, ``call_at``, ``gen.sleep``,
    ``asyncio.sleep`` and `PeriodicCallback`. It starts at the real time.

    It does not replace `time.time` and `time.sleep` in other code, and what other threads do takes
    its own time. Timers that were set before it was used on an IOLoop, and those set while the
    IOLoop does not run, are real: so are the limits of ``gen_test`` and ``run_sync``.

    Use it as a context manager, inside the coroutine or around it; it takes the IOLoop that runs.
    At its end timers that are left become real.
    """

    def __init__(self):
        # type: () -> None
        self._elapsed = 0.0
        self._timers = Timers()
        self._loops = []  # type: List[LoopTime]
        self._library = LibraryTime(self.monotonic, self.time)
        self._start = self._wall_start = 0.0
        self._advancing = False

    @property
    def elapsed(self):
        # type: () -> float
        """The seconds that it has advanced."""
        return self._elapsed

    def monotonic(self):
        # type: () -> float
        """What `time.monotonic` is in the library."""
        self._take_running_loop()
        return self._start + self._elapsed

    def time(self):
        # type: () -> float
        """What `time.time` is in the library: seconds since the epoch."""
        return self._wall_start + self._elapsed

    def advance(self, seconds):
        # type: (float) -> Future[None]
        """Let ``seconds`` pass, without waiting for them.

        What is due meanwhile is called in its order, each at its time, and so is what follows from
        it on the IOLoop, before the next. It begins with what the IOLoop is about to call.

        Returns: Future that is done when the IOLoop has nothing more to do at that time.
        Raises: at once ValueError: ``seconds`` is negative; RuntimeError: the clock is not in use,
            or another `advance` is under way. Through the Future RuntimeError: the IOLoop never
            comes to rest.
        """
        if not 0 <= seconds < float("inf"):
            raise ValueError("advance(%r): give seconds from 0 on" % (seconds,))
        if self not in _active:
            raise RuntimeError("the clock is not in use: with FakeClock() as clock")
        if self._advancing:
            raise RuntimeError("advance() is under way: yield or await it first")
        loop = self._take(IOLoop.current())
        self._advancing = True
        return self._run_until(self._elapsed + seconds, loop)

    @gen.coroutine
    def _run_until(self, end, loop):
        try:
            while True:
                yield self._settle(loop)
                timer = self._timers.pop_due(end + _INEXACT)
                if timer is not None:
                    self._elapsed = max(self._elapsed, timer.due)
                    timer.run()
                elif self._elapsed < end:
                    self._elapsed = end
                else:
                    return
        finally:
            self._advancing = False

    @gen.coroutine
    def _settle(self, loop):
        """Wait until nothing is left to do on the IOLoop at this time."""
        idle = 0
        for _ in range(MAX_TURNS):
            yield gen.moment
            idle = idle + 1 if loop.is_idle else 0
            if idle == IDLE_TURNS:
                return
        raise RuntimeError("the IOLoop never comes to rest: in each of %d iterations it had a "
                           "callback to call" % MAX_TURNS)

    def __enter__(self):
        # type: () -> Self
        """Raises: RuntimeError: another clock is in use; TypeError: the IOLoop is not asyncio's."""
        if _active:
            raise RuntimeError("another FakeClock is in use")
        self._start = _compat.monotonic() - self._elapsed
        self._wall_start = time.time() - self._elapsed
        self._take_running_loop()  # First: it may be refused.
        _active.append(self)
        self._library.replace()
        return self

    def __exit__(self, *exc_info):
        # type: (*object) -> None
        if self not in _active:
            return
        self._library.restore()
        loops, self._loops = self._loops, []
        for loop in loops:
            loop.restore()
        for timer in self._timers.clear():
            timer.make_real(timer)
        _active.remove(self)

    def _take_running_loop(self):
        # type: () -> None
        """Drive the IOLoop that runs in this thread, if there is one."""
        io_loop = running_io_loop()
        if io_loop is not None:
            self._take(io_loop)

    def _take(self, io_loop):
        # type: (IOLoop) -> LoopTime
        for loop in self._loops:
            if loop.io_loop is io_loop:
                return loop
        loop = LoopTime(io_loop, lambda: self._elapsed, self._timers)
        self._loops.append(loop)
        return loop

    def __repr__(self):
        return "<FakeClock %g s>" % self._elapsed
