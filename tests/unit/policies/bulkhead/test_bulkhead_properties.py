"""`BulkheadState` against a model with plain lists, which looks through all of them."""

from __future__ import absolute_import, division, print_function

import logging

from hypothesis import given
from hypothesis import strategies as st

from waterspout.exceptions import BulkheadFull
from waterspout.policies.bulkhead import Bulkhead, BulkheadState

LOG = logging.getLogger("waterspout.policies")

tenants = st.sampled_from(["a", "a", "a", "b", "b", "c", None])
numbers = st.integers(0, 50)
#: What a call does as it starts: nothing, mostly.
reactions = st.sampled_from(
    [None, None, None, "leave", "enter", "leave, enter", "give up", "raise", "leave, raise"])
steps = st.lists(
    st.tuples(st.sampled_from(["enter", "enter", "enter", "leave", "leave", "give up"]),
              tenants, numbers, reactions),
    min_size=20, max_size=120)
limits = st.tuples(
    st.integers(1, 5), st.integers(0, 12), st.booleans(), st.one_of(st.none(), st.integers(1, 4)),
    st.one_of(st.none(), st.integers(0, 5)))


class Model(object):
    """The rules in the plainest words."""

    def __init__(self, policy):
        self.policy = policy
        self.running = []  # Tenants, one for each call that runs.
        self.waiting = []  # (number, tenant), in the order in which they came.
        self.turns = []  # Tenants that could run if there were a place, the next one first.

    def limit_turns(self):
        limit = self.policy.max_concurrent_per_tenant
        able = [tenant for _, tenant in self.waiting
                if limit is None or self.running.count(tenant) < limit]
        self.turns = [tenant for tenant in self.turns if tenant in able]
        for tenant in able:
            if tenant not in self.turns:
                self.turns.append(tenant)

    def enter(self, number, tenant):
        policy = self.policy
        limit, queue_limit = policy.max_concurrent_per_tenant, policy.max_queued_per_tenant
        has_place = len(self.running) < policy.max_concurrent
        if limit is not None and self.running.count(tenant) >= limit:
            has_place = False
        if has_place and not self.turns:
            self.running.append(tenant)
            return "runs"
        own = [each for each in self.waiting if each[1] == tenant]
        if len(self.waiting) >= policy.max_queued or (
                queue_limit is not None and len(own) >= queue_limit):
            return "refused"
        self.waiting.append((number, tenant))
        self.limit_turns()
        return "waits"

    def leave(self, tenant):
        self.running.remove(tenant)
        self.limit_turns()

    def give_up(self, number):
        self.waiting = [each for each in self.waiting if each[0] != number]
        self.limit_turns()

    def next(self):
        """The number of the call that has to start now, or None."""
        if not self.turns or len(self.running) >= self.policy.max_concurrent:
            return None
        tenant = self.turns.pop(0)
        number = [each for each in self.waiting if each[1] == tenant][0][0]
        self.waiting.remove((number, tenant))
        self.running.append(tenant)
        self.limit_turns()
        return number


class World(object):
    """Does the same to both, and compares them."""

    def __init__(self, policy):
        self.state, self.model = BulkheadState(policy, "upstream"), Model(policy)
        self.by_tenant = policy.tenant_header is not None
        self.running, self.waiters = [], {}
        self.numbers = self.refused = 0

    def enter(self, tenant, reaction, which):
        tenant = tenant if self.by_tenant else None
        self.numbers += 1
        number = self.numbers
        try:
            waiter = self.state.enter(tenant, lambda: self.start(number, tenant, reaction, which))
        except BulkheadFull:
            self.refused += 1
            result = "refused"
        else:
            result = "runs" if waiter is None else "waits"
            if waiter is None:
                self.running.append(tenant)
            else:
                self.waiters[number] = waiter
        assert result == self.model.enter(number, tenant)

    def start(self, number, tenant, reaction, which):
        assert number == self.model.next()
        waiter = self.waiters.pop(number)
        assert not waiter.waiting and not self.state.give_up(waiter)
        self.running.append(tenant)
        self.compare()
        for what in (reaction or "").split(", "):
            if what == "raise":
                raise ZeroDivisionError("on purpose")
            self.do(what, tenant, which, None)

    def leave(self, which):
        if self.running:
            tenant = self.running.pop(which % len(self.running))
            self.model.leave(tenant)
            self.state.leave(tenant)

    def give_up(self, which):
        if self.waiters:
            number = sorted(self.waiters)[which % len(self.waiters)]
            self.model.give_up(number)
            assert self.state.give_up(self.waiters.pop(number))

    def do(self, what, tenant, which, reaction):
        if what == "enter":
            self.enter(tenant, reaction, which)
        elif what == "leave":
            self.leave(which)
        elif what == "give up":
            self.give_up(which)

    def compare(self):
        state, model = self.state, self.model
        assert state.running == len(model.running) == len(self.running)
        assert state.queued == len(model.waiting) == len(self.waiters)
        assert state.refused == self.refused
        assert state.running <= model.policy.max_concurrent
        assert state.queued <= model.policy.max_queued

    def settled(self):
        """Nothing that could run waits, and nothing is kept of tenants without calls."""
        self.compare()
        state, model = self.state, self.model
        assert model.next() is None
        assert set(state._queues) == set(tenant for _, tenant in model.waiting)
        assert list(state._ring) == model.turns
        if self.by_tenant:
            assert state._running_of == dict(
                (tenant, model.running.count(tenant)) for tenant in model.running)


@given(limits, steps)
def test_bulkhead_decides_as_the_model_does(numbers, script):
    """After any arrivals, departures and those who give up, also from within a start."""
    concurrent, queued, by_tenant, per_tenant, queued_per_tenant = numbers
    if not by_tenant:
        per_tenant = queued_per_tenant = None
    world = World(Bulkhead(
        concurrent, queued, None, "org" if by_tenant else None, per_tenant, queued_per_tenant))
    failures = []
    handler = logging.Handler()
    handler.emit = lambda record: failures.append(record.exc_info[1])
    LOG.addHandler(handler)
    propagate, LOG.propagate = LOG.propagate, False
    try:
        for what, tenant, which, reaction in script:
            world.do(what, tenant, which, reaction)
            world.settled()
        while world.running:
            world.leave(0)
            world.settled()
    finally:
        LOG.removeHandler(handler)
        LOG.propagate = propagate
    # The model's own complaints from within a start are logged like all that a start raises.
    assert [each for each in failures if not isinstance(each, ZeroDivisionError)] == []
    assert not world.waiters
