"""The header fields of a call's span are those that the propagator would write."""

from __future__ import absolute_import, division, print_function

import pytest

pytest.importorskip("opentelemetry")

from opentelemetry import baggage, context, propagate, trace  # noqa: E402
from opentelemetry.baggage.propagation import W3CBaggagePropagator  # noqa: E402
from opentelemetry.propagators.composite import CompositePropagator  # noqa: E402
from opentelemetry.trace.propagation.tracecontext import (  # noqa: E402
    TraceContextTextMapPropagator,
)

from waterspout.instrumentation.otel.opentelemetry_api import OpenTelemetryAPI  # noqa: E402
from waterspout.instrumentation.otel.trace_fields import TraceFields  # noqa: E402


class Marking(TraceContextTextMapPropagator):
    def inject(self, carrier, *args, **kwargs):
        super().inject(carrier, *args, **kwargs)
        carrier["x-marked"] = "1"


class NotASpan(object):
    def get_span_context(self):
        return span_context()


EMPTY = context.Context()

DEFAULT = propagate.get_global_textmap()

PROPAGATORS = [
    DEFAULT,
    CompositePropagator([TraceContextTextMapPropagator()]),
    CompositePropagator([W3CBaggagePropagator(), TraceContextTextMapPropagator()]),
    CompositePropagator([W3CBaggagePropagator()]),
    CompositePropagator([]),
    CompositePropagator([Marking()]),
    TraceContextTextMapPropagator(),
    Marking(),
]


def span_context(trace_id=0xabc, span_id=0xd, flags=1, state=None):
    return trace.SpanContext(trace_id, span_id, False, trace.TraceFlags(flags), state)


def spans():
    yield trace.NonRecordingSpan(span_context())
    yield trace.NonRecordingSpan(span_context(2 ** 128 - 1, 2 ** 64 - 1, 0))
    yield trace.NonRecordingSpan(span_context(state=trace.TraceState([("a", "1")])))
    yield trace.NonRecordingSpan(span_context(0, 5))  # Not valid, and sent nevertheless.
    yield trace.INVALID_SPAN
    yield NotASpan()


@pytest.mark.parametrize("propagator", PROPAGATORS, ids=lambda each: type(each).__name__)
def test_fields_are_those_of_the_propagator(propagator):
    """Whatever the span, and with baggage or without."""
    fields = TraceFields(OpenTelemetryAPI())
    for around in (EMPTY, baggage.set_baggage("a", "b", EMPTY),
                   context.set_value("other", 1, EMPTY)):
        for span in spans():
            expected = {}
            propagator.inject(expected, trace.set_span_in_context(span, around))
            assert fields.of(propagator, span, around) == expected


def test_another_propagator_is_asked_at_once():
    """The global one may be set at any time."""
    fields, span = TraceFields(OpenTelemetryAPI()), trace.NonRecordingSpan(span_context())
    assert list(fields.of(DEFAULT, span, EMPTY)) == ["traceparent"]
    assert "x-marked" in fields.of(Marking(), span, EMPTY)
    assert list(fields.of(DEFAULT, span, EMPTY)) == ["traceparent"]
