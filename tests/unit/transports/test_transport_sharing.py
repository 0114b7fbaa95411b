"""Which sessions share a transport, and when it is closed: no IOLoop, and time by hand."""

from __future__ import absolute_import, division, print_function

import gc
import os

import pytest
from fake_loop import FakeLoop

import waterspout.transports.sharing
from waterspout.exceptions import SessionClosed
from waterspout.limits import Limits
from waterspout.transports.base import Transport
from waterspout.transports.sharing import MAX_UNUSED, sharing


class RecordedTransport(Transport):
    """Notes what it was told."""

    def __init__(self, io_loop, limits):
        self.performed, self.ended, self.closed = [], [], 0

    def perform(self, request, options, done, holder=None, notes=None):
        self.performed.append((request, holder))

    def end_calls(self, holder):
        self.ended.append(holder)

    def close(self):
        self.closed += 1


@pytest.fixture(autouse=True)
def current(io_loop):
    """`close` returns a Future, which Python 3.8 makes only where there is a current loop."""
    asyncio = None if str is bytes else pytest.importorskip("asyncio")
    if asyncio is not None:
        asyncio.set_event_loop(io_loop.asyncio_loop)
    yield
    if asyncio is not None:
        asyncio.set_event_loop(None)


@pytest.fixture
def loop(monkeypatch):
    loop = FakeLoop()
    monkeypatch.setattr(waterspout.transports.sharing, "monotonic", loop.clock)
    return loop


@pytest.fixture
def made():
    return []


@pytest.fixture
def take(loop, made):
    """Take a part in the transport of this key and these limits."""
    def take(key="key", loop=loop, **limits):
        return sharing((key,), make)(loop, Limits(**limits))

    def make(io_loop, limits):
        made.append(RecordedTransport(io_loop, limits))
        return made[-1]

    return take


def test_equal_keys_and_limits_share_a_transport(take, made):
    """Each session has a part of its own in it."""
    first, second = take(), take()
    assert len(made) == 1 and first is not second


def test_other_keys_limits_and_loops_do_not_share(take, made):
    """Each of them makes a transport."""
    parts = [take(), take("other"), take(max_connections=3), take(loop=FakeLoop())]
    assert len(made) == len(parts) == 4


def test_a_call_says_whose_it_is(take, made):
    """The transport can then end the calls of one session alone."""
    first, second = take(), take()
    first.perform("request", None, None)
    second.perform("request", None, None)
    assert [holder for _, holder in made[0].performed] == [first, second]
    first.close()
    assert made[0].ended == [first] and not made[0].closed


def test_a_closed_part_refuses_calls_and_another_does_not(take, made):
    """SessionClosed, as for a session that shares nothing."""
    first, second = take(), take()
    first.close()
    with pytest.raises(SessionClosed):
        first.perform("request", None, None)
    second.perform("request", None, None)


class Exchange(object):
    """An exchange of the pooled transport, as far as a part looks at it."""

    done = False


@pytest.mark.parametrize("calls, asked", [([], False), ([True], False), ([False], True),
                                          ([True, True], True), ([True, False], True)],
                         ids=["none", "one done", "one", "two done", "one of two"])
def test_the_calls_of_a_part_are_ended_with_it(take, made, calls, asked):
    """The transport is not asked where no call can be left: it looks through all it has."""
    part = take()
    exchanges = [Exchange() for _ in calls]
    results = iter(exchanges)
    made[0].perform = lambda request, options, done, holder, notes: next(results)
    for _ in calls:
        part.perform("request", None, None)
    for exchange, done in zip(exchanges, calls):
        exchange.done = done
    part.close()
    assert made[0].ended == ([part] if asked else [])


def test_an_exchange_that_is_gone_has_ended(take, made):
    """The transport keeps those that have not."""
    part = take()
    made[0].perform = lambda request, options, done, holder, notes: Exchange()
    part.perform("request", None, None)
    part.close()
    assert made[0].ended == []


def test_closing_a_part_twice_gives_it_back_once(take, made):
    """The other session's part is not given back with it."""
    first, second = take(), take()
    first.perform("request", None, None)
    first.close()
    first.close()
    assert made[0].ended == [first]
    second.perform("request", None, None)


def test_an_unused_transport_waits_for_the_next_session(take, made, loop):
    """For `max_idle` seconds; then it is closed."""
    take(max_idle=10).close()
    loop.advance(9)
    take(max_idle=10).close()
    loop.advance(9)
    assert len(made) == 1 and not made[0].closed
    loop.advance(1)
    assert made[0].closed == 1
    take(max_idle=10)
    assert len(made) == 2


def test_each_unused_transport_is_closed_in_its_own_time(take, made, loop):
    """Under one timer for all."""
    take(max_idle=10).close()
    take(max_idle=3).close()
    loop.advance(3)
    assert [each.closed for each in made] == [0, 1]
    loop.advance(7)
    assert [each.closed for each in made] == [1, 1] and loop.timers == []


def test_sessions_that_come_and_go_set_one_timer(take, loop):
    """A service may make an SDK for each request."""
    for _ in range(100):
        take(max_idle=10).close()
    assert len(loop.timers) == 1 and loop.timers_made == 1


def test_the_transport_unused_longest_is_closed_when_there_are_too_many(take, made, loop):
    """A transport that is used does not count."""
    kept = take("used")
    for number in range(MAX_UNUSED + 1):
        take(number).close()
        loop.advance(0.001)
    assert [each.closed for each in made] == [0, 1] + [0] * MAX_UNUSED
    kept.perform("request", None, None)


def test_a_part_that_is_dropped_unclosed_is_given_back_on_the_loop(take, made, loop):
    """The garbage collector runs on any thread: the loop is told, and does it."""
    take(max_idle=10)
    gc.collect()
    assert loop.timers == [] and len(loop.callbacks) == 1
    loop.run_callbacks()
    loop.advance(10)
    assert made[0].closed == 1


def test_a_part_that_is_closed_and_dropped_is_given_back_once(take, loop):
    """The collector has nothing to do."""
    take().close()
    gc.collect()
    assert loop.callbacks == []


def test_transports_of_a_closed_loop_are_closed_with_the_next_loop(take, made, loop):
    """As `asyncio.run` leaves loops behind, one after the other."""
    part = take()
    loop.close()
    take(loop=FakeLoop())
    assert [each.closed for each in made] == [1, 0]
    part.close()


def test_transports_are_closed_with_their_last_part_when_the_loop_is_closed(take, made, loop):
    """No timer of that loop would ever run."""
    part = take()
    loop.close()
    part.close()
    assert made[0].closed == 1


def test_a_forked_process_makes_its_own_transport(take, made, loop, monkeypatch):
    """The parent's connections are left alone."""
    part, pid = take(max_idle=10), os.getpid()
    monkeypatch.setattr(os, "getpid", lambda: pid + 1)
    take(max_idle=10)
    assert len(made) == 2
    part.close()
    loop.advance(100)
    assert made[0].closed == 0


def test_stats_are_those_of_the_shared_transport(take, made):
    """A transport without stats() has none."""
    part = take()
    assert part.stats() == {}
    made[0].stats = lambda: {"http://a.example": {"idle": 1}}
    assert part.stats() == {"http://a.example": {"idle": 1}}
