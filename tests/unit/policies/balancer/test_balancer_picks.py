"""Which host a call gets."""

from __future__ import absolute_import, division, print_function

import random
from collections import Counter

import pytest

from waterspout.policies.balancer import Balancer, BalancerState

KEYS = ["a:1", "b:1", "c:1"]


def state(keys=KEYS, **options):
    return BalancerState(Balancer(**options), keys)


def dice(*throws):
    """Dice that show these numbers, in order."""
    return iter(throws).__next__ if hasattr(iter(()), "__next__") else iter(throws).next


def eject(hosts, *keys):
    """Have these hosts ejected at 0."""
    for host in hosts.hosts:
        if host.key in keys:
            host.pending += 1
            assert hosts.ended(host, True, 0.0).after == "ejected"


def test_a_picked_host_has_a_pending_call_at_once():
    """Until the call has ended, however it ended."""
    hosts = state(KEYS[:1])
    for failed in (True, False, None):
        host = hosts.pick(0.0, random.random)
        assert (host.key, host.pending) == ("a:1", 1)
        assert hosts.ended(host, failed, 0.0) is None
        assert host.pending == 0
    assert hosts.stats(0.0)["a:1"]["calls"] == 3
    assert hosts.stats(0.0)["a:1"]["failed"] == 1


@pytest.mark.parametrize("throws, pair", [
    ((0.0, 0.0), (0, 1)), ((0.0, 0.99), (0, 2)), ((0.5, 0.0), (1, 0)), ((0.5, 0.5), (1, 2)),
    ((0.99, 0.0), (2, 0)), ((0.99, 0.99), (2, 1)),
])
def test_of_two_random_hosts_the_one_with_fewer_pending_calls_is_picked(throws, pair):
    """A tie: the first of the two. They are never the same host."""
    hosts = state()
    first, second = [hosts.hosts[number] for number in pair]
    assert hosts.pick(0.0, dice(*throws)) is first
    assert hosts.pick(0.0, dice(*throws)) is second
    assert hosts.pick(0.0, dice(*throws)) is first


def test_a_host_to_avoid_is_not_picked():
    """Any container will do."""
    hosts = state()
    a, b, c = hosts.hosts
    for avoid in ([a, b], (a, b), {a, b}):
        assert hosts.pick(0.0, random.random, avoid) is c
    for _ in range(20):
        assert hosts.pick(0.0, random.random, (b,)) is not b


def test_no_host_is_picked_if_all_are_to_be_avoided():
    """Nor if there is none."""
    hosts = state()
    assert hosts.pick(0.0, random.random, hosts.hosts) is None
    assert state([]).pick(0.0, random.random) is None
    assert [host.pending for host in hosts.hosts] == [0, 0, 0]


def test_an_ejected_host_is_picked_if_all_others_are_to_be_avoided():
    """The one whose pause ends first; it says nothing about its state."""
    hosts = state(max_failures=1, healthy_floor=0.1)
    a, b, c = hosts.hosts
    eject(hosts, "a:1")
    b.pending += 1
    hosts.ended(b, True, 0.5)
    assert hosts.pick(0.6, random.random) is c
    assert hosts.pick(0.6, random.random, (c,)) is a
    assert hosts.pick(0.6, random.random, (a, c)) is b
    assert hosts.ended(a, False, 0.7, 0.6) is None
    assert a.state_at(0.7) == "ejected"


def test_a_probe_host_is_a_last_resort_too():
    """A second call may go there if there is no other host; its pause has ended first."""
    hosts = state(KEYS[:2], max_failures=1)
    a, b = hosts.hosts
    eject(hosts, "a:1")
    assert hosts.pick(2.0, dice(0.9, 0.0)) is a  # Both throws: a is the second in the list.
    assert hosts.pick(2.0, random.random) is b
    assert hosts.pick(2.0, random.random, (b,)) is a
    assert a.pending == 2


def test_picks_are_spread_evenly_over_equal_hosts():
    """Chi-square over 5 hosts: 18.47 is exceeded by one in a thousand; the dice are fixed."""
    throw = random.Random(20).random
    hosts = state(range(5))
    picks = Counter()
    for _ in range(20000):
        host = hosts.pick(0.0, throw)
        picks[host.key] += 1
        hosts.ended(host, False, 0.0)
    assert sum((count - 4000) ** 2 / 4000 for count in picks.values()) < 18.47


def test_two_choices_keep_pending_calls_level():
    """1000 calls that do not end: the fullest of 10 hosts is near 100, unlike with one choice."""
    throw = random.Random(20).random
    hosts = state(range(10))
    one_choice = Counter()
    for _ in range(1000):
        hosts.pick(0.0, throw)
        one_choice[int(throw() * 10)] += 1
    pending = [host.pending for host in hosts.hosts]
    assert sum(pending) == 1000
    assert max(pending) - min(pending) <= 6 < max(one_choice.values()) - min(one_choice.values())


def test_a_slow_host_gets_fewer_calls():
    """Each host answers after its own time; the slow one takes ten times as long."""
    throw = random.Random(20).random
    hosts = state()
    picks, running = Counter(), []
    for now in range(30000):
        for call in [each for each in running if each[0] <= now]:
            running.remove(call)
            hosts.ended(call[1], False, float(now))
        host = hosts.pick(float(now), throw)
        picks[host.key] += 1
        running.append((now + (30 if host.key == "c:1" else 3), host))
    assert picks["a:1"] > 3 * picks["c:1"] and picks["b:1"] > 3 * picks["c:1"]
    assert picks["c:1"] > 1000
