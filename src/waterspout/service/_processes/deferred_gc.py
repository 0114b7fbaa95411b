"""Full collections of the cyclic garbage collector, put off while large JSON is in memory.

A full collection looks at every container that is alive. With the rows of a large body in memory
that takes up to a quarter of a second, in which the process does nothing else, and decoding a body
causes several of them. The rows go by their reference counts, so collecting is of no use there.
The short collections, of what was made lately, go on.
"""

from __future__ import absolute_import, division, print_function

import gc
import threading

from waterspout._compat import detached, monotonic
from waterspout._driver import turns

#: Seconds for which large work puts off full collections: the CMDB may take as long to answer,
#: and a value is alive until its request has ended.
PUT_OFF_SECONDS = 10.0

#: Seconds after which they are allowed again, however much large work there is.
LONGEST_SECONDS = 60.0

#: For `gc.set_threshold`: so many collections of the middle generation before a full one.
_NEVER = 1 << 30

_lock = threading.Lock()
_putting_off = set()  # type: Set[FullCollections]
_thresholds = None  # type: Optional[Tuple[int, int, int]]  # As they were before.


class FullCollections(object):
    """Watches the long work on one IOLoop. The collector is the process's, so this is for
    processes of our own; `close` puts everything back.

    Nothing is changed where the program has switched the collector off.
    """

    def __init__(self, io_loop):
        # type: (IOLoop) -> None
        self._io_loop = io_loop
        self._since = self._until = 0.0
        self._timer = None
        turns.watch(io_loop, self.put_off)

    def __repr__(self):
        return "<FullCollections put_off=%s>" % (self._timer is not None)

    def put_off(self):
        # type: () -> None
        """Large work begins or ends: no full collection for `PUT_OFF_SECONDS` from now."""
        now = monotonic()
        self._until = now + PUT_OFF_SECONDS
        if self._timer is None:
            self._since = now
            self._set_timer(PUT_OFF_SECONDS)
            _hold(self)

    def close(self):
        # type: () -> None
        turns.watch(self._io_loop, None)
        if self._timer is not None:
            self._io_loop.remove_timeout(self._timer)
            self._timer = None
            _let_go(self)

    def _set_timer(self, seconds):
        self._timer = detached(self._io_loop.call_later, seconds, self._look)

    def _look(self):
        now = monotonic()
        left = min(self._until, self._since + LONGEST_SECONDS) - now
        if left > 0:
            self._set_timer(left)
        else:
            self._timer = None
            _let_go(self)


def _hold(holder):
    global _thresholds
    with _lock:
        if not _putting_off and gc.isenabled():
            _thresholds = gc.get_threshold()
            gc.set_threshold(_thresholds[0], _thresholds[1], _NEVER)
        _putting_off.add(holder)


def _let_go(holder):
    global _thresholds
    with _lock:
        _putting_off.discard(holder)
        if not _putting_off and _thresholds is not None:
            gc.set_threshold(*_thresholds)
            _thresholds = None
