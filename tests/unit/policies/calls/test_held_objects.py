"""What calls with policies leave behind: nothing."""

from __future__ import absolute_import, division, print_function

import gc
import os

import pytest
from scripted_upstream import URL, ScriptedUpstream, no_wait
from tornado import gen
from tornado.ioloop import IOLoop

import waterspout
from waterspout._driver.guarded_exchange import GuardedExchange
from waterspout._flows.admission import Admission
from waterspout.exceptions import CircuitOpen
from waterspout.testing import FakeClock, MockTransport


class Ends(waterspout.instrumentation.Observer):
    def call_done(self, detail):
        pass


def left(*kinds):
    return sum(isinstance(each, kinds) for each in gc.get_objects())


@pytest.mark.parametrize("observers", [[], [Ends()]], ids=["unobserved", "observed"])
@pytest.mark.parametrize("answers", [[200], [500], [503, 200], [waterspout.ReadError]], ids=str)
def test_no_cycle_is_left_for_the_collector(io_loop, answers, observers):
    """Each would keep a response until the collector runs."""
    upstream = ScriptedUpstream(*answers)

    @gen.coroutine
    def script(clock):
        session = upstream.session(
            retry=no_wait(total=1, budget=None), bulkhead=waterspout.Bulkhead(),
            breaker=waterspout.CircuitBreaker(minimum_calls=1000), observers=observers)
        for turn in range(12):
            if turn == 2:
                gc.collect()
                gc.disable()
                before = left(GuardedExchange, Admission)
            call = session.get(URL)
            yield clock.advance(0)
            call.exception()
            del call
        raise gen.Return(left(GuardedExchange, Admission) - before)

    try:
        assert upstream.run(io_loop, script) <= 0
    finally:
        gc.enable()


def test_states_of_closed_io_loops_are_forgotten():
    """As ``asyncio.run`` leaves them."""
    mock = MockTransport()
    mock.get("/a").respond(200)
    session = waterspout.Session(transport=mock, breaker=waterspout.CircuitBreaker())
    for _ in range(10):
        io_loop = IOLoop(make_current=False)
        io_loop.run_sync(lambda: session.get(URL))
        io_loop.close()
    assert len(session._all_policies._of_transports) <= 2


def test_states_in_use_are_kept_however_many_upstreams_there_are(io_loop):
    mock = MockTransport()
    mock.get("http://open.test/").respond(500)
    mock.get("http://busy.test/").never()
    mock.get().respond(200)

    @gen.coroutine
    def run():
        with FakeClock() as clock:
            session = waterspout.Session(
                transport=mock, max_connections=5000, bulkhead=waterspout.Bulkhead(1, 0),
                breaker=waterspout.CircuitBreaker(minimum_calls=1, open_seconds=1e6))
            busy = session.get("http://busy.test/", timeout=None)
            yield session.get("http://open.test/")
            for number in range(1200):
                yield session.get("http://h%d.test/" % number)
            with pytest.raises(CircuitOpen):
                yield session.get("http://open.test/")
            with pytest.raises(waterspout.BulkheadFull):
                yield session.get("http://busy.test/")
            states = session._all_policies._of_transports.copy().popitem()[1]._states
            assert len(states._states) <= 1100
            yield session.close()
            yield clock.advance(0)
            busy.exception()

    io_loop.run_sync(run, timeout=60)


def test_an_observer_may_close_the_session_when_it_is_told_of_a_retry(io_loop):
    """The call ends, and nothing is sent later."""
    class Closing(waterspout.instrumentation.Observer):
        def call_retried(self, detail):
            self.session.close()

    upstream = ScriptedUpstream(lambda on: on.respond(503, headers={"Retry-After": "5"}))
    closing = Closing()

    @gen.coroutine
    def script(clock):
        closing.session = upstream.session(retry=1, observers=[closing])
        call = closing.session.get(URL)
        yield clock.advance(0)
        assert type(call.exception()) is waterspout.ConnectionError
        yield clock.advance(10)

    upstream.run(io_loop, script)
    assert len(upstream.mock.sent) == 1


def test_a_child_process_does_not_end_its_parents_calls(io_loop, monkeypatch):
    """After a fork it has a copy of them."""
    upstream = ScriptedUpstream(lambda on: on.respond(503, headers={"Retry-After": "5"}), 200)

    @gen.coroutine
    def script(clock):
        session = upstream.session(retry=1)
        call = session.get(URL)
        yield clock.advance(0)
        pid = os.getpid()
        with monkeypatch.context() as patch:
            patch.setattr(os, "getpid", lambda: pid + 1)
            session._all_policies.close()
        yield clock.advance(1)
        assert not call.done()
        yield clock.advance(10)
        assert call.done() and call.exception() is None

    upstream.run(io_loop, script)
