"""The ways to call that are compared: each an SDK, and whether its calls have a context."""

from __future__ import absolute_import, division, print_function

import collections

from waterspout import BaseSDK
from waterspout.instrumentation import LogObserver, Observer

#: ``in_context``: each call carries a request id, as by ``self.upstream(...)``.
Variant = collections.namedtuple("Variant", "name sdk in_context")


class Counter(Observer):
    """Does next to nothing with what it is told."""

    def __init__(self):
        self.done = 0

    def call_done(self, detail):
        self.done += 1


class Live(Counter):
    """Is told while calls run, too."""

    def call_connected(self, detail):
        pass

    call_queued = call_sent = call_first_byte = call_connected


def of(host):
    # type: (str) -> list[Variant]
    """Return the variants, the plain one first; without those whose package is not installed."""
    log = LogObserver()  # Its lines are at DEBUG, which is off.
    kinds = [
        ("plain", [], False),
        ("request id", [], True),
        ("an observer", [Counter()], False),
        ("a live observer", [Live()], False),
        ("log", [log], False),
    ]
    metrics = _metrics()
    if metrics is not None:
        kinds.append(("log, metrics", [log, metrics], False))
        kinds.append(("log, metrics, request id", [log, metrics], True))
    tracing = _tracing()
    if tracing is not None:
        kinds.append(("OpenTelemetry, its SDK without cost", [tracing], False))
    return [Variant(name, BaseSDK(host, org=1, observers=observers), in_context)
            for name, observers, in_context in kinds]


def _metrics():
    try:
        import prometheus_client
    except ImportError:
        return None
    from waterspout.instrumentation.prometheus import PrometheusObserver
    return PrometheusObserver(registry=prometheus_client.CollectorRegistry())


def _tracing():
    """An observer with spans that cost nothing: what is left is the observer's own part."""
    try:
        from opentelemetry import trace
    except ImportError:
        return None
    from waterspout.instrumentation.otel import OpenTelemetryObserver

    class FreeSpan(trace.NonRecordingSpan):
        def is_recording(self):
            return True

    span = FreeSpan(trace.SpanContext(1, 1, False, trace.TraceFlags(1)))

    class FreeTracer(trace.NoOpTracer):
        def start_span(self, *args, **kwargs):
            return span

    class FreeProvider(trace.NoOpTracerProvider):
        def get_tracer(self, *args, **kwargs):
            return FreeTracer()

    return OpenTelemetryObserver(tracer_provider=FreeProvider())
