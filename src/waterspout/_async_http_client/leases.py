"""Lease: who keeps an Engine, and until when."""

from __future__ import absolute_import, division, print_function

import os
import weakref

from waterspout._async_http_client.engine import Engine, end_pool
from waterspout._compat import detached, from_del, is_closed, monotonic

#: Seconds that an engine without a client waits for the next one. Many servers close what idles
#: for longer, and a program that has closed its client wants its descriptors back.
LINGER_SECONDS = 5.0

#: Weak references to the leases of clients that an IOLoop shares, on every IOLoop.
_shared = set()  # type: Set[weakref.ref[Lease]]


def take_lease(io_loop, options, shared):
    # type: (IOLoop, Tuple, bool) -> Lease
    """The one left by a closed client of this IOLoop with these options, or a new one.

    Args:
        options: for `Engine`.
        shared (bool): the client is the IOLoop's own; others get an engine of their own.
    """
    for reference in list(_shared):
        lease = reference()
        engine = None if lease is None else lease.engine
        if engine is None or engine.pid != os.getpid():
            continue
        if is_closed(engine.io_loop):
            # Tornado keeps an unclosed client for as long as the program runs, with its IOLoop.
            lease.end()
        elif shared and lease.lingers and engine.serves(io_loop, options):
            lease.renew()
            return lease
    lease = Lease(Engine(io_loop, options))
    if shared:
        _shared.add(weakref.ref(lease, _shared.discard))
    return lease


class Lease(object):
    """Keeps an Engine; without its lease, an engine closes what is idle and ends with its last
    fetch.

    A client has one. When the client goes, by whatever thread the garbage collector runs in, so
    does its lease, and the engine ends on the thread of its IOLoop; where that is closed, at once.

    A client that an IOLoop shares leaves its lease to a timer of the IOLoop. So it ends when the
    time is up, or together with the timer: when the IOLoop is closed.

    Attributes:
        engine (Engine or None): None once it has ended.
        lingers (bool): it has no client, and waits for the next one.
    """

    __slots__ = ("engine", "_ending", "_until", "_timed", "__weakref__")

    def __init__(self, engine):
        # type: (Engine) -> None
        self.engine = engine
        self._ending = _Ending(engine.pool, engine.pid)
        self._until = None  # type: Optional[float]
        self._timed = False  # A timer holds it.

    @property
    def lingers(self):
        # type: () -> bool
        return self._until is not None

    def linger(self):
        # type: () -> None
        """Its client was closed: wait for the next one, no longer than `LINGER_SECONDS`."""
        if is_closed(self.engine.io_loop):
            self.end()
            return
        self._until = monotonic() + LINGER_SECONDS
        if not self._timed:
            self._set_timer(LINGER_SECONDS)

    def renew(self):
        # type: () -> None
        """It has a client again. The timer stays: it is cheaper to let it come by in vain."""
        self._until = None

    def end(self):
        # type: () -> None
        """On the thread of the IOLoop, unless that is closed. Idempotent."""
        self.engine = self._until = None
        self._ending.end()

    def _set_timer(self, seconds):
        self._timed = True
        # The timer is not kept here: it holds the lease, and a cycle would outlive the IOLoop.
        detached(self.engine.io_loop.call_later, seconds, self._time_is_up)

    def _time_is_up(self):
        self._timed = False
        if self._until is not None and self.engine is not None:
            left = self._until - monotonic()
            if left > 0:
                self._set_timer(left)
            else:
                self.end()


class _Ending(object):
    """Ends the pool of an engine when it goes itself.

    Not a ``__del__`` of the lease: a fetch under way leads from the pool to its caller, to the
    client and to the lease, and Python 2.7 collects no cycle in which an object has a ``__del__``.
    """

    __slots__ = ("_pool", "_pid")

    def __init__(self, pool, pid):
        # type: (Pool, int) -> None
        self._pool = from_del(pool)
        self._pid = pid

    def end(self):
        # type: () -> None
        """On the thread of the IOLoop, unless that is closed. Idempotent."""
        pool, self._pool = self._pool(), _gone
        if pool is not None:
            end_pool(pool, self._pid)

    def __del__(self):
        pool = self._pool()
        if pool is None:
            return
        try:
            if is_closed(pool.io_loop):
                self.end()
            else:
                # Another one: if the IOLoop is closed before it comes to that, it ends there.
                detached(pool.io_loop.add_callback, _Ending(pool, self._pid).end)
        except Exception:
            pass  # The interpreter ends, and has taken modules apart.


def _gone():
    """In the place of a reference to a pool that has ended."""
