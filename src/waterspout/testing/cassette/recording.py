"""Performs an exchange on the transport below and records what comes of it."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING, resolve
from waterspout.exceptions import RequestException
from waterspout.testing.cassette.messages import RecordedError, RecordedResponse
from waterspout.testing.cassette.recorded_stream import RecordedStream

if TYPE_CHECKING:
    from typing import Callable, Optional  # noqa: F401

    from waterspout.limits import Limits  # noqa: F401
    from waterspout.models.prepared_request import PreparedRequest  # noqa: F401
    from waterspout.testing.cassette.messages import Interaction  # noqa: F401
    from waterspout.transports.base import Transport  # noqa: F401
    from waterspout.transports.borrowed.borrowed_exchange import BorrowedExchange  # noqa: F401


def record(exchange, body, transport, limits, interaction, finished):
    # type: (BorrowedExchange, bytes, Transport, Limits, Optional[Interaction], Callable[[], None]) -> None
    """Perform ``exchange`` on ``transport``; call ``finished()`` when its place is free again.

    The caller gets the transport's own response or error. A cancelled call leaves ``interaction``
    without an outcome.

    Args:
        body (bytes): the request's, which was read.
        interaction (Interaction or None): None for a request that the cassette ignores.
    """
    _Recording(exchange, limits, interaction, finished).begin(body, transport)


class _Recording(object):

    def __init__(self, exchange, limits, interaction, finished):
        self._exchange = exchange
        self._limits = limits
        self._interaction = interaction
        self._finished = finished

    def begin(self, body, transport):
        exchange = self._exchange
        exchange.timeouts.stop()  # The transport below keeps the time, with the same limits.
        try:
            under_way = transport.perform(
                _with_body(exchange.request, body), exchange.options, self._done, exchange.holder,
                exchange.notes)
        except Exception as error:
            self._done(exchange.request, None, error)
            return
        if not exchange.over:
            exchange.stop = lambda: self._stopped(under_way)

    def _stopped(self, under_way):
        # Cancelled, or the session was closed.
        under_way.cancel()
        self._end()

    def _done(self, request, response, error):
        exchange = self._exchange
        if exchange.over:
            return
        exchange.stop = None  # The transport below has finished already.
        if error is None:
            response.request = exchange.request
            if self._interaction is not None:
                self._record(response)
            resolve(exchange.future, response)
        else:
            if isinstance(error, RequestException):
                error.request = exchange.request
                if self._interaction is not None:
                    self._interaction.error = RecordedError.of(error)
            exchange.raised(error)
        self._end()

    def _record(self, response):
        recorded = self._interaction.response = RecordedResponse(
            response.status_code, response.reason, response.headers)
        stream = response._stream
        if stream is None:
            recorded.body = response.content
        else:
            recorded.complete = False
            response._stream = RecordedStream(
                stream, self._interaction, self._exchange.request, self._limits)

    def _end(self):
        finished, self._finished = self._finished, _nothing
        finished()


def _nothing():
    pass


def _with_body(request, body):
    # type: (PreparedRequest, bytes) -> PreparedRequest
    """The request to send: a body that was read piece by piece can be read only once."""
    if request.body is None or isinstance(request.body, bytes):
        return request
    twin = request.copy()
    twin.body = body
    twin.settle()
    return twin
