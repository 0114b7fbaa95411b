"""What the span of a call that is retried has."""

from __future__ import absolute_import, division, print_function

import pytest
from scripted_upstream import URL, ScriptedUpstream

import waterspout
from waterspout.exceptions import ConnectError

pytest.importorskip("opentelemetry.sdk")

from recorded_spans import RecordedSpans  # noqa: E402


def span_of_a_call(io_loop, *answers):
    spans = RecordedSpans()
    upstream = ScriptedUpstream(*answers)

    async def script(clock):
        session = upstream.session(
            retry=waterspout.Retry(backoff_factor=0), observers=[spans.observer()])
        call = session.get(URL)
        await clock.advance(10)
        call.exception()
        await session.close()

    upstream.run(io_loop, script)
    return spans.only()


def test_each_retry_is_an_event(io_loop):
    """With its reason, its pause and its number; the span itself says how many there were."""
    span = span_of_a_call(
        io_loop, lambda expectation: expectation.respond(503, headers={"Retry-After": "2"}),
        ConnectError, 200)
    assert span.attributes["http.request.resend_count"] == 2
    assert span.attributes["http.response.status_code"] == 200
    assert "error.type" not in span.attributes
    first, second = [event for event in span.events if event.name == "waterspout.retry"]
    assert dict(first.attributes) == {
        "http.request.resend_count": 1, "http.response.status_code": 503, "error.type": "503",
        "waterspout.retry.delay": 2.0}
    assert dict(second.attributes) == {
        "http.request.resend_count": 2, "error.type": "waterspout.exceptions.ConnectError",
        "waterspout.retry.delay": 0.0}
    assert span.start_time <= first.timestamp <= second.timestamp <= span.end_time


def test_call_that_is_not_retried_has_no_event(io_loop):
    """Nor the attribute."""
    span = span_of_a_call(io_loop, 200)
    assert list(span.events) == [] and "http.request.resend_count" not in span.attributes
