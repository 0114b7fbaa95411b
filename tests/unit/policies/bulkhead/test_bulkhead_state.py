"""`BulkheadState`: who runs, who waits and who is refused."""

from __future__ import absolute_import, division, print_function

import gc
import weakref

import pytest

from waterspout.exceptions import BulkheadFull, PoolTimeout
from waterspout.policies.bulkhead import Bulkhead, BulkheadState, Waiter

NAME = "http://10.0.0.7:8079"


class Place(object):
    """A bulkhead, and the names of the calls that were started, in their order."""

    def __init__(self, *args, **kwargs):
        self.state = BulkheadState(Bulkhead(*args, **kwargs), NAME)
        self.started = []

    def enter(self, name, tenant=None):
        return self.state.enter(tenant, lambda: self.started.append(name))

    def enter_all(self, text):
        """Enter a call for each word: its first letter is the tenant."""
        return [self.enter(word, word[0]) for word in text.split()]

    def counts(self):
        return self.state.running, self.state.queued, self.state.refused


def refusal(place, tenant=None):
    with pytest.raises(BulkheadFull) as caught:
        place.enter("refused", tenant)
    return str(caught.value)


def test_calls_run_at_once_while_there_are_places():
    """They get no Waiter, and start is not called."""
    place = Place(2)
    assert place.enter("first") is None and place.enter("second") is None
    assert place.started == [] and place.counts() == (2, 0, 0)


def test_a_call_without_a_place_waits_for_one():
    """It starts when another leaves, and only then."""
    place = Place(1)
    place.enter("first")
    waiter = place.enter("second")
    assert isinstance(waiter, Waiter) and waiter.waiting and place.counts() == (1, 1, 0)
    place.state.leave(None)
    assert place.started == ["second"] and not waiter.waiting and place.counts() == (1, 0, 0)
    place.state.leave(None)
    assert place.counts() == (0, 0, 0)


def test_waiting_calls_start_in_the_order_in_which_they_came():
    """First come, first served."""
    place = Place(2)
    for number in range(6):
        place.enter(number)
    for _ in range(4):
        place.state.leave(None)
    assert place.started == [2, 3, 4, 5]


def test_a_call_that_finds_the_queue_full_is_refused():
    """Nothing was sent; nothing has to be given back."""
    place = Place(2, 1)
    place.enter("first"), place.enter("second"), place.enter("third")
    with pytest.raises(BulkheadFull) as caught:
        place.enter("fourth")
    error = caught.value
    assert str(error) == (
        "%s: 2 calls are running and 1 waits, which is all that the bulkhead allows" % NAME)
    assert isinstance(error, PoolTimeout)
    assert error.phase == "pool" and error.may_have_been_sent is False
    assert place.counts() == (2, 1, 1)
    assert place.state.stats() == {
        "bulkhead_running": 2, "bulkhead_queued": 1, "bulkhead_refused": 1}


def test_a_bulkhead_without_a_queue_refuses_at_once():
    """``max_queued=0``."""
    place = Place(1, 0)
    place.enter("first")
    assert refusal(place) == (
        "%s: 1 call is running and 0 wait, which is all that the bulkhead allows" % NAME)
    place.state.leave(None)
    assert place.enter("second") is None


def test_without_a_tenant_field_all_calls_are_one_queue():
    """What is given as the tenant is not used."""
    place = Place(1)
    place.enter_all("a1 a2 a3 b1")
    for tenant in "abc":
        place.state.leave(tenant)
    assert place.started == ["a2", "a3", "b1"]


def test_one_that_gives_up_is_passed_over():
    """Its place in the queue is free for another at once."""
    place = Place(1, 3)
    place.enter("first")
    waiters = [place.enter(name) for name in ("second", "third", "fourth")]
    assert place.state.give_up(waiters[0]) is True
    assert place.state.give_up(waiters[2]) is True
    assert place.counts() == (1, 1, 0)
    place.enter("fifth")
    place.state.leave(None)
    place.state.leave(None)
    assert place.started == ["third", "fifth"]


def test_giving_up_twice_or_too_late_changes_nothing():
    """One that has its place already has to leave."""
    place = Place(1)
    place.enter("first")
    second, third = place.enter("second"), place.enter("third")
    assert place.state.give_up(third) is True and place.state.give_up(third) is False
    assert place.counts() == (1, 1, 0)
    place.state.leave(None)
    assert place.state.give_up(second) is False
    assert place.counts() == (1, 0, 0)


def test_a_waiter_that_has_given_up_does_not_hold_its_call():
    """It may stay in the queue for a while; the call with its body does not."""
    class Call(object):
        def start(self):
            """Never called."""

    place, call = Place(1), Call()
    place.enter("first"), place.enter("second")
    waiter = place.state.enter(None, call.start)
    gone = weakref.ref(call)
    del call
    place.state.give_up(waiter)
    gc.collect()
    assert gone() is None


