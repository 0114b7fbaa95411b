"""Transport: the interface of transports."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, Callable, Optional  # noqa: F401

    from tornado.concurrent import Future  # noqa: F401

    from waterspout.instrumentation.exchange_notes import ExchangeNotes  # noqa: F401
    from waterspout.models.call_options import CallOptions  # noqa: F401
    from waterspout.models.prepared_request import PreparedRequest  # noqa: F401
    from waterspout.models.response import Response  # noqa: F401


class Transport(object):
    """Sends one request and returns its response.

    A transport follows no redirects, keeps no cookies and does not retry. It belongs to one IOLoop
    and one process.
    """

    def send(self, request, options):
        # type: (PreparedRequest, CallOptions) -> Future[Response]
        """Perform one exchange: send ``request`` as ``options`` say. It starts at once.

        Cancelling the Future (Python 3) aborts the exchange.
        Raises: through the Future only subclasses of `waterspout.exceptions.RequestException`.
        """
        raise NotImplementedError

    def perform(self, request, options, done, holder=None, notes=None):
        # type: (PreparedRequest, CallOptions, Callable, Any, Optional[ExchangeNotes]) -> Any
        """Like `send`, with a callback instead of a Future.

        ``done(request, response, error)`` is called once, with either a response or an error. It is
        not called after ``cancel()`` of the returned object. ``holder`` is the owner of the call,
        for `end_calls`. ``notes``, if the call has observers, is told what happens.
        """
        return call_when_done(self.send(request, options), request, done)

    def end_calls(self, holder):
        # type: (Any) -> None
        """Fail the running and waiting exchanges of ``holder``, as `close` fails all of them."""
        raise NotImplementedError

    def close(self):
        # type: () -> Future[None]
        """Refuse new exchanges, fail the running ones, release every resource. Idempotent.

        The Future is done when everything is released.
        """
        raise NotImplementedError


def call_when_done(future, request, done):
    # type: (Future[Response], PreparedRequest, Callable) -> Future[Response]
    """Have ``done(request, response, error)`` called when ``future`` is done, unless cancelled."""
    def hand_on(future):
        if not future.cancelled():
            error = future.exception()
            done(request, None if error is not None else future.result(), error)

    future.add_done_callback(hand_on)
    return future
