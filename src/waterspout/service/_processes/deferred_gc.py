"""Defers full garbage collections while large JSON is in memory.

A full collection of the cyclic garbage collector visits every container that is alive. With the
rows of a large body in memory this takes up to a quarter of a second, in which the process does
nothing else, and decoding a body triggers several. The rows are freed by their reference counts,
so the collections are useless there. The short collections of young objects continue.
"""

from __future__ import absolute_import, division, print_function

import gc
import threading

from waterspout._compat import TYPE_CHECKING, detached, monotonic
from waterspout._driver import turns

if TYPE_CHECKING:
    from typing import Any, Optional, Set, Tuple  # noqa: F401

    from tornado.ioloop import IOLoop  # noqa: F401

#: Seconds for which large work defers full collections: the upstream may take as long to answer,
#: and a value is alive until its request has ended.
DEFER_SECONDS = 10.0

#: Seconds after which there is one, however much large work there is.
LONGEST_SECONDS = 60.0

#: For `gc.set_threshold`: the number of middle collections before a full one.
_NEVER = 1 << 30

_lock = threading.Lock()
_deferring = set()  # type: Set[DeferredGC]
_thresholds = None  # type: Optional[Tuple[int, int, int]]  # As they were before.


class DeferredGC(object):
    """Watches the large work on one IOLoop.

    The collector belongs to the process, so use this only in a process that the kit runs; `close`
    restores everything. Nothing is changed if the program has disabled the collector.
    """

    def __init__(self, io_loop):
        # type: (IOLoop) -> None
        self._io_loop = io_loop
        self._since = self._until = 0.0
        self._timer = None  # type: Any
        turns.watch(io_loop, self.defer)

    def __repr__(self):
        return "<DeferredGC deferring=%s>" % (self._timer is not None)

    def defer(self):
        # type: () -> None
        """Large work begins or ends: no full collection for `DEFER_SECONDS` from now."""
        now = monotonic()
        self._until = now + DEFER_SECONDS
        if self._timer is None:
            self._since = now
            self._set_timer(DEFER_SECONDS)
            _suspend(self)

    def close(self):
        # type: () -> None
        """Stop watching, and allow full collections again."""
        turns.watch(self._io_loop, None)
        if self._timer is not None:
            self._io_loop.remove_timeout(self._timer)
            self._timer = None
            _resume(self)

    def _set_timer(self, seconds):
        self._timer = detached(self._io_loop.call_later, seconds, self._check)

    def _check(self):
        now = monotonic()
        left = min(self._until, self._since + LONGEST_SECONDS) - now
        if left > 0:
            self._set_timer(left)
        else:
            self._timer = None
            _resume(self)
            if self._until > now and gc.isenabled():
                # The next large body would defer them again before one has begun.
                gc.collect()


def _suspend(holder):
    # type: (DeferredGC) -> None
    global _thresholds
    with _lock:
        if not _deferring and gc.isenabled():
            _thresholds = gc.get_threshold()
            gc.set_threshold(_thresholds[0], _thresholds[1], _NEVER)
        _deferring.add(holder)


def _resume(holder):
    # type: (DeferredGC) -> None
    global _thresholds
    with _lock:
        _deferring.discard(holder)
        if not _deferring and _thresholds is not None:
            gc.set_threshold(*_thresholds)
            _thresholds = None
