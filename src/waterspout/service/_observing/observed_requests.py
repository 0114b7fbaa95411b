"""Tells an application's observers of its requests."""

from __future__ import absolute_import, division, print_function

import itertools

from waterspout._compat import TYPE_CHECKING, monotonic
from waterspout.instrumentation.details import ObservedRequest, RequestReceived, ResponseSent
from waterspout.service._observing.response_facts import body_bytes, route_of
from waterspout.service.reason_phrases import CLIENT_CLOSED_REQUEST

if TYPE_CHECKING:
    from typing import Any, Callable, Optional, Tuple  # noqa: F401

    from tornado.httputil import HTTPServerRequest  # noqa: F401

    from waterspout.instrumentation.call_context import CallContext  # noqa: F401
    from waterspout.instrumentation.dispatch import Dispatch  # noqa: F401

#: Numbers of requests; taking one is atomic.
_ids = itertools.count(1)

#: The attribute of a request that keeps its `ObservedRequest`, until its response was told of.
_ATTRIBUTE = "_waterspout_observed"


class ObservedRequests(object):
    """
    Args:
        dispatch (Dispatch): to the observers.
        application (Application): whose requests they are.
    """

    def __init__(self, dispatch, application):
        # type: (Dispatch, Any) -> None
        self._dispatch = dispatch
        self._application = application

    @property
    def observers(self):
        # type: () -> Tuple[Any, ...]
        return self._dispatch.observers

    @property
    def runs_handlers(self):
        # type: () -> bool
        """Whether an observer wants to `run` the handlers of requests."""
        return bool(self._dispatch.run_request)

    def received(self, request, context):
        # type: (HTTPServerRequest, CallContext) -> None
        """The head of ``request`` has arrived; ``context`` is its own."""
        now = monotonic()
        fields = context.headers
        # Here and below without the namedtuple's own __new__, which costs twice as much.
        observed = tuple.__new__(ObservedRequest, (
            next(_ids), request.method or "", request.remote_ip or "", now, context.request_id,
            fields.get("traceparent"), fields.get("tracestate")))
        context.parent = observed
        vars(request)[_ATTRIBUTE] = observed
        if self._dispatch.request_received:
            self._dispatch.tell(self._dispatch.request_received, tuple.__new__(
                RequestReceived, (observed, now, request)))

    def run(self, request, function):
        # type: (HTTPServerRequest, Callable[[], None]) -> None
        """Call ``function()``, which runs the handler, within the observers' contexts."""
        observed = vars(request).get(_ATTRIBUTE)
        if observed is None:
            function()
        else:
            self._dispatch.run(observed, function)

    def ended(self, request, handler=None):
        # type: (HTTPServerRequest, Any) -> None
        """``request`` was answered by ``handler``, or never will be. Idempotent."""
        observed = vars(request).pop(_ATTRIBUTE, None)
        if observed is None or not self._dispatch.response_sent:
            return
        status, count, route, left = CLIENT_CLOSED_REQUEST, None, None, True
        cut_off = False
        if handler is not None:
            route = route_of(self._application, request)
            left = getattr(handler, "client_left_after", None) is not None
            if not left:
                # Without a head, nothing was sent: an error while an error was answered.
                status = handler.get_status() if handler._headers_written else 500
                cut_off = getattr(handler, "response_cut_off", False)
                if handler._headers_written and not cut_off:
                    count = body_bytes(handler)
        self._dispatch.tell(self._dispatch.response_sent, tuple.__new__(ResponseSent, (
            observed, monotonic(), route, status, count, left, cut_off)))
