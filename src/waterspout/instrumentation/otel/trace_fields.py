"""TraceFields: the header fields that a call's span is sent in."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, Dict  # noqa: F401

    from waterspout.instrumentation.otel.opentelemetry_api import OpenTelemetryAPI  # noqa: F401

#: A context that the W3C's propagator writes without a ``tracestate``.
_SAMPLE = 0x4bf92f3577b34da6a3ce929d0e0e4736, 0xf067aa0ba902b7


class TraceFields(object):
    """Has a propagator write them, or writes what the default one would.

    The default propagator, W3C Trace Context and Baggage, takes a tenth of what a call costs: it
    needs a context with the span in it, looks that up again, and asks for baggage. Where there is
    no baggage and no ``tracestate``, all that it writes is the one field that is written here.
    """

    def __init__(self, api):
        # type: (OpenTelemetryAPI) -> None
        self._api = api
        trace = api.trace
        self._span_class, self._set_span = trace.Span, trace.set_span_in_context
        self._invalid, self._get_baggage = trace.INVALID_SPAN_CONTEXT, api.baggage.get_all
        # The last ones that were looked at, and what was found.
        self._propagator = self._class = None  # type: Any
        self._is_default = self._is_span = False

    def of(self, propagator, span, context):
        # type: (Any, Any, Any) -> Dict[str, str]
        """The fields for ``span``, which was started in ``context``."""
        if propagator is not self._propagator:
            self._propagator, self._is_default = propagator, self._is_w3c(propagator)
        if type(span) is not self._class:  # It takes as long as all of the rest.
            self._class, self._is_span = type(span), isinstance(span, self._span_class)
        if self._is_default and self._is_span and not (context and self._get_baggage(context)):
            span_context = span.get_span_context()
            if span_context != self._invalid and not span_context.trace_state:
                return {"traceparent": _traceparent(span_context)}
        fields = {}  # type: Dict[str, str]
        propagator.inject(fields, self._set_span(span, context))
        return fields

    def _is_w3c(self, propagator):
        # type: (Any) -> bool
        """Whether it consists of exactly these classes, and writes what is written here."""
        api, trace = self._api, self._api.trace
        kinds = frozenset(map(type, getattr(propagator, "_propagators", ())))
        if type(propagator) is not api.composite or kinds not in (
                frozenset([api.trace_propagator]),
                frozenset([api.trace_propagator, api.baggage_propagator])):
            return False
        sample = trace.SpanContext(_SAMPLE[0], _SAMPLE[1], False, trace.TraceFlags(1))
        written = {}  # type: Dict[str, str]
        propagator.inject(written, self._set_span(
            trace.NonRecordingSpan(sample), api.context.Context()))
        return written == {"traceparent": _traceparent(sample)}


def _traceparent(span_context):
    # type: (Any) -> str
    return "00-%032x-%016x-%02x" % (
        span_context.trace_id, span_context.span_id, span_context.trace_flags)
