"""Starting calls may use the bulkhead, fail, and end at once."""

from __future__ import absolute_import, division, print_function

import inspect
import logging

import pytest

from waterspout.exceptions import BulkheadFull
from waterspout.policies.bulkhead import Bulkhead, BulkheadState

NAME = "http://10.0.0.7:8079"


def full(*args, **kwargs):
    """A bulkhead whose one place is taken."""
    state = BulkheadState(Bulkhead(1, *args, **kwargs), NAME)
    assert state.enter(None, None) is None
    return state


def test_calls_that_end_as_they_start_do_not_nest():
    """The depth of the stack is the same for the last of a long queue as for the first."""
    state, depths = full(5000), []

    def start():
        depths.append(len(inspect.stack(0)))
        state.leave(None)

    for _ in range(200):
        state.enter(None, start)
    state.leave(None)
    assert len(depths) == 200 and len(set(depths)) == 1
    assert (state.running, state.queued) == (0, 0)


def test_a_long_queue_of_calls_that_end_as_they_start_is_served():
    """Far more than the recursion limit allows."""
    state, count = full(20000), [0]

    def start():
        count[0] += 1
        state.leave(None)

    for _ in range(20000):
        state.enter(None, start)
    state.leave(None)
    assert count == [20000] and (state.running, state.queued) == (0, 0)


def test_a_start_that_raises_does_not_stop_the_others(caplog):
    """It is logged. The call has its place all the same, and leaves as each does."""
    state, started = full(), []

    def broken():
        raise ZeroDivisionError("of the call")

    def ending():
        started.append("ending")
        state.leave(None)

    state.enter(None, ending)
    state.enter(None, broken)
    state.enter(None, lambda: started.append("last"))
    with caplog.at_level(logging.ERROR, "waterspout.policies"):
        state.leave(None)
    assert started == ["ending"] and (state.running, state.queued) == (1, 1)
    record, = caplog.records
    assert record.name == "waterspout.policies" and NAME in record.getMessage()
    assert record.exc_info[0] is ZeroDivisionError
    state.leave(None)
    assert started == ["ending", "last"]


def test_an_interrupted_start_leaves_the_bulkhead_in_order():
    """KeyboardInterrupt goes on to the caller; the next to leave starts what waits."""
    state, started = full(), []

    def interrupted():
        raise KeyboardInterrupt()

    state.enter(None, interrupted)
    state.enter(None, lambda: started.append("last"))
    with pytest.raises(KeyboardInterrupt):
        state.leave(None)
    assert (state.running, state.queued, started) == (1, 1, [])
    state.leave(None)
    assert started == ["last"]


def test_a_call_that_enters_from_a_start_does_not_overtake():
    """The place that the starting call gives back is for the one that waits."""
    state, started = full(), []

    def again():
        started.append("again")
        state.leave(None)
        assert state.enter(None, lambda: started.append("overtaker")).waiting

    state.enter(None, again)
    state.enter(None, lambda: started.append("waiting"))
    state.leave(None)
    assert started == ["again", "waiting"]
    state.leave(None)
    assert started == ["again", "waiting", "overtaker"]


def test_a_call_that_enters_from_the_last_start_runs_at_once():
    """Nothing waits that it could overtake."""
    state, results = full(), []

    def again():
        state.leave(None)
        results.append(state.enter(None, None))

    state.enter(None, again)
    state.leave(None)
    assert results == [None] and (state.running, state.queued) == (1, 0)


def test_the_counts_are_right_when_a_start_looks():
    """The starting call has its place, and does not wait any more."""
    state, seen = full(2), []

    def look():
        seen.append((state.running, state.queued, waiter.waiting, state.give_up(waiter)))
        assert state.enter(None, None).waiting
        with pytest.raises(BulkheadFull):
            state.enter(None, None)

    waiter = state.enter(None, look)
    state.enter(None, None)
    state.leave(None)
    assert seen == [(1, 1, False, False)]
    assert (state.running, state.queued, state.refused) == (1, 2, 1)


def test_a_start_may_make_others_give_up():
    """Also the next one, which would have been started in the same turn."""
    state, started = full(tenant_header="org"), []

    def start():
        started.append("first")
        assert state.give_up(second)
        state.leave("a")

    state.enter("a", start)
    second = state.enter("a", lambda: started.append("second"))
    state.enter("b", lambda: started.append("third"))
    state.leave(None)
    assert started == ["first", "third"] and (state.running, state.queued) == (1, 0)
