"""SendBatch: requests of one iteration of the IOLoop, sent one right after the other."""

from __future__ import absolute_import, division, print_function

import collections
import logging
import os

from waterspout._compat import detached

_log = logging.getLogger("waterspout.pool")

#: Bytes of a body that is collected with its head, at most. Larger ones would push each other out
#: of the processor's cache before they are sent.
_LARGEST_BODY = 4096

#: Seconds after a request within which the next one is in quick succession. Those that come more
#: slowly would each be alone in their batch.
_QUICK = 0.0002


class SendBatch(object):
    """Collects requests in quick succession and sends them at the end of the iteration.

    Sending to a server that sleeps wakes it up, which costs as much CPU as a sixth of a call, and
    between two calls of a busy program it falls asleep again. If the requests leave in a row, only
    the first one wakes it. uvloop and Netty collect what is sent for the same reason.
    """

    __slots__ = ("_io_loop", "_requests", "_is_scheduled", "_pid", "_last")

    def __init__(self, io_loop):
        # type: (IOLoop) -> None
        self._io_loop = io_loop
        self._requests = collections.deque()  # type: Deque[Tuple[Connection, Exchange, bytes]]
        self._is_scheduled = False
        self._pid = None  # type: Optional[int]
        self._last = 0.0

    def wants(self, exchange, now):
        # type: (Exchange, float) -> bool
        """Whether to add the request of ``exchange``, made ``now`` in `monotonic` seconds.

        Not the first one of several, which leaves at once, as do requests with a large body. Other
        small ones do not overtake those that wait.
        """
        is_quick, self._last = now - self._last < _QUICK, now
        if not (is_quick or self._requests):
            return False
        body = exchange.body
        return (body is None or type(body) is bytes and len(body) <= _LARGEST_BODY) and (
            not exchange.expects_continue)

    def add(self, connection, exchange, request):
        # type: (Connection, Exchange, bytes) -> None
        """Call ``connection.send_batched(exchange, request)`` at the end of the iteration."""
        self._requests.append((connection, exchange, request))
        if not self._is_scheduled:
            self._schedule()

    def _send(self):
        """Send what was added until now. What callbacks add is for the next iteration."""
        for _ in range(len(self._requests)):
            connection, exchange, request = self._requests.popleft()
            try:
                connection.send_batched(exchange, request)
            except Exception:
                _log.error("the callback of a call raised", exc_info=True)

    def _schedule(self):
        self._is_scheduled = True
        self._pid = os.getpid()
        detached(self._io_loop.add_callback, self._run)

    def _run(self):
        self._is_scheduled = False
        if self._pid != os.getpid():
            self._requests.clear()  # After a fork: the parent sends them.
            return
        try:
            self._send()
        finally:  # After a KeyboardInterrupt too, for the sake of the others.
            if self._requests and not self._is_scheduled:
                self._schedule()
