"""Spans that an OpenTelemetry SDK has recorded, for tests to look at."""

from __future__ import absolute_import, division, print_function

from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from programs import wait_until

from waterspout.instrumentation.otel import OpenTelemetryObserver


class RecordedSpans(object):
    """
    Attributes:
        provider (TracerProvider): whose spans they are; ``sampler`` decides which.
    """

    def __init__(self, sampler=None):
        self._exporter = InMemorySpanExporter()
        self.provider = TracerProvider(sampler=sampler)
        self.provider.add_span_processor(SimpleSpanProcessor(self._exporter))

    def observer(self, **options):
        return OpenTelemetryObserver(self.provider, **options)

    def ended(self):
        return list(self._exporter.get_finished_spans())

    def wait_for(self, count):
        """All spans, once there are ``count``: a server's ends after its response was sent."""
        wait_until(lambda: len(self.ended()) >= count, "%d spans" % count)
        spans = self.ended()
        assert len(spans) == count, [span.name for span in spans]
        return spans

    def only(self):
        (span,) = self.wait_for(1)
        return span


def kind(span):
    """``"SERVER"``, ``"CLIENT"`` or ``"INTERNAL"``."""
    return span.kind.name


def is_child(span, parent):
    return (span.parent is not None
            and span.parent.span_id == parent.context.span_id
            and span.context.trace_id == parent.context.trace_id
            and span.start_time >= parent.start_time)


def chain(spans):
    """The kinds and names from the root down, of spans that are one below the other."""
    (span,) = [each for each in spans if each.parent is None]
    found = []
    while True:
        found.append((kind(span), span.name))
        below = [each for each in spans if each.parent is not None and is_child(each, span)]
        if not below:
            assert len(found) == len(spans), (found, [each.name for each in spans])
            return found
        (span,) = below
