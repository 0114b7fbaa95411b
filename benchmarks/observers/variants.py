"""The ways to call that are compared: each an SDK, and whether its calls have a context."""

from __future__ import absolute_import, division, print_function

from benchmarks.call_costs import Way
from waterspout import BaseSDK, CallContext
from waterspout.instrumentation import LogObserver, Observer


def request_id(number):
    """The context of a call that carries a request id, as by ``self.upstream(...)``."""
    return CallContext(request_id="4bf92f3577b34da6a3ce929d0e0e%04d" % number)


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
    # type: (str) -> list[Way]
    """Return the variants, the plain one first; without those whose package is not installed."""
    log = LogObserver()  # Its lines are at DEBUG, which is off.
    kinds = [
        ("plain", [], None),
        ("request id", [], request_id),
        ("an observer", [Counter()], None),
        ("a live observer", [Live()], None),
        ("log", [log], None),
    ]
    metrics = _metrics()
    if metrics is not None:
        kinds.append(("log, metrics", [log, metrics], None))
        kinds.append(("log, metrics, request id", [log, metrics], request_id))
    tracing = _tracing()
    if tracing is not None:
        kinds.append(("OpenTelemetry, its SDK without cost", [tracing], None))
    if metrics is not None and tracing is not None:
        kinds.append(("log, metrics, request id, OpenTelemetry", [log, metrics, tracing],
                      request_id))
    return [Way(name, BaseSDK(host, org=1, observers=observers), context)
            for name, observers, context in kinds]


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
