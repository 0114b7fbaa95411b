"""InProcessTransport: the base class of transports that answer in this process."""

from __future__ import absolute_import, division, print_function

from tornado.ioloop import IOLoop

from waterspout._compat import TYPE_CHECKING, resolved
from waterspout.limits import Limits
from waterspout.transports.borrowed.queueing_transport import QueueingTransport

if TYPE_CHECKING:
    from typing import Callable  # noqa: F401

    from tornado.concurrent import Future  # noqa: F401

    from waterspout.models.call_options import CallOptions  # noqa: F401
    from waterspout.models.prepared_request import PreparedRequest  # noqa: F401
    from waterspout.models.response import Response  # noqa: F401
    from waterspout.transports.base import Transport  # noqa: F401
    from waterspout.transports.borrowed.borrowed_exchange import BorrowedExchange  # noqa: F401


class InProcessTransport(object):
    """Given as ``transport=`` to any number of sessions and SDKs, on any IOLoop.

    Each session has its own exchanges: its limits and timeouts hold, as they do with a server, and
    closing one session ends the calls of that session only.
    """

    #: Its name in errors.
    name = "testing"

    def answer(self, exchange, finished):
        # type: (BorrowedExchange, Callable[[], None]) -> None
        """Answer ``exchange``; call ``finished()`` when it has ended, however it ended.

        ``exchange.stop`` is ``finished`` already; set it to another function if there is work to
        end, which then calls ``finished()``. It is called if the exchange is cancelled or fails. A
        subclass has this method.
        """
        raise NotImplementedError

    def transport_for(self, io_loop, limits):
        # type: (IOLoop, Limits) -> Transport
        """Return the transport of one session on one IOLoop."""
        return _SessionTransport(self, io_loop, limits)

    def send(self, request, options):
        # type: (PreparedRequest, CallOptions) -> Future[Response]
        """Perform one exchange without a session; see `waterspout.transports.base.Transport`."""
        return self.transport_for(IOLoop.current(), Limits()).send(request, options)

    def close(self):
        # type: () -> Future[None]
        """Do nothing: each session ends its own calls."""
        return resolved(None)


class _SessionTransport(QueueingTransport):
    """The calls of one session: at most ``max_connections`` at a time, others wait in order."""

    def __init__(self, owner, io_loop, limits):
        # type: (InProcessTransport, IOLoop, Limits) -> None
        super(_SessionTransport, self).__init__(io_loop, limits, limits.max_connections)
        self.name = owner.name
        self._owner = owner

    def _perform(self, exchange):
        # Not answered in the call that sends it: the program has no Future yet.
        self.io_loop.add_callback(self._answer, exchange)

    def _answer(self, exchange):
        if exchange.over:  # Cancelled meanwhile.
            self._finished(exchange)
            return
        exchange.timeouts.connecting()
        finished = _once(lambda: self._finished(exchange))
        exchange.stop = finished
        self._owner.answer(exchange, finished)

    def _release_client(self):
        pass


def _once(function):
    # type: (Callable[[], None]) -> Callable[[], None]
    """``function``, whose second call and those after it do nothing."""
    left = [function]

    def call():
        # type: () -> None
        if left:
            left.pop()()

    return call
