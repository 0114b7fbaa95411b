"""Observers of the calls that carry one context."""

from __future__ import absolute_import, division, print_function

import pytest
from tornado import gen

import waterspout
from waterspout.instrumentation import CallRecorder, Observer
from waterspout.testing import MockTransport


class Inventory(waterspout.BaseSDK):
    def host(self, name):
        return self.fetch_async("GET", "/hosts/{name}", path={"name": name})


@pytest.fixture
def mock():
    mock = MockTransport()
    mock.get("/hosts/{name}").respond(200, json={})
    return mock


def test_only_calls_with_the_context_are_told_of(io_loop, mock):
    """The session has no observers, and its other calls are what they were."""
    recorder = CallRecorder()

    @gen.coroutine
    def calls():
        session = waterspout.Session(transport=mock)
        context = waterspout.CallContext("4bf92f35", observers=[recorder])
        yield session.get("http://a.test/hosts/1", context=context)
        yield session.get("http://a.test/hosts/2")
        yield session.get("http://a.test/hosts/3", context=waterspout.CallContext("other"))
        assert session.observers == ()

    io_loop.run_sync(calls)
    assert [(each.status_code, each.call.context.request_id) for each in recorder.calls] == [
        (200, "4bf92f35")]


def test_calls_of_an_sdk_have_their_names(io_loop, mock):
    """Though the SDK, which has no observers, does not name its calls."""
    recorder = CallRecorder()
    sdk = Inventory("a.test", transport=mock)
    context = waterspout.CallContext(observers=[recorder])
    io_loop.run_sync(lambda: sdk.in_context(context.with_headers({"X-Tenant": "blue"})).host("a"))
    assert [each.call.name for each in recorder.calls] == ["GET /hosts/{name}"]
    assert mock.sent[0].headers["X-Tenant"] == "blue"


def test_observers_of_the_session_are_told_as_well(io_loop, mock):
    """Each once."""
    of_session, of_context = CallRecorder(), CallRecorder()

    @gen.coroutine
    def calls():
        session = waterspout.Session(transport=mock, observers=[of_session])
        context = waterspout.CallContext(observers=[of_context])
        yield session.get("http://a.test/hosts/1", context=context)
        yield session.get("http://a.test/hosts/2")

    io_loop.run_sync(calls)
    assert (len(of_session.calls), len(of_context.calls)) == (2, 1)


def test_retries_are_told_of(io_loop):
    """With their reason."""
    mock, statuses = MockTransport(), []

    class Retries(Observer):
        def call_retried(self, detail):
            statuses.append(detail.status_code)

    mock.get("/hosts/{name}").respond(503).respond(200, json={})
    sdk = Inventory("a.test", transport=mock, retry=waterspout.Retry(2, backoff_factor=0))
    context = waterspout.CallContext(observers=[Retries()])
    io_loop.run_sync(lambda: sdk.in_context(context).host("a"))
    assert statuses == [503]


def test_observers_can_be_added_to_a_context(io_loop, mock):
    """Such as that of a request, which exists already."""
    recorder = CallRecorder()
    context = waterspout.CallContext()
    context.observe([recorder])
    sdk = Inventory("a.test", transport=mock)
    io_loop.run_sync(lambda: sdk.in_context(context).host("a"))
    assert len(recorder.calls) == 1 and context.tally.calls == 1


@pytest.mark.parametrize("wrong", [[object()], [CallRecorder], 7])
def test_what_is_no_observer_is_refused(io_loop, mock, wrong):
    """At once, and nothing is sent."""
    sdk = Inventory("a.test", transport=mock)
    with pytest.raises(TypeError):
        context = waterspout.CallContext(observers=wrong)
        io_loop.run_sync(lambda: sdk.in_context(context).host("a"))
    assert mock.sent == []
