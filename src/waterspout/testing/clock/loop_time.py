"""Has the timers of an IOLoop wait for a fake clock."""

from __future__ import absolute_import, division, print_function

import functools
import sys

from waterspout._compat import TYPE_CHECKING, continuation, is_closed
from waterspout._compat.current_loop import is_running
from waterspout.testing.clock.timers import Timer

if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Optional, Tuple  # noqa: F401

    from tornado.ioloop import IOLoop  # noqa: F401

    from waterspout.testing.clock.timers import Timers  # noqa: F401


class LoopTime(object):
    """Replaces the clock of one IOLoop, and the methods that set its timers.

    Only what is set while the IOLoop runs waits for the fake clock. What was set before, and what
    is set while it does not run, is the test's own, such as the limit of `tornado.testing.gen_test`
    and `IOLoop.run_sync`: it goes by real time, so that a test that hangs still ends.

    Args:
        elapsed (callable): returns the seconds that the fake clock has advanced.
        timers (Timers): gets the timers.
    Raises: TypeError: it is the loop of another library, whose timers are out of reach.
    """

    def __init__(self, io_loop, elapsed, timers):
        # type: (IOLoop, Callable[[], float], Timers) -> None
        self.io_loop = io_loop
        self._elapsed = elapsed
        self._timers = timers
        self._undo = []  # type: List[Tuple[Any, str, Any]]
        loop = getattr(io_loop, "asyncio_loop", None)
        if loop is None:  # py2
            self._ready = io_loop._callbacks  # type: ignore[attr-defined]
            steps = io_loop.start
        else:
            if not hasattr(loop, "_ready"):
                raise TypeError("FakeClock cannot drive %r: it needs asyncio's own event loop"
                                % (loop,))
            self._ready = loop._ready
            steps = loop._run_once
            self._replace_on_asyncio_loop(loop, _code_of(steps))
        self._replace_on_io_loop(io_loop, _code_of(steps))

    @property
    def is_idle(self):
        # type: () -> bool
        """Whether nothing else is to be called in this iteration of the IOLoop or the next."""
        return not self._ready

    def restore(self):
        # type: () -> None
        for target, name, before in self._undo:
            if before is None:
                delattr(target, name)
            else:
                setattr(target, name, before)
        self._undo = []

    def hand_over(self, timer):
        # type: (Timer) -> None
        """Have ``timer`` wait for real time from now on: `restore` was called."""
        if not is_closed(self.io_loop):
            self.io_loop.call_later(max(0.0, timer.due - self._elapsed()), timer.run)

    def _replace_on_io_loop(self, io_loop, steps):
        real_time, call_at, call_later = io_loop.time, io_loop.call_at, io_loop.call_later
        time, base = self._clock(real_time, steps)

        def fake_call_later(delay, callback, *args, **kwargs):
            # type: (float, Callable[..., Any], *Any, **Any) -> Any
            if not is_running(io_loop):
                return call_later(delay, callback, *args, **kwargs)
            due = self._elapsed() + delay
            return self._set(due, base + due, _added(io_loop, callback, args, kwargs))

        def fake_call_at(when, callback, *args, **kwargs):
            # type: (float, Callable[..., Any], *Any, **Any) -> Any
            if not is_running(io_loop):
                return call_at(when, callback, *args, **kwargs)
            return self._set(when - base, when, _added(io_loop, callback, args, kwargs))

        self._put(io_loop, time=time, call_later=fake_call_later, call_at=fake_call_at)

    def _replace_on_asyncio_loop(self, loop, steps):
        call_at, call_later = loop.call_at, loop.call_later
        time, base = self._clock(loop.time, steps)

        def fake_call_later(delay, callback, *args, **kwargs):
            # type: (float, Callable[..., Any], *Any, **Any) -> Any
            if not loop.is_running():
                return call_later(delay, callback, *args, **kwargs)
            due = self._elapsed() + delay
            return self._set(due, base + due, _in_context(callback, args, **kwargs))

        def fake_call_at(when, callback, *args, **kwargs):
            # type: (float, Callable[..., Any], *Any, **Any) -> Any
            if not loop.is_running():
                return call_at(when, callback, *args, **kwargs)
            return self._set(when - base, when, _in_context(callback, args, **kwargs))

        self._put(loop, time=time, call_later=fake_call_later, call_at=fake_call_at)

    def _clock(self, real_time, steps):
        # type: (Callable[[], float], Any) -> Tuple[Callable[[], float], float]
        """A clock for code that runs on the loop, and what it shows at the start.

        The loop's own code, ``steps``, still needs the real one for the timers that are real.
        """
        base, io_loop = real_time() - self._elapsed(), self.io_loop

        def time():
            # type: () -> float
            if sys._getframe(1).f_code is steps or not is_running(io_loop):
                return real_time()
            return base + self._elapsed()

        return time, base

    def _put(self, target, **methods):
        # type: (Any, **Any) -> None
        for name, method in methods.items():
            self._undo.append((target, name, vars(target).get(name)))
            setattr(target, name, method)

    def _set(self, due, when, callback):
        # type: (float, float, Callable[[], None]) -> Timer
        timer = Timer(due, callback, when, self.hand_over)
        if due <= self._elapsed():
            self.io_loop.add_callback(timer.run)  # It waits for no time.
        else:
            self._timers.add(timer)
        return timer


def _added(io_loop, callback, args, kwargs):
    # type: (IOLoop, Callable[..., Any], Tuple[Any, ...], Dict[str, Any]) -> Callable[[], None]
    """Call ``callback`` in the present context, as a callback of the IOLoop, which logs errors."""
    return functools.partial(
        io_loop.add_callback, continuation(functools.partial(callback, *args, **kwargs)))


def _in_context(callback, args, context=None):
    # type: (Callable[..., Any], Tuple[Any, ...], Any) -> Callable[[], None]
    callback = functools.partial(callback, *args)
    return continuation(callback) if context is None else functools.partial(context.run, callback)


def _code_of(method):
    # type: (Any) -> Any
    return getattr(method, "__func__", method).__code__
