"""LateFinish: a connection of Tornado's server, for responses that come before all of a request."""

from __future__ import absolute_import, division, print_function

from tornado.ioloop import IOLoop

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, Callable  # noqa: F401

#: Seconds in which a client that has its response must have sent the rest of its request.
_LINGERING_SECONDS = 30.0


class LateFinish(object):
    """Ends a response only when all of the request has arrived, and passes on everything else.

    Tornado closes the connection if a response ends before, and a client that is still sending gets
    a reset in place of its response.

    Args:
        connection (HTTP1Connection).
        finished (callable): called without arguments when the response is complete.
    """

    def __init__(self, connection, finished):
        # type: (Any, Callable[[], None]) -> None
        self._connection = connection
        self._finished = finished
        self._has_request = self._has_response = False
        self._timer = None  # type: Any

    def __getattr__(self, name):
        # type: (str) -> Any
        return getattr(self._connection, name)

    def finish(self):
        # type: () -> None
        """The response is complete."""
        self._has_response = True
        self._finished()
        if self._has_request:
            self._connection.finish()
        else:
            self._timer = IOLoop.current().call_later(_LINGERING_SECONDS, self._connection.close)

    def request_arrived(self):
        # type: () -> None
        """All of the request has arrived."""
        self._has_request = True
        self.connection_closed()
        if self._has_response:
            self._connection.finish()

    def connection_closed(self):
        # type: () -> None
        """Wait no longer."""
        timer, self._timer = self._timer, None
        if timer is not None:
            IOLoop.current().remove_timeout(timer)