def test_the_queue_does_not_fill_with_those_that_gave_up():
    """Behind a first one that waits for long."""
    place = Place(1, 10)
    place.enter("first"), place.enter("second")
    for number in range(1000):
        place.state.give_up(place.enter(number))
        queue, = place.state._queues.values()
        assert len(queue.waiters) < 100
    last = place.enter("last")
    place.state.leave(None), place.state.leave(None)
    assert place.started == ["second", "last"] and not last.waiting


def test_tenants_take_turns():
    """One that sends many calls does not hold up the others."""
    place = Place(1, tenant_header="org")
    place.enter_all("a1 a2 a3 a4 b1 b2 c1")
    for tenant in "aabcaba":
        place.state.leave(tenant)
    assert place.started == ["a2", "b1", "c1", "a3", "b2", "a4"]


def test_tenant_at_its_limit_waits_although_there_are_places():
    """And does not hold up the others."""
    place = Place(3, tenant_header="org", max_concurrent_per_tenant=2)
    assert place.enter_all("a1 a2") == [None, None]
    assert place.enter("a3", "a").waiting
    assert place.enter("b1", "b") is None
    assert place.enter("b2", "b").waiting
    place.state.leave("b")
    assert place.started == ["b2"]
    place.state.leave("a")
    assert place.started == ["b2", "a3"] and place.counts() == (3, 0, 0)


def test_tenant_that_was_at_its_limit_gets_its_turn():
    """It joins those that take turns, at the end."""
    place = Place(2, tenant_header="org", max_concurrent_per_tenant=1)
    place.enter_all("a1 b1 a2 b2 c1 d1")
    for tenant in "abcd":
        place.state.leave(tenant)
    assert place.started == ["c1", "d1", "a2", "b2"]


def test_a_tenant_with_a_full_queue_is_refused_and_others_are_not():
    """The text has its numbers, and never its name."""
    place = Place(
        50, tenant_header="org", max_concurrent_per_tenant=2, max_queued_per_tenant=1)
    for name in range(3):
        place.enter(name, "s3cret")
    assert refusal(place, "s3cret") == (
        "%s: 2 calls of this tenant are running and 1 waits, "
        "which is all that the bulkhead allows to one tenant" % NAME)
    assert place.enter("b1", "b") is None
    assert place.counts() == (3, 1, 1)


def test_the_queue_of_all_limits_a_tenant_as_well():
    """The text says both: its own calls that run, and all that wait."""
    place = Place(50, 1, tenant_header="org", max_concurrent_per_tenant=1)
    place.enter_all("a1 a2 b1")
    assert refusal(place, "b") == (
        "%s: 1 call of this tenant is running, which is all that the bulkhead allows to one "
        "tenant, and 1 waits, which is all that it allows" % NAME)


def test_tenant_whose_calls_may_not_wait_is_refused_when_it_has_to():
    """``max_queued_per_tenant=0``: the others may be as many as they like."""
    place = Place(1, tenant_header="org", max_queued_per_tenant=0)
    place.enter_all("a1")
    assert refusal(place, "b") == (
        "%s: 0 calls of this tenant are running and 0 wait, "
        "which is all that the bulkhead allows to one tenant" % NAME)


def test_requests_without_the_field_are_one_tenant():
    """Leaving the field out is no way around the limits."""
    place = Place(9, 9, tenant_header="org", max_concurrent_per_tenant=1)
    assert place.enter("first") is None and place.enter("second").waiting
    place.state.leave(None)
    assert place.started == ["second"]


def test_a_new_call_gets_the_place_that_no_waiting_one_may_take():
    """Those that wait are at their limit, or have given up."""
    place = Place(3, tenant_header="org", max_concurrent_per_tenant=2)
    place.enter_all("a1 a2 a3 b1")
    waiter = place.enter("c1", "c")
    place.state.give_up(waiter)
    place.state.leave("b")
    assert place.enter("d1", "d") is None
    assert place.started == []


def test_tenants_without_calls_are_forgotten():
    """A million tenants in a row take no more memory than one."""
    place = Place(2, tenant_header="org", max_concurrent_per_tenant=1)
    for number in range(1000):
        tenant = "tenant %d" % number
        place.enter("runs", tenant)
        waits, gives_up = place.enter("waits", tenant), place.enter("gives up", tenant)
        place.state.give_up(gives_up)
        place.state.leave(tenant)
        assert not waits.waiting
        place.state.leave(tenant)
    state = place.state
    assert place.counts() == (0, 0, 0)
    assert not state._running_of and not state._queues and not state._ring


def test_the_repr_has_the_counts():
    """For a log of the states, without tenants."""
    place = Place(1, tenant_header="org")
    place.enter_all("a1 a2")
    assert repr(place.state) == "<BulkheadState of %s: 1 running, 1 queued>" % NAME
