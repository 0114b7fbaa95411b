"""Whatever calls do, a BalancerState agrees with a plain model of its rules."""

from __future__ import absolute_import, division, print_function

import math
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from waterspout.policies.balancer import Balancer, BalancerState

numbers = st.integers(0, 1000)
steps = st.lists(
    st.tuples(st.sampled_from(["pick"] * 4 + ["end"] * 5 + ["wait", "wait", "update", "avoid"]),
              numbers, numbers),
    min_size=5, max_size=120)


class ModelHost(object):
    def __init__(self):
        self.pending = self.failures = self.pauses = 0
        self.until = None
        self.ejected_at = -1.0
        self.probe = None

    def state(self, now):
        return "healthy" if self.until is None else "ejected" if now < self.until else "probation"


class Model(object):
    """Looks at all hosts for each decision."""

    def __init__(self, policy, keys):
        self.policy = policy
        self.now = 1.0
        self.everything = {}
        self.keys = []
        self.update(keys)

    def update(self, keys):
        left = [key for key in self.keys if key not in keys]
        self.keys = keys
        for key in left:
            self.everything[key].probe = None
            self.drop(key)
        for key in keys:
            self.everything.setdefault(key, ModelHost())

    def drop(self, key):
        if key not in self.keys and not self.everything[key].pending:
            del self.everything[key]

    def healthy(self):
        return [key for key in self.keys if self.everything[key].until is None]

    def may_be_picked(self, avoid):
        """The keys of which one may be picked."""
        usable = [key for key in self.keys if key not in avoid]
        ready = [key for key in usable if self.everything[key].state(self.now) == "healthy"
                 or self.everything[key].state(self.now) == "probation"
                 and self.everything[key].probe is None]
        if ready:
            if len(ready) > 1:  # One with the most pending calls loses, unless there is a tie.
                most = max(self.everything[key].pending for key in ready)
                fullest = [key for key in ready if self.everything[key].pending == most]
                ready = [key for key in ready if key not in fullest or len(fullest) > 1]
            return ready
        first = min([self.everything[key].until for key in usable] or [0])
        return [key for key in usable if self.everything[key].until == first]

    def picked(self, key):
        host = self.everything[key]
        host.pending += 1
        if host.state(self.now) == "probation" and host.probe is None:
            host.probe = self.now

    def ended(self, key, failed, picked):
        """The (before, after, seconds) of the change, or None."""
        host = self.everything[key]
        host.pending -= 1
        state = host.state(self.now)
        if key not in self.keys:
            self.drop(key)
            return None
        if state == "probation" and failed is None and host.probe == picked:
            host.probe = None
        if state == "ejected" or failed is None:
            return None
        if state == "healthy" and not failed:
            host.failures = 0
            return None
        if picked <= host.ejected_at:
            return None
        host.failures = host.failures + 1 if failed else 0
        if not failed:
            host.until = host.probe = None
            host.pauses = 0
            return state, "healthy", 0.0
        floor = int(math.ceil(round(self.policy.healthy_floor * len(self.keys), 6)))
        if state == "healthy" and (host.failures < self.policy.max_failures
                                   or len(self.healthy()) - 1 < floor):
            return None
        seconds = min(self.policy.pause * 2.0 ** host.pauses, self.policy.pause_max)
        host.pauses += 1
        host.until, host.ejected_at, host.probe = self.now + seconds, self.now, None
        if state == "healthy":
            assert len(self.healthy()) >= floor
        return state, "ejected", seconds


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 7), st.integers(1, 3), st.sampled_from([0.01, 0.3, 0.5, 0.75, 1]),
       st.integers(0, 99), steps)
def test_a_balancer_agrees_with_the_model(number, max_failures, floor, seed, script):
    """Pending counts, states, changes and pauses; and each pick is one of those allowed."""
    policy = Balancer(max_failures=max_failures, healthy_floor=floor, pause_max=6.0)
    throw = random.Random(seed).random
    hosts, model = BalancerState(policy, range(number)), Model(policy, list(range(number)))
    running, avoid = [], ()
    for step, first, second in script:
        if step == "pick":
            host = hosts.pick(model.now, throw, avoid)
            allowed = model.may_be_picked([each.key for each in avoid])
            if host is None:
                assert allowed == []
            else:
                assert host.key in allowed
                model.picked(host.key)
                running.append((host, model.now))
        elif step == "end" and running:
            host, picked = running.pop(first % len(running))
            failed = (True, True, True, False, None)[second % 5]
            change = hosts.ended(host, failed, model.now, picked)
            expected = model.ended(host.key, failed, picked)
            assert (change and change[1:4]) == expected
        elif step == "wait":
            model.now += first / 250.0
        elif step == "update":
            kept = [key for key in range(number + 2) if (first >> key) & 1]
            hosts.update(kept)
            model.update(kept)
            avoid = ()
        elif step == "avoid":
            avoid = tuple(host for place, host in enumerate(hosts.hosts)
                          if (first >> place) & (second >> place) & 1)
        # Each pick has a time of its own, as those of a monotonic clock nearly always have.
        model.now += 0.001
        assert [host.key for host in hosts.hosts] == model.keys
        for host in hosts.hosts:
            expected = model.everything[host.key]
            assert (host.pending, host.state_at(model.now), host.failures, host.probe) == (
                expected.pending, expected.state(model.now), expected.failures, expected.probe)
        assert set(hosts._known) == set(model.everything)
    for host, picked in running:
        hosts.ended(host, None, model.now, picked)
    assert all(host.pending == 0 for host in hosts.hosts)
    assert set(hosts._known) == set(model.keys)
