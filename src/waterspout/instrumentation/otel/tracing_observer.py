"""TracingObserver: what the spans of calls and those of requests share."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout._version import __version__
from waterspout.instrumentation.known_methods import known_methods
from waterspout.instrumentation.observer import Observer
from waterspout.instrumentation.otel import span_attributes
from waterspout.instrumentation.otel.opentelemetry_api import OpenTelemetryAPI
from waterspout.instrumentation.wall_clock import wall_clock

if TYPE_CHECKING:
    from typing import Any, Dict, Optional  # noqa: F401


class SpanState(object):
    """A span that has not ended.

    Attributes:
        span (opentelemetry.trace.Span).
        context (opentelemetry.context.Context): that it was started in; of a request's span the
            one with this span as the current one.
        offset (int): nanoseconds to add to its monotonic moments. The calls of a request take the
            request's, so that none seems to begin before it.
    """

    __slots__ = ("span", "context", "offset")

    def __init__(self, span, context, offset):
        # type: (Any, Any, int) -> None
        self.span = span
        self.context = context
        self.offset = offset

    def nanoseconds(self, moment):
        # type: (float) -> int
        """The time of day of a detail's time. As a float it would be exact to 200 ns only."""
        return int(moment * 1e9) + self.offset


class TracingObserver(Observer):
    """The base of `OpenTelemetryObserver`, whose arguments it takes."""

    def __init__(self, tracer_provider=None, propagator=None):
        # type: (Any, Any) -> None
        self._api = OpenTelemetryAPI()
        self._tracer = self._api.trace.get_tracer(
            "waterspout", __version__, tracer_provider, schema_url=span_attributes.SCHEMA_URL)
        self._given_propagator = propagator
        self._global_propagator = self._api.propagate.get_global_textmap
        self._known_methods = known_methods()
        # Attributes of attributes cost, for each call.
        trace = self._api.trace
        self._error, self._current_context = trace.StatusCode.ERROR, self._api.context.get_current
        self._server_kind, self._client_kind = trace.SpanKind.SERVER, trace.SpanKind.CLIENT
        # Of requests that have no response yet, by the ids of the `ObservedRequest`s.
        self._requests = {}  # type: Dict[int, SpanState]

    def _propagator(self):
        # type: () -> Any
        # Asked for each time: it may be set after this object was made.
        return self._given_propagator or self._global_propagator()

    def _start(self, name, kind, context, attributes, moment, offset=None):
        # type: (str, Any, Any, Dict[str, Any], float, Optional[int]) -> SpanState
        """Start a span in ``context`` that began at ``moment``."""
        if offset is None:
            offset = wall_clock.offset_in_nanoseconds(moment)
        span = self._tracer.start_span(
            name, context, kind, attributes, None, int(moment * 1e9) + offset)
        return SpanState(span, context, offset)
