"""CallTally: what it counts of a session's calls, on a transport and a clock of the test."""

from __future__ import absolute_import, division, print_function

import gc

import pytest
from noting_observer import NotingObserver
from tornado import gen
from tornado.concurrent import Future

import waterspout
from waterspout._compat import FUTURES_CANCEL, reject, resolve
from waterspout._driver.tallied_call import TalliedCall, TalliedObservedFuture
from waterspout.exceptions import ConnectError, ReadError
from waterspout.instrumentation import CallTally, call_tally
from waterspout.testing import FakeClock, MockTransport

OBSERVERS = pytest.mark.parametrize(
    "observers", [[], [NotingObserver()]], ids=["plain", "observed"])


class Transport(object):
    """Keeps its exchanges until the test ends them."""

    def __init__(self):
        self.under_way = []

    def send(self, request, options):
        future = Future()
        self.under_way.append((request, future))
        return future

    def end(self, status=200, error=None):
        """End the oldest exchange."""
        request, future = self.under_way.pop(0)
        if error is not None:
            reject(future, error)
        elif not future.done():
            resolve(future, waterspout.Response(request, status, "", waterspout.Headers(), b""))

    def close(self):
        pass


class Clock(object):
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(call_tally, "monotonic", clock)
    return clock


def begin(session, tally, **kwargs):
    return session.get("http://h/", context=waterspout.CallContext("id", tally=tally), **kwargs)


@OBSERVERS
def test_calls_one_after_the_other_add_up(current_loop, clock, observers):
    """The time in between is not counted."""
    transport, tally = Transport(), CallTally()
    session = waterspout.Session(transport=transport, observers=observers)

    @gen.coroutine
    def run():
        for seconds in (0.25, 0.5):
            call = begin(session, tally)
            assert tally.under_way == 1
            clock.now += seconds
            transport.end()
            yield call
            clock.now += 10

    current_loop.run_sync(run)
    assert (tally.calls, tally.under_way, tally.retries, tally.seconds()) == (2, 0, 0, 0.75)


@OBSERVERS
def test_time_of_calls_at_once_counts_once(current_loop, clock, observers):
    """From the beginning of the first to the end of the last, and up to now meanwhile."""
    transport, tally = Transport(), CallTally()
    session = waterspout.Session(transport=transport, observers=observers)

    @gen.coroutine
    def run():
        first = begin(session, tally)
        clock.now += 1
        second = begin(session, tally)
        clock.now += 1
        assert (tally.under_way, tally.seconds()) == (2, 2.0)
        transport.end()
        yield first
        clock.now += 1
        assert (tally.under_way, tally.seconds()) == (1, 3.0)
        transport.end()
        yield second

    current_loop.run_sync(run)
    clock.now += 1
    assert (tally.calls, tally.seconds()) == (2, 3.0)


@OBSERVERS
@pytest.mark.parametrize("how", ["fails", "is refused by the transport"])
def test_a_call_that_fails_has_ended(current_loop, clock, observers, how):
    class Refusing(Transport):
        def send(self, request, options):
            raise ReadError("at once")

    transport, tally = (Transport if how == "fails" else Refusing)(), CallTally()
    session = waterspout.Session(transport=transport, observers=observers)

    @gen.coroutine
    def run():
        call = begin(session, tally)
        clock.now += 1
        if how == "fails":
            transport.end(error=ReadError("it failed"))
        with pytest.raises(ReadError):
            yield call

    current_loop.run_sync(run)
    assert (tally.calls, tally.under_way) == (1, 0)
    assert tally.seconds() == (1.0 if how == "fails" else 0.0)


@OBSERVERS
def test_a_call_with_a_bad_url_is_not_counted(current_loop, observers):
    """It has sent nothing."""
    tally = CallTally()
    session = waterspout.Session(transport=Transport(), observers=observers)

    @gen.coroutine
    def run():
        with pytest.raises(ValueError):
            yield session.get("nonsense", context=waterspout.CallContext(tally=tally))

    current_loop.run_sync(run)
    assert (tally.calls, tally.under_way, tally.seconds()) == (0, 0, 0.0)


