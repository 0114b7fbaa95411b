"""Tells an application's observers of its requests."""

from __future__ import absolute_import, division, print_function

import itertools
import re

from tornado.routing import PathMatches

from waterspout._compat import TYPE_CHECKING, monotonic
from waterspout.instrumentation.details import ObservedRequest, RequestReceived, ResponseSent
from waterspout.service._observing.request_context import context_of
from waterspout.service.reason_phrases import CLIENT_CLOSED_REQUEST

if TYPE_CHECKING:
    from typing import Any, Callable, Optional, Tuple  # noqa: F401

    from tornado.httputil import HTTPServerRequest  # noqa: F401

    from waterspout.instrumentation.dispatch import Dispatch  # noqa: F401

_is_number = re.compile("[0-9]{1,18}\\Z").match

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

    def received(self, request):
        # type: (HTTPServerRequest) -> None
        """The head of ``request`` has arrived."""
        now = monotonic()
        context = context_of(request, self._application.request_id_header)
        observed = ObservedRequest(
            next(_ids), request.method or "", request.remote_ip or "", now, context.request_id,
            context.headers.get("traceparent"), context.headers.get("tracestate"))
        context.parent = observed
        vars(request)[_ATTRIBUTE] = observed
        if self._dispatch.request_received:
            self._dispatch.tell(
                self._dispatch.request_received, RequestReceived(observed, now, request))

    def run(self, request, function):
        # type: (HTTPServerRequest, Callable[[], None]) -> None
        """Call ``function()``, which runs the handler, within the observers' contexts."""
        observed = vars(request).get(_ATTRIBUTE)
        if observed is None or not self._dispatch.run_request:
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
            route = _route_in(self._application.default_router.rules, request)
            left = getattr(handler, "client_left_after", None) is not None
            if not left:
                # Without a head, nothing was sent: an error while an error was answered.
                status = handler.get_status() if handler._headers_written else 500
                cut_off = getattr(handler, "response_cut_off", False)
                if handler._headers_written and not cut_off:
                    count = _body_bytes(handler)
        self._dispatch.tell(self._dispatch.response_sent, ResponseSent(
            observed, monotonic(), route, status, count, left, cut_off))


def _route_in(rules, request):
    # type: (Any, HTTPServerRequest) -> Optional[str]
    """The pattern or the name of the route for ``request``; None if there is none."""
    for rule in rules:
        matcher = rule.matcher
        if isinstance(matcher, PathMatches):
            if matcher.regex.match(request.path):
                return rule.name or matcher.regex.pattern.rstrip("$")
        elif hasattr(rule.target, "rules") and matcher.match(request) is not None:
            route = _route_in(rule.target.rules, request)  # Of a host, or of all hosts.
            if route is not None:
                return route
    return None


def _body_bytes(handler):
    # type: (Any) -> Optional[int]
    if handler.request.method == "HEAD":
        return 0
    headers = handler._headers
    length = getattr(headers, "content_length", None)
    if length is None:
        length = headers.get("Content-Length")
        if length is None or not _is_number(length):
            return 0 if handler.get_status() in (204, 304) else None
    return int(length)
