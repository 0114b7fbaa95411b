"""The parts of opentelemetry-api that are used, imported when they are needed."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import PY2, TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any  # noqa: F401


#: What suppresses instrumentation, if a context has it. Older programs and versions of
#: opentelemetry-instrumentation set the first one, exporters and newer ones those of the API, which
#: have no public names.
_SUPPRESSED = "suppress_instrumentation"
_API_KEYS = ("_SUPPRESS_INSTRUMENTATION_KEY", "_SUPPRESS_HTTP_INSTRUMENTATION_KEY")


class OpenTelemetryAPI(object):
    """
    Attributes:
        baggage, context, propagate, trace: modules of the package ``opentelemetry``.
        composite, trace_propagator, baggage_propagator: the classes of the default propagator.
    Raises: ImportError: they cannot be imported; the text says what to do.
    """

    def __init__(self):
        # type: () -> None
        if PY2:
            raise ImportError("OpenTelemetryObserver needs Python 3: there is no OpenTelemetry "
                              "for 2.7")
        try:
            from opentelemetry import baggage, context, propagate, trace
            from opentelemetry.baggage.propagation import W3CBaggagePropagator
            from opentelemetry.propagators.composite import CompositePropagator
            from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
        except ImportError as error:
            raise ImportError(
                'OpenTelemetryObserver needs opentelemetry-api: pip install "waterspout[otel]" '
                "(%s)" % error)
        self.baggage = baggage  # type: Any
        self.context = context  # type: Any
        self.propagate = propagate  # type: Any
        self.trace = trace  # type: Any
        self.composite = CompositePropagator  # type: Any
        self.trace_propagator = TraceContextTextMapPropagator  # type: Any
        self.baggage_propagator = W3CBaggagePropagator  # type: Any
        self._suppressing = (_SUPPRESSED,) + tuple(
            getattr(context, name) for name in _API_KEYS if hasattr(context, name))

    def is_suppressed(self, context):
        # type: (Any) -> bool
        """Whether nothing is to be recorded of a call that is made in ``context``."""
        for key in self._suppressing:
            if context.get(key):
                return True
        return False
