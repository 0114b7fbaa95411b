"""Gate: Futures that a test resolves from its own thread."""

from __future__ import absolute_import, division, print_function

from programs import wait_until
from tornado.concurrent import Future


class Gate(object):
    """Called in the server's thread with anything, it returns a new Future.

    Attributes:
        futures (list of Future): all of them.
    """

    def __init__(self):
        self.futures = []
        self._waited = 0
        self._is_open = False

    def __call__(self, *ignored):
        self.futures.append(Future())
        if self._is_open:
            self.futures[-1].set_result(None)
        return self.futures[-1]

    def wait(self):
        """Wait for the next call, and return its Future. Resolve it in the server's thread."""
        wait_until(lambda: len(self.futures) > self._waited, "a call")
        self._waited += 1
        return self.futures[self._waited - 1]

    def open(self):
        """Resolve all Futures, now and from now on. Call it in the server's thread."""
        self._is_open = True
        for future in self.futures:
            if not future.done():
                future.set_result(None)
