"""AccessLogWriter: logs the requests of one application, on the logger ``tornado.access``.

::

    200 POST /cmdb/import/HOST (10.0.0.7) 12.3ms id=4bf92f3577b34da6a3ce929d0e0e4736
    499 POST /cmdb/import/HOST (10.0.0.7) 5012.3ms id=4bf92f...: the client left after 3000.1ms, ...
    400 POST /cmdb/import/HOST (10.0.0.7) 0.2ms id=4bf92f...: refused by the server (content-length)

A line has the status, method, path, address of the client, the time since the request's head
arrived, and the request's id. It has no query, which often holds tokens.
"""

from __future__ import absolute_import, division, print_function

import logging

from waterspout._compat import TYPE_CHECKING
from waterspout._compat.process_random import random_share
from waterspout.instrumentation.call_tally import CallTally
from waterspout.service._access_log import entry
from waterspout.service._access_log.entry import AccessEntry, Details
from waterspout.service._access_log.records import Records
from waterspout.service._logging.json_formatter import JSONFormatter
from waterspout.service._observing.request_context import context_kept
from waterspout.service._observing.response_facts import body_bytes, route_of
from waterspout.service.reason_phrases import CLIENT_CLOSED_REQUEST

if TYPE_CHECKING:
    from typing import Any, Callable, Optional  # noqa: F401

    from tornado.httputil import HTTPServerRequest  # noqa: F401

    from waterspout.instrumentation.call_context import CallContext  # noqa: F401
    from waterspout.service._access_log.access_log import AccessLog  # noqa: F401

_log = logging.getLogger("tornado.access")

#: Outcomes with a whole response.
_WHOLE = (entry.ANSWERED, entry.REFUSED)


class AccessLogWriter(object):
    """
    Args:
        access_log (AccessLog): what is wanted.
        application (Application): whose requests they are.
        dice (callable): returns a float from 0 to 1.
    Attributes:
        wants_tally (bool): the context of each request is to have a `CallTally`.
    """

    def __init__(self, access_log, application, dice=random_share):
        # type: (AccessLog, Any, Callable[[], float]) -> None
        self._application = application
        self._dice = dice
        self._records = Records(_log)
        self._sample = access_log.sample
        self._slow = float("inf") if access_log.slow is None else access_log.slow
        self.wants_tally = _json_is_logged() if access_log.details is None else access_log.details

    def begin(self, context):
        # type: (CallContext) -> None
        """A request with this context has begun. Called if `wants_tally`."""
        context.tally = CallTally()

    def log_response(self, handler):
        # type: (Any) -> None
        """Log a request that was answered, as a warning if the status is 500 or more.

        If the server refused it, before a handler ran, the line has the kind of refusal.

        If an error came when a part of the response was sent, the line says so after the status
        that was sent.

        If the client left before, the logged status is 499, as nginx has it. The line then says
        when the client left and how the request ended.
        """
        status = handler.get_status()
        level = logging.INFO if status < 500 else logging.WARNING
        if not _log.isEnabledFor(level):
            return
        request = handler.request
        left_after = getattr(handler, "client_left_after", None)
        is_cut_off = left_after is None and getattr(handler, "response_cut_off", False)
        if self._sample < 1.0 and not (status >= 500 or is_cut_off):
            sample = self._share(request)
            if not sample:
                return
        else:
            sample = 1.0
        refusal = None
        if left_after is not None:
            outcome, logged = entry.CLIENT_LEFT, CLIENT_CLOSED_REQUEST
        else:
            outcome, logged = entry.CUT_OFF if is_cut_off else entry.ANSWERED, status
            if status >= 400 and not is_cut_off:
                refusal = vars(request).get("refusal_kind")  # Of our request delegate.
                if refusal is not None:
                    outcome = entry.REFUSED
        context = context_kept(request)
        line = AccessEntry(
            request, logged, outcome, None if context is None else context.request_id)
        line.sample = sample
        line.refusal = refusal
        if left_after is not None:
            line.left_after, line.handler_status = left_after, status
        if self.wants_tally:
            line.details = self._details(request, context, handler, outcome)
        _log.handle(self._records.make(level, line))

    def log_incomplete(self, request):
        # type: (HTTPServerRequest) -> None
        """Log a request whose connection ended before its body was complete."""
        sample = 1.0 if self._sample == 1.0 else self._share(request)
        if not (sample and _log.isEnabledFor(logging.INFO)):
            return
        context = context_kept(request)
        line = AccessEntry(request, CLIENT_CLOSED_REQUEST, entry.INCOMPLETE,
                           None if context is None else context.request_id)
        line.sample = sample
        if self.wants_tally:
            line.details = self._details(request, context, None, entry.INCOMPLETE)
        _log.handle(self._records.make(logging.INFO, line))

    def _share(self, request):
        # type: (HTTPServerRequest) -> float
        """The share of requests like this one that are logged; 0 if this one is not."""
        if request.request_time() >= self._slow:
            return 1.0
        return self._sample if self._dice() < self._sample else 0.0

    def _details(self, request, context, handler, outcome):
        # type: (HTTPServerRequest, Optional[CallContext], Any, str) -> Details
        received = sent = route = None  # type: Any
        known = vars(request)
        if handler is not None:
            route = route_of(self._application, request)
            if outcome != entry.REFUSED:
                if "received_bytes" in known:  # Of a body that is not kept.
                    received = known["received_bytes"]
                else:
                    body = getattr(handler, "body", None)
                    received = len(request.body if body is None else body)
            if outcome in _WHOLE:
                sent = body_bytes(handler)
        principal = known.get("principal")
        name = None if principal is None else getattr(principal, "name", None)
        tally = None if context is None else context.tally
        if tally is None:
            return Details(route, received, sent, name, 0.0, 0, 0)
        # Without the namedtuple's own __new__, which costs twice as much.
        return tuple.__new__(Details, (
            route, received, sent, name, tally.seconds(), tally.calls, tally.retries))


def _json_is_logged():
    # type: () -> bool
    """Whether a handler of the access log, or of the loggers above it, writes JSON."""
    logger = _log  # type: Optional[Any]
    while logger is not None:
        if any(isinstance(each.formatter, JSONFormatter) for each in logger.handlers):
            return True
        logger = logger.parent if logger.propagate else None
    return False
