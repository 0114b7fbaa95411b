"""How long one thing on an IOLoop keeps all others waiting."""

from __future__ import absolute_import, division, print_function

import resource

#: RUSAGE_THREAD of getrusage(2), which Python 2.7 has no name for.
_THIS_THREAD = 1


class LongestTurn(object):
    """Runs in each iteration of an IOLoop, and counts this thread's CPU time in between.

    Time in which the machine does something else does not count, so that a test may say how long
    the longest turn may be. Create it, and read it, on the IOLoop's thread.

    Attributes:
        seconds (float): the longest so far.
    """

    def __init__(self, io_loop):
        self.seconds = 0.0
        self._io_loop = io_loop
        self._last = _cpu_seconds()
        self._stopped = False
        self._turn()

    def stop(self):
        self._stopped = True

    def _turn(self):
        now = _cpu_seconds()
        self.seconds = max(self.seconds, now - self._last)
        self._last = now
        if not self._stopped:
            self._io_loop.add_callback(self._turn)


def _cpu_seconds():
    usage = resource.getrusage(_THIS_THREAD)
    return usage.ru_utime + usage.ru_stime
