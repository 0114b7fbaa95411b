"""Calls to an upstream with a bulkhead."""

from __future__ import absolute_import, division, print_function

import pytest
from scripted_upstream import NEVER, URL, ScriptedUpstream, no_wait
from tornado import gen

import waterspout
from waterspout._compat import FUTURES_CANCEL
from waterspout.exceptions import BulkheadFull, DeadlineExceeded, PoolTimeout, ReadError

ORIGIN = "http://host.test:80"


def slow(seconds):
    return lambda on: on.respond(200, delay=seconds)


def counts(session):
    stats = session.stats()[ORIGIN]
    return stats["bulkhead_running"], stats["bulkhead_queued"], stats["bulkhead_refused"]


def test_so_many_calls_run_so_many_wait_and_the_next_is_refused(io_loop):
    upstream = ScriptedUpstream(slow(1))

    @gen.coroutine
    def script(clock):
        session = upstream.session(bulkhead=waterspout.Bulkhead(2, 3))
        calls = [session.get(URL) for _ in range(6)]
        yield clock.advance(0)
        assert counts(session) == (2, 3, 1) and len(upstream.mock.sent) == 2
        error = calls[5].exception()
        yield clock.advance(10)
        assert [call.result().status_code for call in calls[:5]] == [200] * 5
        assert counts(session) == (0, 0, 1)
        raise gen.Return(error)

    error = upstream.run(io_loop, script)
    assert upstream.times == [0, 0, 1, 1, 2]
    assert type(error) is BulkheadFull and not error.may_have_been_sent
    assert "2 calls are running and 3 wait" in str(error) and ORIGIN in str(error)


def test_a_place_is_given_back_however_the_call_ends(io_loop):
    upstream = ScriptedUpstream(500, ReadError, 503, 200, lambda on: on.respond(
        302, headers={"Location": "/b"}), 200)

    @gen.coroutine
    def script(clock):
        session = upstream.session(bulkhead=waterspout.Bulkhead(1, 0), retry=no_wait(total=1))
        for _ in range(4):
            try:
                yield session.get(URL)
            except ReadError:
                pass
            assert counts(session) == (0, 0, 0)

    upstream.run(io_loop, script)


def test_the_place_of_a_streamed_response_is_given_back_at_its_end(io_loop):
    """Or when it is closed, or dropped unread."""
    upstream = ScriptedUpstream(lambda on: on.respond(200, pieces=[b"a", (5, b"b")]))

    @gen.coroutine
    def script(clock):
        session = upstream.session(bulkhead=waterspout.Bulkhead(1, 0))
        response = yield session.get(URL, stream=True)
        assert counts(session)[0] == 1
        reading = response.read()
        yield clock.advance(5)
        assert reading.result() == b"ab" and counts(session)[0] == 0
        response = yield session.get(URL, stream=True)
        response.close()
        assert counts(session)[0] == 0
        response = yield session.get(URL, stream=True)
        del response
        yield clock.advance(0)
        assert counts(session)[0] == 0

    upstream.run(io_loop, script)


@pytest.mark.skipif(not FUTURES_CANCEL, reason="Futures of Tornado 5.1 cannot be cancelled")
def test_a_cancelled_call_gives_its_place_back(io_loop):
    """One that waits gives up, and nothing is sent for it."""
    upstream = ScriptedUpstream(NEVER)

    @gen.coroutine
    def script(clock):
        session = upstream.session(bulkhead=waterspout.Bulkhead(1, 2))
        running, waiting, last = [session.get(URL) for _ in range(3)]
        yield clock.advance(0)
        waiting.cancel()
        assert counts(session) == (1, 1, 0)
        running.cancel()
        yield clock.advance(0)
        assert counts(session) == (1, 0, 0)
        last.cancel()
        assert counts(session) == (0, 0, 0)

    upstream.run(io_loop, script)
    assert len(upstream.mock.sent) == 2


@pytest.mark.parametrize("bulkhead, timeout, error_class, seconds, text", [
    (waterspout.Bulkhead(1), (3, None), PoolTimeout, 3, "for 3 s"),
    (waterspout.Bulkhead(1, max_wait=2), (3, None), PoolTimeout, 2, "for 2 s"),
    (waterspout.Bulkhead(1), waterspout.ClientTimeout(total=1), DeadlineExceeded, 1,
     "within 1 s in total"),
])
def test_a_call_waits_for_a_place_no_longer_than_it_may(
        io_loop, bulkhead, timeout, error_class, seconds, text):
    """The pool's timeout, the bulkhead's own, and the deadline."""
    upstream = ScriptedUpstream(NEVER)

    @gen.coroutine
    def script(clock):
        session = upstream.session(bulkhead=bulkhead)
        session.get(URL, timeout=None)
        call = session.get(URL, timeout=timeout)
        yield clock.advance(seconds - 0.01)
        assert not call.done()
        yield clock.advance(0.02)
        assert counts(session) == (1, 0, 0)
        raise gen.Return(call.exception())

    error = upstream.run(io_loop, script)
    assert type(error) is error_class and text in str(error), error
    assert error.phase == "pool" and not error.may_have_been_sent
    assert "after %d s" % seconds in str(error)


def test_tenants_take_turns(io_loop):
    """One with many calls does not hold up the others."""
    upstream = ScriptedUpstream(slow(1))

    @gen.coroutine
    def script(clock):
        session = upstream.session(bulkhead=waterspout.Bulkhead(1, tenant_header="org"))
        for org in "aaaab":
            session.get(URL, headers={"org": org})
        yield clock.advance(10)

    upstream.run(io_loop, script)
    assert [each.headers["org"] for each in upstream.mock.sent] == ["a", "a", "b", "a", "a"]


def test_a_tenant_has_a_limit_of_its_own(io_loop):
    upstream = ScriptedUpstream(slow(1))
    bulkhead = waterspout.Bulkhead(
        10, tenant_header="org", max_concurrent_per_tenant=1, max_queued_per_tenant=1)

    @gen.coroutine
    def script(clock):
        session = upstream.session(bulkhead=bulkhead)
        calls = [session.get(URL, headers={"org": org}) for org in ["secret"] * 3 + ["b"]]
        yield clock.advance(0)
        assert counts(session) == (2, 1, 1)
        error = calls[2].exception()
        yield clock.advance(5)
        raise gen.Return(error)

    error = upstream.run(io_loop, script)
    assert "of this tenant" in str(error) and "secret" not in str(error)


def test_closing_the_session_fails_calls_that_wait_for_a_place(io_loop):
    upstream = ScriptedUpstream(NEVER)

    @gen.coroutine
    def script(clock):
        session = upstream.session(bulkhead=waterspout.Bulkhead(1))
        calls = [session.get(URL) for _ in range(3)]
        yield clock.advance(0)
        yield session.close()
        yield clock.advance(0)
        assert [type(call.exception()) for call in calls] == [waterspout.ConnectionError] * 3

    upstream.run(io_loop, script)
    assert len(upstream.mock.sent) == 1


def test_a_long_queue_of_calls_that_fail_at_once_is_no_deep_recursion(io_loop):
    upstream = ScriptedUpstream(slow(1), waterspout.ConnectError)

    @gen.coroutine
    def script(clock):
        session = upstream.session(bulkhead=waterspout.Bulkhead(1, 3000))
        calls = [session.get(URL) for _ in range(3000)]
        yield clock.advance(5)
        assert all(call.done() for call in calls) and counts(session) == (0, 0, 0)
        for call in calls:
            call.exception()

    upstream.run(io_loop, script)
