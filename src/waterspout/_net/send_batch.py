"""SendBatch: the requests of one iteration of the IOLoop, sent one right after the other."""

from __future__ import absolute_import, division, print_function

import logging

from waterspout._compat import detached

_log = logging.getLogger("waterspout.pool")


class SendBatch(object):
    """Collects requests and sends them at the end of the iteration.

    Sending to a server that sleeps wakes it up, which costs as much CPU as a sixth of a call, and
    between two calls of a busy program it falls asleep again. If the requests leave in a row, only
    the first one wakes it. uvloop and Netty collect what is sent for the same reason.
    """

    __slots__ = ("_io_loop", "_requests")

    def __init__(self, io_loop):
        # type: (IOLoop) -> None
        self._io_loop = io_loop
        self._requests = []  # type: List[Tuple[Connection, Exchange, bytes]]

    def add(self, connection, exchange, request):
        # type: (Connection, Exchange, bytes) -> None
        """Call ``connection.send_batched(exchange, request)`` at the end of the iteration."""
        if not self._requests:
            detached(self._io_loop.add_callback, self._send)
        self._requests.append((connection, exchange, request))

    def _send(self):
        # Callbacks may add others meanwhile; they are for the next iteration.
        requests, self._requests = self._requests, []
        for connection, exchange, request in requests:
            try:
                connection.send_batched(exchange, request)
            except Exception:
                _log.error("the callback of a call raised", exc_info=True)
