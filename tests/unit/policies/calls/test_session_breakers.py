"""Calls to an upstream with a circuit breaker."""

from __future__ import absolute_import, division, print_function

import pytest
from scripted_upstream import NEVER, URL, ScriptedUpstream, no_wait
from tornado import gen

import waterspout
from waterspout._compat import FUTURES_CANCEL
from waterspout.exceptions import CircuitOpen, ConnectionError, ReadTimeout

OTHER = "http://other.test/"


def breaker(**options):
    return waterspout.CircuitBreaker(
        **dict({"minimum_calls": 4, "window": 10, "open_seconds": 2}, **options))


@gen.coroutine
def outcomes(session, count, url=URL):
    """The status or the class of the error of each of ``count`` calls, one after another."""
    found = []
    for _ in range(count):
        try:
            found.append((yield session.get(url)).status_code)
        except waterspout.RequestException as error:
            found.append(type(error))
    raise gen.Return(found)


def test_an_upstream_that_fails_is_not_asked_any_more(io_loop):
    """Calls fail at once; the error says why and until when, and that nothing was sent."""
    upstream = ScriptedUpstream(500)

    @gen.coroutine
    def script(clock):
        session = upstream.session(breaker=breaker())
        assert (yield outcomes(session, 6)) == [500] * 4 + [CircuitOpen] * 2
        with pytest.raises(CircuitOpen) as caught:
            yield session.get(URL)
        raise gen.Return(caught.value)

    error = upstream.run(io_loop, script)
    assert len(upstream.mock.sent) == 4
    assert "4 of 4 calls failed" in str(error) and URL in str(error)
    assert error.retry_after == 2 and not error.may_have_been_sent
    assert isinstance(error, ConnectionError)


def test_one_call_tries_whether_the_upstream_is_back(io_loop):
    """While it runs, others are refused; its success closes the circuit."""
    changes = []
    upstream = ScriptedUpstream(*[500] * 4 + [lambda on: on.respond(200, delay=1), 200])

    @gen.coroutine
    def script(clock):
        session = upstream.session(breaker=breaker(listeners=[changes.append]))
        yield outcomes(session, 4)
        yield clock.advance(2)
        probe = session.get(URL)
        assert (yield outcomes(session, 1)) == [CircuitOpen]
        assert session.stats()["http://host.test:80"]["circuit"] == "half-open"
        yield clock.advance(1)
        assert probe.result().status_code == 200
        assert (yield outcomes(session, 3)) == [200] * 3

    upstream.run(io_loop, script)
    assert [(each.before, each.after) for each in changes] == [
        ("closed", "open"), ("open", "half-open"), ("half-open", "closed")]
    assert changes[0].origin == "http://host.test:80" and changes[0].failures == 4


@pytest.mark.skipif(not FUTURES_CANCEL, reason="Futures of Tornado 5.1 cannot be cancelled")
def test_a_cancelled_try_lets_the_next_call_try(io_loop):
    upstream = ScriptedUpstream(*[500] * 4 + [NEVER, 200])

    @gen.coroutine
    def script(clock):
        session = upstream.session(breaker=breaker())
        yield outcomes(session, 4)
        yield clock.advance(2)
        probe = session.get(URL)
        yield clock.advance(0)
        probe.cancel()
        assert (yield outcomes(session, 1)) == [200]

    upstream.run(io_loop, script)


def test_each_origin_has_a_circuit_of_its_own(io_loop):
    upstream = ScriptedUpstream(*[500] * 4 + [200])

    @gen.coroutine
    def script(clock):
        session = upstream.session(breaker=breaker())
        yield outcomes(session, 4)
        assert (yield outcomes(session, 1, OTHER)) == [200]
        assert (yield outcomes(session, 1)) == [CircuitOpen]

    upstream.run(io_loop, script)


def test_retries_count_as_calls_and_an_open_circuit_is_not_retried(io_loop):
    upstream = ScriptedUpstream(503)

    @gen.coroutine
    def script(clock):
        session = upstream.session(breaker=breaker(), retry=no_wait(total=10))
        raise gen.Return((yield outcomes(session, 2)))

    assert upstream.run(io_loop, script) == [CircuitOpen] * 2
    assert len(upstream.mock.sent) == 4


@pytest.mark.parametrize("answer, expected", [
    (404, [404] * 6), (ReadTimeout, [ReadTimeout] * 4 + [CircuitOpen] * 2)])
def test_timeouts_are_failures_and_4xx_are_not(io_loop, answer, expected):
    upstream = ScriptedUpstream(answer)
    found = upstream.run(io_loop, lambda clock: outcomes(upstream.session(breaker=breaker()), 6))
    assert found == expected


@pytest.mark.parametrize("answer, last", [(404, CircuitOpen), (500, 500), (418, 418)])
def test_the_program_may_say_what_a_failure_is(io_loop, answer, last):
    """What its function raises is logged, and says nothing about the upstream."""
    def is_failure(response, error):
        if response.status_code == 418:
            raise KeyError("a bug")
        return response.status_code == 404

    upstream = ScriptedUpstream(answer)
    found = upstream.run(io_loop, lambda clock: outcomes(
        upstream.session(breaker=breaker(is_failure=is_failure)), 6))
    assert found[5] == last


def test_a_streamed_response_is_judged_at_its_end(io_loop):
    """One that breaks off is a failure."""
    upstream = ScriptedUpstream(lambda on: on.respond(200, content=b"12345").cut_after(3))

    @gen.coroutine
    def script(clock):
        session = upstream.session(breaker=breaker())
        for _ in range(4):
            response = yield session.get(URL, stream=True)
            with pytest.raises(waterspout.RequestException):
                yield response.read()
        raise gen.Return((yield outcomes(session, 1)))

    assert upstream.run(io_loop, script) == [CircuitOpen]


def test_a_streamed_try_is_judged_at_its_head(io_loop):
    """Its body may take hours, in which no other call would be admitted."""
    upstream = ScriptedUpstream(
        *[500] * 4 + [lambda on: on.respond(200, pieces=[b"a", (1000, b"b")]), 200])

    @gen.coroutine
    def script(clock):
        session = upstream.session(breaker=breaker())
        yield outcomes(session, 4)
        yield clock.advance(2)
        response = yield session.get(URL, stream=True)
        assert (yield outcomes(session, 2)) == [200] * 2
        response.close()

    upstream.run(io_loop, script)


def test_closing_the_session_is_no_failure_of_the_upstream(io_loop):
    """SDKs that share connections share the circuit."""
    upstream = ScriptedUpstream(*[NEVER] * 4 + [200])

    @gen.coroutine
    def script(clock):
        changes = []
        session = upstream.session(breaker=breaker(listeners=[changes.append]))
        calls = [session.get(URL) for _ in range(4)]
        yield clock.advance(1)
        yield session.close()
        yield clock.advance(1)
        assert changes == [] and all(call.done() for call in calls)

    upstream.run(io_loop, script)