@pytest.mark.skipif(not FUTURES_CANCEL, reason="Futures of Tornado 5.1 cannot be cancelled")
@pytest.mark.parametrize("observing", ["nothing", "ends", "cancels at the end"])
def test_a_cancelled_call_ends_once(current_loop, clock, observing):
    """Also if an observer cancels a call that it is told the end of."""
    class Cancels(object):
        def call_done(self, detail):
            calls[-1].cancel()

    observers = {"nothing": [], "ends": [NotingObserver()]}.get(observing, [Cancels()])
    transport, tally, calls = Transport(), CallTally(), []
    session = waterspout.Session(transport=transport, observers=observers)

    @gen.coroutine
    def run():
        calls.append(begin(session, tally))
        clock.now += 1
        if observing == "cancels at the end":
            transport.end()
        else:
            calls[0].cancel()
            assert not calls[0].cancel()
        while not calls[0].done():
            yield gen.moment

    current_loop.run_sync(run)
    assert calls[0].cancelled()
    assert (tally.calls, tally.under_way, tally.seconds()) == (1, 0, 1.0)


@OBSERVERS
def test_retries_are_counted_and_belong_to_their_call(current_loop, observers):
    """With the pause before each."""
    transport, tally = Transport(), CallTally()
    retry = waterspout.Retry(2, backoff_factor=0)
    session = waterspout.Session(transport=transport, observers=observers, retry=retry)

    @gen.coroutine
    def run():
        call = begin(session, tally)
        for _ in range(2):
            transport.end(error=ConnectError("no"))
            while not transport.under_way:
                assert tally.under_way == 1
                yield gen.moment
        transport.end()
        yield call

    current_loop.run_sync(run)
    assert (tally.calls, tally.retries, tally.under_way) == (1, 2, 0)


def test_calls_of_an_sdk_in_a_context_are_counted_before_its_caller_goes_on(current_loop, clock):
    """A handler that answers in the call's own callback sees the whole time."""
    transport, tally, seen = Transport(), CallTally(), []
    sdk = waterspout.BaseSDK("h", transport=transport)
    view = sdk.in_context(waterspout.CallContext(tally=tally).with_headers({"org": "1"}))

    @gen.coroutine
    def run():
        call = view.fetch_async("GET", "/")
        call.continue_with(lambda call: seen.append((tally.under_way, tally.seconds())))
        clock.now += 0.5
        transport.end(status=204)
        yield call

    current_loop.run_sync(run)
    assert seen == [(0, 0.5)]


@OBSERVERS
@pytest.mark.parametrize("how", ["is read", "is closed"])
def test_a_streamed_call_is_under_way_until_its_body_ends(current_loop, observers, how):
    """By its reader, or because the reader has had enough."""
    mock, tally = MockTransport(), CallTally()
    mock.get("/").respond(pieces=[b"ab", (8, b"c")])

    @gen.coroutine
    def run():
        session = waterspout.Session(transport=mock, observers=observers)
        with FakeClock() as clock:
            response = yield begin(session, tally, stream=True)
            pieces = response.iter_content()
            assert (yield pieces.next()) == b"ab"
            yield clock.advance(2)
            assert (tally.under_way, tally.seconds()) == (1, 2.0)
            if how == "is closed":
                response.close()
            else:
                yield clock.advance(6)
                while (yield pieces.next()):
                    pass
            yield clock.advance(10)
            assert tally.under_way == 0
            assert tally.seconds() == (2.0 if how == "is closed" else 8.0)

    current_loop.run_sync(run)


@OBSERVERS
@pytest.mark.parametrize("outcome", ["done", "retried"])
def test_no_counted_call_leaves_a_memory_cycle(current_loop, observers, outcome):
    """Reference counts alone free it."""
    transport, tally = Transport(), CallTally()
    retry = waterspout.Retry(1, backoff_factor=0)
    session = waterspout.Session(transport=transport, observers=observers, retry=retry)

    @gen.coroutine
    def run():
        call = begin(session, tally)
        if outcome == "retried":
            transport.end(error=ConnectError("no"))
            while not transport.under_way:
                yield gen.moment
        transport.end()
        while not call.done():
            yield gen.moment

    current_loop.run_sync(run)  # What is made once is made.
    gc.collect()
    gc.disable()
    try:
        before = counted_calls()
        current_loop.run_sync(run)
        current_loop.run_sync(lambda: gen.moment)
        for observer in observers:
            del observer.told[:]
        assert counted_calls() == before
    finally:
        gc.enable()


def counted_calls():
    kinds = TalliedCall, TalliedObservedFuture
    return set(id(each) for each in gc.get_objects() if isinstance(each, kinds))
