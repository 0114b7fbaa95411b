"""QueueingTransport: the base class of transports on another library's client."""

from __future__ import absolute_import, division, print_function

import collections

from waterspout._compat import TYPE_CHECKING, Future, resolve
from waterspout._encoding.zones import to_look_up
from waterspout._net.shortage import is_shortage
from waterspout.exceptions import ConnectError, ConnectionError, SessionClosed, Unsupported
from waterspout.transports.base import Transport, call_when_done
from waterspout.transports.borrowed.borrowed_exchange import BorrowedExchange
from waterspout.transports.borrowed.streamed_borrowed_exchange import StreamedBorrowedExchange

if TYPE_CHECKING:
    from typing import Any, Callable, Deque, Optional, Set, Tuple  # noqa: F401

    from tornado.ioloop import IOLoop  # noqa: F401

    from waterspout._routes.route import Route  # noqa: F401
    from waterspout.limits import Limits  # noqa: F401
    from waterspout.models.call_options import CallOptions  # noqa: F401
    from waterspout.models.prepared_request import PreparedRequest  # noqa: F401

#: What the attributes of a Route are called in an error.
_IN_WORDS = {"proxy": "proxies", "address": "the addresses of a balancer"}


def url_for_client(request, route):
    # type: (PreparedRequest, Optional[Route]) -> str
    """The URL to give to another library's client.

    A proxy gets no IPv6 zone. Clients get it unescaped: only libcurl would unescape it.
    """
    url = request.parsed_url
    if "%" not in url.host:
        return url.without_fragment
    if route is not None and route.proxy is not None:
        return url.absolute_target
    return url.without_fragment.replace(url.host, "[%s]" % to_look_up(url.host), 1)


class QueueingTransport(Transport):
    """Runs at most ``max_exchanges`` at a time on another library's client; others wait in order.

    The queue is ours and not the client's, so that waiting has its own limit (``timeout.pool``) and
    its own error on every transport.
    """

    #: Its name for ``transport=``.
    name = None  # type: str

    #: The attributes of a `Route` that it does not support.
    not_routed = ()  # type: Tuple[str, ...]

    def __init__(self, io_loop, limits, max_exchanges):
        # type: (IOLoop, Limits, int) -> None
        self.io_loop = io_loop
        self.limits = limits
        self._max_exchanges = max_exchanges
        self._queue = collections.deque()  # type: Deque[BorrowedExchange]
        self._active = set()  # type: Set[BorrowedExchange]
        self._released = None  # type: Optional[Future[None]]  # Set once closed.

    def send(self, request, options):
        return self._begin(request, options, None)

    def perform(self, request, options, done, holder=None, notes=None):
        return call_when_done(self._begin(request, options, holder, notes), request, done)

    def _begin(self, request, options, holder, notes=None):
        if self._released is not None:
            raise SessionClosed("%r on a closed session" % (request,))
        self._refuse(request, options)
        if options.route is not None:
            self._refuse_route(request, options.route)
        kind = StreamedBorrowedExchange if options.stream else BorrowedExchange
        exchange = kind(request, options, self.io_loop, self.limits)
        exchange.holder = holder
        exchange.timeouts.notes = exchange.notes = notes
        future = exchange.future
        self._queue.append(exchange)
        self._start_next()
        if exchange not in self._active:
            exchange.timeouts.wait_for_turn(self._max_exchanges)
            if notes is not None and not exchange.over:  # It may have been refused.
                notes.queued(exchange.timeouts.started)
        return future

    def close(self):
        if self._released is None:
            self._released = Future()
            _end(list(self._active) + list(self._queue))
            self._queue.clear()
            self._release()
        return self._released

    def end_calls(self, holder):
        # Waiting ones first, or they would be started in the places of the others.
        under_way = list(self._queue) + list(self._active)
        _end([exchange for exchange in under_way if exchange.holder is holder])

    def _release(self):
        # A client with running exchanges is closed after they have stopped: a callback of
        # Tornado's curl client would fail otherwise.
        if not self._active:
            self._release_client()
            resolve(self._released, None)

    def _refuse(self, request, options):
        # type: (PreparedRequest, CallOptions) -> None
        """Raise Unsupported for a request that the client cannot send."""

    def _refuse_route(self, request, route):
        for each in self.not_routed:
            if getattr(route, each) is not None:
                raise self._unsupported(request, _IN_WORDS.get(each, each))

    def _unsupported(self, request, what):
        # type: (PreparedRequest, str) -> Unsupported
        return Unsupported(
            "%s %s: the %s transport cannot do %s; pooled can"
            % (request.method, request.parsed_url.for_messages, self.name, what),
            request=request,
            may_have_been_sent=False,
        )

    def _start_next(self):
        queue = self._queue
        # Exchanges that gave up while they waited are removed, even if no place is free.
        while queue and (queue[0].over or len(self._active) < self._max_exchanges):
            exchange = queue.popleft()
            if not exchange.over:
                self._active.add(exchange)
                try:
                    exchange.in_context(self._perform, exchange)
                except Exception as error:
                    if is_shortage(error):
                        exchange.timeouts.phase = "connect"
                        exchange.fail(ConnectError, str(error), error)
                    else:  # The client refuses the request.
                        exchange.refused(error)
                    self._active.discard(exchange)

    def _finished(self, exchange):
        """The client has finished ``exchange``, with or without success: its place is free."""
        self._active.discard(exchange)
        if self._released is None:
            self._start_next()
        else:
            self._release()

    def _perform(self, exchange):
        """Have the client perform it; call `_finished` when the client has finished."""
        raise NotImplementedError

    def _release_client(self):
        raise NotImplementedError

    def __repr__(self):
        return "<%s active=%d/%d queued=%d%s>" % (
            type(self).__name__,
            len(self._active),
            self._max_exchanges,
            len(self._queue),
            "" if self._released is None else " closed",
        )


def _end(exchanges):
    for exchange in exchanges:
        exchange.fail(ConnectionError, "the session was closed")
