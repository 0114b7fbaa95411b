"""OpenTelemetryObserver: the spans of an application and of its calls."""

from __future__ import absolute_import, division, print_function

from waterspout.instrumentation.otel.client_spans import ClientSpans
from waterspout.instrumentation.otel.server_spans import ServerSpans


class OpenTelemetryObserver(ClientSpans, ServerSpans):
    """Makes a client span of each call and a server span of each request of a service.

    ::

        tracing = OpenTelemetryObserver()
        sdk = CMDBSDK("10.0.0.1:8079", observers=[tracing])
        application = service.Application(handlers, upstreams=[sdk], observers=[tracing])

    A handler runs with its span as the current one. The parent of a call's span is the current span
    of the code that makes the call. Where that does not belong to the request of
    ``self.upstream(...)``, it is the request's span; where there is none, what came in
    ``traceparent``. The propagator's header fields (``traceparent``, ``tracestate`` and ``baggage``
    by default) are read from requests and sent with calls.

    It needs the extra ``otel``, which is opentelemetry-api; without an SDK no span is recorded.
    Nothing that it raises reaches a call or a request.

    Args:
        tracer_provider (opentelemetry.trace.TracerProvider or None): None: the global one, also
            if it is set later.
        propagator (opentelemetry.propagators.textmap.TextMapPropagator or None): None: the global
            one, likewise.
    Raises: ImportError: opentelemetry-api is not installed, or this is Python 2.7.
    Source: the semantic conventions for HTTP spans; docs/opentelemetry.md lists the attributes.
    """
