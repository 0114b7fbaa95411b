"""Stopping a server: how long requests in flight and idle connections get."""

from __future__ import absolute_import, division, print_function

import datetime

from tornado import gen
from tornado.locks import Condition

from waterspout._compat import TYPE_CHECKING, monotonic

if TYPE_CHECKING:
    from typing import Any  # noqa: F401

#: Seconds that requests in flight get to finish when the server stops. Process managers kill
#: after 10 s (docker) to 90 s (systemd); most upstream timeouts are 10 s.
DRAIN_TIMEOUT = 30.0

#: Seconds that idle kept-alive connections stay open when the server stops. A client that is
#: about to use one gets a response with ``Connection: close`` instead of a reset.
IDLE_GRACE = 0.5


class Drain(object):
    """Ends the requests and connections of one server.

    Args:
        server (DrainingServer): which accepts no connections any more.
        application (Application): of that server.
    """

    def __init__(self, server, application):
        # type: (Any, Any) -> None
        self._server = server
        self._progress = Condition()
        application.watch_progress(self.on_progress)

    def __repr__(self):
        return "<Drain of %r>" % self._server

    def on_progress(self):
        # type: () -> None
        """A request or a connection has begun or ended: look again."""
        self._progress.notify_all()

    @gen.coroutine
    def finish_requests(self, timeout):
        """Wait until requests in flight have ended, and idle connections for ``IDLE_GRACE``.

        A request whose head has begun to arrive is waited for, too. If its head is not complete
        after ``timeout`` seconds, it does not count.

        Args:
            timeout (float seconds): infinity waits for all of them.
        Returns: Future of int, the number of requests still in flight after ``timeout`` seconds.
        """
        now = monotonic
        deadline, idle_until = now() + timeout, now() + min(timeout, IDLE_GRACE)
        while self._server.is_busy and now() < deadline:
            if now() < idle_until:
                yield self._wait(idle_until - now())
            elif self._server.close_idle_connections():
                yield gen.moment  # A request has just come: the IOLoop reads it.
            elif self._server.in_flight or self._server.partial_heads():
                yield self._wait(deadline - now())
            else:
                break
        raise gen.Return(self._server.in_flight)

    @gen.coroutine
    def end_handlers(self, timeout):
        """Wait for handlers whose connections were closed, for ``timeout`` seconds at most.

        Returns: Future of None.
        """
        deadline = monotonic() + timeout
        while self._server.in_flight and monotonic() < deadline:
            yield self._wait(deadline - monotonic())

    def _wait(self, seconds):
        # An hour at most, since the caller looks again: a timedelta cannot be infinite.
        return self._progress.wait(datetime.timedelta(seconds=min(seconds, 3600)))
