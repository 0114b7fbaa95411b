"""The current event loop, and Futures where none is, as in plain code after ``asyncio.run``."""

from __future__ import absolute_import, division, print_function

from contextlib import contextmanager

from tornado.concurrent import Future
from tornado.ioloop import IOLoop

try:
    import asyncio
except ImportError:  # py2: Futures need no event loop.
    asyncio = None  # type: ignore[assignment]


@contextmanager
def current_loop(io_loops):
    # type: (Iterable[IOLoop]) -> Iterator[None]
    """Have an event loop current in the ``with`` block, if there is none, so that it can make
    Futures.

    Args:
        io_loops: the first that is open is made current; else a closed one, whose Futures have to
            be done at once.
    """
    try:
        Future()
    except RuntimeError:
        loops = [io_loop.asyncio_loop for io_loop in io_loops]
        asyncio.set_event_loop(_first_open(loops))
        try:
            yield
        finally:
            asyncio.set_event_loop(None)
    else:
        yield


def _first_open(loops):
    for loop in loops:
        if not loop.is_closed():
            return loop
    loop = asyncio.new_event_loop()
    loop.close()
    return loop


if asyncio is None:

    def is_running(io_loop):
        # type: (IOLoop) -> bool
        """Whether the loop runs; Tornado's own loop on 2.7 has no public name for it."""
        return io_loop._running

    def running_io_loop():
        # type: () -> Optional[IOLoop]
        """The IOLoop that runs in this thread, or None."""
        io_loop = IOLoop.current(instance=False)
        return io_loop if io_loop is not None and is_running(io_loop) else None

else:

    def is_running(io_loop):
        return io_loop.asyncio_loop.is_running()

    def running_io_loop():
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return None
        return IOLoop.current()
