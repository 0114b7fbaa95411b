"""The calls of one request, which can be ended together; and a call that is given up."""

from __future__ import absolute_import, division, print_function

import gc
import weakref

import pytest
from noting_observer import NotingObserver
from tornado import gen
from tornado.concurrent import Future

import waterspout
from waterspout._compat import FUTURES_CANCEL, resolve
from waterspout.instrumentation import CallTally
from waterspout.service import CallCancelled
from waterspout.service._json_handler.cancellable_calls import CancellableCalls, cancellable_calls

OBSERVERS = pytest.mark.parametrize("observed", [False, True], ids=["plain", "observed"])


class Transport(object):
    """Keeps its exchanges; the Futures are the exchanges' ends."""

    def __init__(self):
        self.under_way = []

    def send(self, request, options):
        future = Future()
        self.under_way.append((request, future))
        return future

    def end(self, stream=False):
        request, future = self.under_way.pop(0)
        if not future.done():
            resolve(future, waterspout.Response(request, 200, "", waterspout.Headers(), b""))

    def close(self):
        pass


@pytest.fixture
def make_session(current_loop):
    transports = []

    def make(observed=False, **keywords):
        transport = Transport()
        transports.append(transport)
        observers = [NotingObserver()] if observed else []
        session = waterspout.Session(transport=transport, observers=observers, **keywords)
        session.kept, session.noting = transport, observers
        return session

    return make


def begin(session, calls):
    return session.get("http://h/", context=waterspout.CallContext("id", tally=calls))


@OBSERVERS
def test_calls_are_ended_together_and_further_ones_fail(current_loop, make_session, observed):
    session, calls = make_session(observed), CancellableCalls()

    def run():
        first, second = begin(session, calls), begin(session, calls)
        calls.give_up()
        for call in (first, second, begin(session, calls)):
            with pytest.raises(CallCancelled):
                call.result()
        assert (calls.calls, calls.under_way) == (2, 0)
        assert len(session.kept.under_way) == 2

    current_loop.run_sync(lambda: gen.maybe_future(run()))


@pytest.mark.skipif(not FUTURES_CANCEL, reason="Futures of Tornado 5.1 are not cancelled")
def test_calls_may_be_cancelled(current_loop, make_session):
    session, calls = make_session(), CancellableCalls()

    def run():
        call = begin(session, calls)
        calls.cancel()
        assert call.cancelled() and calls.under_way == 0

    current_loop.run_sync(lambda: gen.maybe_future(run()))


@OBSERVERS
def test_call_that_has_ended_is_forgotten(current_loop, make_session, observed):
    """It may have a large response."""
    session, calls = make_session(observed), CancellableCalls()

    @gen.coroutine
    def run():
        call = begin(session, calls)
        session.kept.end()
        response = yield call
        assert response.status_code == 200
        calls.give_up()
        assert call.result() is response
        raise gen.Return(weakref.ref(call))

    reference = current_loop.run_sync(run)
    gc.collect()
    assert reference() is None


def test_observers_are_told_that_a_call_was_cancelled(current_loop, make_session):
    """Once, and not that it has failed."""
    session, calls = make_session(observed=True), CancellableCalls()

    def run():
        begin(session, calls)
        calls.give_up()

    current_loop.run_sync(lambda: gen.maybe_future(run()))
    (observer,) = session.noting
    assert observer.names == ["started", "cancelled"]


def test_places_of_a_bulkhead_come_free(current_loop, make_session):
    """Of calls that run, and of those that wait."""
    session = make_session(bulkhead=waterspout.Bulkhead(1, 5), retry=waterspout.Retry(2))
    calls = CancellableCalls()

    def run():
        given_up = [begin(session, calls) for _ in range(3)]
        calls.give_up()
        assert all(call.done() for call in given_up)
        for numbers in session.stats().values():
            assert numbers.get("bulkhead_running", 0) == numbers.get("bulkhead_queued", 0) == 0
        other = begin(session, CallTally())
        assert not other.done() and len(session.kept.under_way) == 2  # Those never began.

    current_loop.run_sync(lambda: gen.maybe_future(run()))


def test_coroutine_that_waits_for_a_given_up_call_is_resumed(current_loop, make_session):
    """On every Python and Tornado, with the error; what it waited for is over."""
    session, calls, seen = make_session(), CancellableCalls(), []

    @gen.coroutine
    def inner():
        try:
            yield begin(session, calls)
        finally:
            seen.append("cleans up")

    @gen.coroutine
    def run():
        waits = inner()
        calls.give_up()
        with pytest.raises(CallCancelled):
            yield waits

    current_loop.run_sync(run)
    assert seen == ["cleans up"]


def test_counts_of_a_tally_are_taken_over():
    context = waterspout.CallContext("id", tally=CallTally())
    context.tally.begin()
    context.tally.retried(None)
    calls = cancellable_calls(context)
    assert context.tally is calls is cancellable_calls(context)
    assert (calls.calls, calls.retries, calls.under_way) == (1, 1, 1)
    calls.end()
    assert calls.under_way == 0 and calls.seconds() >= 0
