"""Shares transports between sessions, so that a new session needs no new connection.

A service may make an SDK for each request and close it after the request. The transport outlives
the SDK: the next SDK with the same key gets it, with its kept connections and its threads.
"""

from __future__ import absolute_import, division, print_function

import atexit
import os
import weakref

from waterspout._compat import detached, is_closed, monotonic, resolved
from waterspout.exceptions import SessionClosed
from waterspout.limits import values_of
from waterspout.transports.base import Transport

#: Unused transports that an IOLoop keeps at most; the one that was unused for longest is closed.
MAX_UNUSED = 16

_NEVER = float("inf")

#: The transports are kept as an attribute of their IOLoop, so that neither outlives the other.
_ATTRIBUTE = "_waterspout_shared_transports"


def sharing(key, make):
    # type: (Tuple, Callable[[IOLoop, Limits], Transport]) -> Callable[[IOLoop, Limits], Transport]
    """Wrap ``make`` so that it returns the same transport for the same ``key`` and limits.

    On one IOLoop and in one process.
    Args:
        key (tuple): must be equal for sharing, as must the limits.
        make (callable): returned by `waterspout.transports.load`.
    """

    def make_or_share(io_loop, limits):
        return _transports_of(io_loop).take(
            key + values_of(limits), lambda: make(io_loop, limits), limits.max_idle)

    return make_or_share


class SharedTransport(Transport):
    """One session's share of a transport. Closing it ends only the calls of this session."""

    def __init__(self, transport, give_back):
        # type: (Transport, Callable[[], None]) -> None
        self._transport = transport
        self._give_back = give_back
        self._closed = False
        self._performed = 0
        self._only = None  # type: Optional[weakref.ref]  # The pooled transport's, until the second.

    def perform(self, request, options, done, holder=None, notes=None):
        if self._closed:
            raise SessionClosed("%r on a closed session" % (request,))
        exchange = self._transport.perform(request, options, done, self, notes)
        self._performed += 1
        is_first = self._performed == 1 and getattr(exchange, "done", None) is False
        self._only = weakref.ref(exchange) if is_first else None
        return exchange

    def stats(self):
        # type: () -> Dict[str, Dict[str, int]]
        """The counts of the whole transport, of all sessions together."""
        transport = self._transport  # type: Any
        return transport.stats() if hasattr(transport, "stats") else {}

    @property
    def shared(self):
        # type: () -> Transport
        """The transport that this is a share of."""
        return self._transport

    def close(self):
        if not self._closed:
            self._closed = True
            if not self._is_done():
                self._transport.end_calls(self)
            self._give_back()
            self._give_back = None  # With its weak reference, whose callback is not needed now.
        return resolved(None)

    def _is_done(self):
        """Whether no call is left, as nearly always of an SDK for one call; False if unknown.

        The transport would look through all of its calls for those of this session.
        """
        if self._only is None:
            return not self._performed
        only = self._only()
        return only is None or only.done

    def __repr__(self):
        return "<SharedTransport %r%s>" % (self._transport, " closed" if self._closed else "")


class _Entry(object):
    """A transport and weak references to its users."""

    def __init__(self, transport, max_idle):
        self.transport = transport
        self.max_idle = max_idle
        self.users = set()  # type: Set[weakref.ref[SharedTransport]]
        self.unused_since = None

    def __repr__(self):
        return "<_Entry %r users=%d>" % (self.transport, len(self.users))


class _LoopTransports(object):
    """The shared transports of one IOLoop in one process."""

    def __init__(self, io_loop):
        # type: (IOLoop) -> None
        self.io_loop = io_loop
        self.pid = os.getpid()
        self._entries = {}  # type: Dict[Tuple, _Entry]
        self._timer = None  # One for all, seldom moved: SDKs may come and go with every request.
        self._due = _NEVER

    def take(self, key, make, max_idle):
        # type: (Tuple, Callable[[], Transport], float) -> SharedTransport
        """Return a share of the transport for ``key``, made by ``make()`` if there is none.

        The transport is closed after ``max_idle`` seconds without users. A share that is
        garbage-collected counts as closed.
        """
        entry = self._entries.get(key)
        if entry is None:
            entry = self._entries[key] = _Entry(make(), max_idle)
        part = SharedTransport(entry.transport, lambda: self._given_back(entry, reference))
        reference = weakref.ref(part, lambda reference: self._let_go(entry, reference))
        entry.users.add(reference)
        return part

    def close(self):
        # type: () -> None
        """Close all transports, used or not: their IOLoop is closed."""
        entries, self._entries = self._entries, {}
        for entry in entries.values():
            try:
                entry.transport.close()
            except RuntimeError:
                pass  # asyncio refuses calls to a closed loop; the sockets are closed already.

    def _let_go(self, entry, reference):
        """A share was garbage-collected, in any thread."""
        if reference not in entry.users:
            return  # It was closed before.
        try:
            if is_closed(self.io_loop):
                entry.users.discard(reference)  # `_close_those_of_closed_loops` does the rest.
            else:
                detached(self.io_loop.add_callback, self._given_back, entry, reference)
        except Exception:
            pass  # The IOLoop was closed meanwhile, or the interpreter is exiting.

    def _given_back(self, entry, reference):
        entry.users.discard(reference)
        if entry.users or self.pid != os.getpid():
            return
        if is_closed(self.io_loop):
            self.close()
            return
        entry.unused_since = monotonic()
        if len(self._entries) > MAX_UNUSED:
            unused = self._unused()
            if len(unused) > MAX_UNUSED:
                self._drop(unused[0])
        self._expire_by(entry.unused_since + entry.max_idle)

    def _unused(self):
        """The keys of unused transports, the one unused for longest first."""
        unused = [key for key, entry in self._entries.items() if not entry.users]
        return sorted(unused, key=lambda key: self._entries[key].unused_since)

    def _drop(self, key):
        self._entries.pop(key).transport.close()

    def _expire(self):
        self._timer, self._due = None, _NEVER
        if self.pid != os.getpid():
            return
        now = monotonic()
        for key in self._unused():
            entry = self._entries[key]
            due = entry.unused_since + entry.max_idle
            if due <= now:
                self._drop(key)
            else:
                self._expire_by(due)

    def _expire_by(self, due):
        if due >= self._due:
            return
        if self._timer is not None:
            self.io_loop.remove_timeout(self._timer)
        self._due = due
        self._timer = detached(
            self.io_loop.call_later, max(0.0, due - monotonic()), self._expire)


_all = weakref.WeakSet()  # type: weakref.WeakSet[_LoopTransports]


def _transports_of(io_loop):
    # type: (IOLoop) -> _LoopTransports
    transports = getattr(io_loop, _ATTRIBUTE, None)
    if transports is None or transports.pid != os.getpid():
        # After a fork, the parent's sockets and threads are not touched.
        _close_those_of_closed_loops()
        transports = _LoopTransports(io_loop)
        _all.add(transports)
        setattr(io_loop, _ATTRIBUTE, transports)
    return transports


@atexit.register
def _close_those_of_closed_loops():
    """Close the transports of closed IOLoops, which ``asyncio.run`` leaves with open sockets."""
    for transports in list(_all):
        if transports.pid == os.getpid() and is_closed(transports.io_loop):
            transports.close()
            _all.discard(transports)
