"""An IOLoop whose clock a test sets, as an administrator or NTP sets the system's."""

from __future__ import absolute_import, division, print_function

import contextlib
import time

from tornado import gen
from tornado.ioloop import IOLoop


class Clock(object):
    """Python 2's IOLoop goes by the system's clock, which may be set; 3's by one that may not.

    Here both may. The library's own times are measured otherwise, and stay as they are.
    """

    def __init__(self):
        self.ahead = 0.0  # seconds

    def __call__(self):
        return time.time() + self.ahead

    @gen.coroutine
    def set_forward(self, seconds):
        """From a coroutine on the loop; what was due within these seconds has had its turn."""
        self.ahead += seconds
        for _ in range(20):
            yield gen.moment


@contextlib.contextmanager
def loop_with_clock():
    """``(io_loop, clock)``."""
    clock = Clock()
    io_loop = IOLoop(make_current=False)
    if hasattr(io_loop, "asyncio_loop"):
        io_loop.asyncio_loop.time = clock
    else:  # py2
        io_loop.time_func = clock
    try:
        yield io_loop, clock
    finally:
        io_loop.close(all_fds=True)
