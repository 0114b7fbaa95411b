"""OpenTelemetry's own instrumentation of Tornado sees the requests of a service."""

from __future__ import absolute_import, division, print_function

import pytest
from programs import wait_until
from served_app import ServedApp

from waterspout import service

pytest.importorskip("opentelemetry.instrumentation.tornado")


class PingHandler(service.JSONHandler):
    def get(self):
        self.write_json({})


@pytest.fixture
def exporter():
    from opentelemetry.instrumentation.tornado import TornadoInstrumentor
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    instrumentor = TornadoInstrumentor()
    instrumentor.instrument(tracer_provider=provider)
    yield exporter
    instrumentor.uninstrument()


def test_each_request_has_a_span(exporter):
    """The first one of a handler's class, too."""
    with ServedApp(lambda: service.Application([("/ping", PingHandler)])) as served:
        with served.connect() as connection:
            for done in (1, 2):
                assert connection.get("/ping").json == {}
                # A span ends in `on_finish`, when the response has been sent.
                wait_until(lambda least=done: len(exporter.get_finished_spans()) >= least, "it")
                assert len(exporter.get_finished_spans()) == done
    assert {span.attributes["http.method"] for span in exporter.get_finished_spans()} == {"GET"}
