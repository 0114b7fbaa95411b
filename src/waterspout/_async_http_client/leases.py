"""Lease: decides how long an Engine is kept."""

from __future__ import absolute_import, division, print_function

import os
import weakref

from waterspout._async_http_client.engine import Engine, end_pool
from waterspout._compat import detached, from_del, is_closed, monotonic

#: Seconds that an engine without a client waits for the next one. Many servers close connections
#: that are idle for longer, and a program that closes its client wants its descriptors back.
LINGER_SECONDS = 5.0

#: Weak references to the leases of shared clients, of all IOLoops.
_shared = set()  # type: Set[weakref.ref[Lease]]


def take_lease(io_loop, options, shared):
    # type: (IOLoop, Tuple, bool) -> Lease
    """Return the lease of a closed client of this IOLoop with these options, or a new one.

    Args:
        options: for `Engine`.
        shared (bool): the client is the IOLoop's shared one; others get their own engine.
    """
    for reference in list(_shared):
        lease = reference()
        engine = None if lease is None else lease.engine
        if engine is None or engine.pid != os.getpid():
            continue
        if is_closed(engine.io_loop):
            # Tornado never drops a client that was not closed, nor its IOLoop.
            lease.end()
        elif shared and lease.lingers and engine.serves(io_loop, options):
            lease.renew()
            return lease
    lease = Lease(Engine(io_loop, options))
    if shared:
        _shared.add(weakref.ref(lease, _shared.discard))
    return lease


class Lease(object):
    """Keeps an Engine. Without a lease, an engine closes idle connections and ends with its last
    fetch.

    Each client has a lease. When the client is garbage-collected, in any thread, the lease is too,
    and the engine ends in the IOLoop's thread; at once if the IOLoop is closed.

    When a shared client is closed, a timer of the IOLoop keeps the lease. It ends when the timer
    fires, or with the timer when the IOLoop is closed.

    Attributes:
        engine (Engine or None): None after the end.
        lingers (bool): it has no client and waits for the next one.
    """

    __slots__ = ("engine", "_ending", "_until", "_timed", "__weakref__")

    def __init__(self, engine):
        # type: (Engine) -> None
        self.engine = engine
        self._ending = _Ending(engine.pool, engine.pid)
        self._until = None  # type: Optional[float]
        self._timed = False  # A timer keeps it.

    @property
    def lingers(self):
        # type: () -> bool
        return self._until is not None

    def linger(self):
        # type: () -> None
        """The client was closed: wait up to `LINGER_SECONDS` for the next one."""
        if is_closed(self.engine.io_loop):
            self.end()
            return
        self._until = monotonic() + LINGER_SECONDS
        if not self._timed:
            self._set_timer(LINGER_SECONDS)

    def renew(self):
        # type: () -> None
        """There is a client again. The timer stays, since letting it fire costs less."""
        self._until = None

    def end(self):
        # type: () -> None
        """End the engine; call it in the IOLoop's thread, unless that is closed. Idempotent."""
        self.engine = self._until = None
        self._ending.end()

    def _set_timer(self, seconds):
        self._timed = True
        # The timer is not stored: it refers to the lease, and a cycle would outlive the IOLoop.
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
    """Ends the pool of an engine when it is garbage-collected.

    The lease has no ``__del__`` itself: a running fetch refers from the pool to its caller, the
    client and the lease, and Python 2.7 collects no cycle with an object that has a ``__del__``.
    """

    __slots__ = ("_pool", "_pid")

    def __init__(self, pool, pid):
        # type: (Pool, int) -> None
        self._pool = from_del(pool)
        self._pid = pid

    def end(self):
        # type: () -> None
        """End the pool; call it in the IOLoop's thread, unless that is closed. Idempotent."""
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
                # A new one: if the IOLoop is closed before the callback, that one ends the pool.
                detached(pool.io_loop.add_callback, _Ending(pool, self._pid).end)
        except Exception:
            pass  # The interpreter is exiting, and modules are gone.


def _gone():
    """Stands for the reference to a pool that has ended."""
