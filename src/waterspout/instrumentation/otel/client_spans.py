"""ClientSpans: a span of each call."""

from __future__ import absolute_import, division, print_function

from waterspout._bounded_stores import keep
from waterspout._compat import TYPE_CHECKING
from waterspout.instrumentation.otel import span_attributes
from waterspout.instrumentation.otel.exchange_attributes import (
    attributes_of,
    events_of,
    retry_attributes,
)
from waterspout.instrumentation.otel.server_spans import REQUEST_KEY
from waterspout.instrumentation.otel.trace_fields import TraceFields
from waterspout.instrumentation.otel.tracing_observer import TracingObserver

if TYPE_CHECKING:
    from typing import Any, Dict, Optional, Tuple  # noqa: F401

    from waterspout.instrumentation import details  # noqa: F401
    from waterspout.instrumentation.call_context import CallContext  # noqa: F401
    from waterspout.instrumentation.otel.tracing_observer import SpanState  # noqa: F401

#: Names of spans that are kept, with the attributes that calls of one name share.
_NAMES = 500

#: Transports that speak HTTP/1.1 only.
_OF_HTTP_1_1 = frozenset(["pooled", "tornado", "threads"])

#: The ``error.type`` of a call that its caller did not wait for.
CANCELLED = "cancelled"

_TRACE_FIELDS = ("traceparent", "tracestate")


class ClientSpans(TracingObserver):
    """Starts a span with a call and ends it with the call.

    One span for the whole call, the second of the two ways in the conventions. A span for each of
    its requests would need a ``traceparent`` for each of them, and a call has its header fields
    before its first one. So the servers of all hops are children of the same span. It says how
    often the request was sent again, and has an event for each exchange but the last one, and for
    each retry.
    """

    def __init__(self, tracer_provider=None, propagator=None):
        # type: (Any, Any) -> None
        super(ClientSpans, self).__init__(tracer_provider, propagator)
        self._calls = {}  # type: Dict[int, SpanState]  # Of those that have not ended.
        self._names = {}  # type: Dict[Any, Tuple[str, Dict[str, Any]]]
        self._fields = TraceFields(self._api)

    def call_started(self, detail):
        # type: (details.CallStarted) -> None
        call = detail.call
        # Unpacked: asking for each attribute takes twice as long.
        number, operation, method, origin, upstream, transport, started, _, carried = call
        context = self._current_context()
        if context and self._api.is_suppressed(context):
            return
        if carried is not None:
            context = self._context_of(carried, context)
        key = method, operation, origin, upstream, transport
        name, attributes = self._names.get(key) or keep(
            self._names, key, self._describe(call), _NAMES)
        request = self._requests.get(context.get(REQUEST_KEY)) if context else None
        self._calls[number] = self._start(
            name, self._client_kind, context, attributes, started,
            None if request is None else request.offset)

    def headers_for(self, call):
        # type: (details.ObservedCall) -> Optional[Dict[str, str]]
        state = self._calls.get(call.id)
        if state is None:
            return None
        return self._fields.of(self._propagator(), state.span, state.context)

    def call_retried(self, detail):
        # type: (details.CallRetried) -> None
        state = self._calls.get(detail.call.id)
        if state is not None and state.span.is_recording():
            state.span.add_event(span_attributes.RETRY, retry_attributes(detail),
                                 state.nanoseconds(detail.time))

    def call_done(self, detail):
        # type: (details.CallDone) -> None
        call, time, _, response_bytes, exchanges = detail
        self._end(call, time, exchanges, None, None, response_bytes)

    def call_failed(self, detail):
        # type: (details.CallFailed) -> None
        self._end(detail.call, detail.time, detail.exchanges,
                  span_attributes.class_name(detail.error), detail.phase, None)

    def call_cancelled(self, detail):
        # type: (details.CallCancelled) -> None
        self._end(detail.call, detail.time, detail.exchanges, CANCELLED, None, None)

    def _end(self, call, time, exchanges, error, phase, response_bytes):
        # type: (details.ObservedCall, float, Tuple[Any, ...], Optional[str], Optional[str], Optional[int]) -> None  # noqa: E501
        state = self._calls.pop(call.id, None)
        if state is None:
            return
        span = state.span
        try:
            if span.is_recording():
                if len(exchanges) > 1:
                    for moment, attributes in events_of(exchanges):
                        span.add_event(span_attributes.EXCHANGE, attributes,
                                       state.nanoseconds(moment or time))
                attributes = attributes_of(exchanges)
                if call.request_bytes is not None:
                    attributes[span_attributes.REQUEST_BYTES] = call.request_bytes
                status = attributes.get(span_attributes.STATUS_CODE)
                if status is not None and status >= 400 and error in (None, CANCELLED):
                    error = str(status)
                if error is not None:
                    # Without the error's text, which may name the path.
                    attributes[span_attributes.ERROR] = error
                    span.set_status(self._error)
                if phase is not None:
                    attributes[span_attributes.ERROR_PHASE] = phase
                if response_bytes is not None:
                    attributes[span_attributes.RESPONSE_BYTES] = response_bytes
                span.set_attributes(attributes)
        finally:
            span.end(state.nanoseconds(time))

    def _context_of(self, carried, current):
        # type: (CallContext, Any) -> Any
        """The context whose current span is the parent of that of a call with a CallContext."""
        if carried.parent is not None:
            request = self._requests.get(carried.parent.id)
            if request is not None:
                # The handler may have made spans of its own; the current one is then the parent.
                is_of_request = current.get(REQUEST_KEY) == carried.parent.id
                return current if is_of_request else request.context
        if "traceparent" in carried.headers and not (
                self._api.trace.get_current_span(current).get_span_context().is_valid):
            # Of a request that is not traced here, or given by the caller.
            fields = dict((name, carried.headers[name]) for name in _TRACE_FIELDS
                          if name in carried.headers)
            return self._propagator().extract(fields, current)
        return current

    def _describe(self, call):
        # type: (details.ObservedCall) -> Tuple[str, Dict[str, Any]]
        """The name of the span, and the attributes of each call of this name."""
        name, attributes = span_attributes.method_attributes(call.method, self._known_methods)
        template = None
        if call.operation is not None:
            name = "%s %s" % (name, call.operation)
            if call.operation.startswith("/"):
                template = attributes[span_attributes.URL_TEMPLATE] = call.operation
        attributes.update(span_attributes.origin_attributes(call.origin))
        if call.origin:
            attributes[span_attributes.URL] = span_attributes.redacted_url(call.origin, template)
        if call.upstream is not None:
            attributes[span_attributes.UPSTREAM] = call.upstream
        if call.transport in _OF_HTTP_1_1:
            attributes[span_attributes.PROTOCOL_VERSION] = "1.1"
        return name, attributes
