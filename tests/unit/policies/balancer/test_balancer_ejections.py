"""When a host is ejected, and how it comes back."""

from __future__ import absolute_import, division, print_function

import random

import pytest

from waterspout.policies.balancer import Balancer, BalancerState, HostChange


def state(keys="abcd", **options):
    return BalancerState(Balancer(**options), keys)


def call(hosts, host, failed, now):
    """One call to ``host``, begun and ended at ``now``."""
    others = [each for each in hosts.hosts if each is not host]
    assert hosts.pick(now, random.random, others) is host
    return hosts.ended(host, failed, now, now)


def fail(hosts, host, now, times=3):
    changes = [call(hosts, host, True, now) for _ in range(times)]
    assert changes[:-1] == [None] * (times - 1)
    return changes[-1]


def test_a_host_is_ejected_after_its_last_failure_in_a_row():
    """A success begins the count again; a cancelled call does not count."""
    hosts = state()
    a = hosts.hosts[0]
    for failed in (True, True, False, True, None, True):
        assert call(hosts, a, failed, 1.0) is None
    assert a.failures == 2
    assert call(hosts, a, True, 5.0) == HostChange("a", "healthy", "ejected", 1.0, 5.0)
    assert hosts.stats(5.5)["a"] == {"pending": 0, "state": "ejected", "failures": 3, "calls": 7,
                                     "failed": 5, "ejections": 1}
    for _ in range(30):
        assert hosts.pick(5.5, random.random) is not a


def test_a_host_gets_one_call_at_a_time_after_its_pause():
    """Others get theirs elsewhere until it has ended."""
    hosts = state("ab", max_failures=1)
    a, b = hosts.hosts
    fail(hosts, a, 0.0, times=1)
    assert a.state_at(0.99) == "ejected" and a.state_at(1.0) == "probation"
    b.pending = 100  # So that "a" is chosen as soon as it may be.
    assert hosts.pick(0.99, random.random) is b
    assert hosts.pick(1.0, random.random) is a
    for _ in range(10):
        assert hosts.pick(1.0, random.random) is b
    assert hosts.ended(a, None, 2.0, 1.0) is None  # Cancelled: the next one may try.
    assert hosts.pick(2.0, random.random) is a
    assert hosts.pick(2.0, random.random) is b
    assert hosts.ended(a, False, 3.0, 2.0) == HostChange("a", "probation", "healthy", 0.0, 3.0)
    assert [hosts.pick(3.0, random.random) for _ in range(3)] == [a, a, a]


def test_pauses_grow_until_a_success():
    """Twice as long each time, up to ``pause_max``; then the first one again."""
    hosts = state(pause=0.5, pause_max=3.0)
    a = hosts.hosts[0]
    now, pauses = 0.0, []
    change = fail(hosts, a, now)
    for _ in range(5):
        pauses.append(change.seconds)
        now += change.seconds
        change = call(hosts, a, True, now)
        assert change[:3] == ("a", "probation", "ejected")
    assert pauses == [0.5, 1.0, 2.0, 3.0, 3.0]
    now += change.seconds
    assert call(hosts, a, False, now).after == "healthy"
    assert (a.failures, a.pauses, a.ejections) == (0, 0, 6)
    assert fail(hosts, a, now + 1).seconds == 0.5


@pytest.mark.parametrize("number, floor, most", [
    (1, 0.5, 0), (2, 0.5, 1), (3, 0.5, 1), (4, 0.5, 2), (5, 0.5, 2), (4, 1, 0), (4, 0.01, 3),
    (100, 0.07, 93), (1, 0.01, 0), (10, 0.3, 7), (10, 0.31, 6),
])
def test_healthy_floor_limits_the_ejected_hosts(number, floor, most):
    """The share that stays is rounded up."""
    hosts = state(range(number), healthy_floor=floor, max_failures=1)
    for host in hosts.hosts:
        call(hosts, host, True, 0.0)
    states = [each["state"] for each in hosts.stats(0.0).values()]
    assert states.count("ejected") == most
    assert states.count("healthy") == number - most


def test_a_host_that_the_floor_protected_is_ejected_by_a_later_failure():
    """Once another host is healthy again."""
    hosts = state("ab", max_failures=1)
    a, b = hosts.hosts
    fail(hosts, a, 0.0, times=1)
    for _ in range(5):
        assert call(hosts, b, True, 0.0) is None
    assert call(hosts, a, False, 1.0).after == "healthy"
    assert call(hosts, b, True, 1.0).after == "ejected"


def test_a_call_from_before_the_ejection_does_not_decide_the_probation():
    """Forty calls wait for a dead host and time out one by one; its pause stays one second."""
    hosts = state()
    a = hosts.hosts[0]
    for _ in range(43):
        hosts.pick(0.0, random.random, hosts.hosts[1:])
    for _ in range(3):
        hosts.ended(a, True, 1.0, 0.0)
    assert (a.pending, a.ejected_until) == (40, 2.0)
    for step in range(20):
        assert hosts.ended(a, True, 1.5 + step, 0.0) is None
    assert hosts.ended(a, False, 30.0, 0.0) is None
    assert hosts.ended(a, None, 30.0, 0.0) is None
    assert (a.pending, a.ejected_until, a.ejections) == (18, 2.0, 1)
    assert hosts.pick(30.0, random.random, hosts.hosts[1:]) is a
    hosts.ended(a, None, 30.0, 0.0)  # It does not free the place of the probe,
    assert a.probe == 30.0
    hosts.ended(a, True, 30.0, 0.0)  # nor decide for it,
    assert a.ejections == 1
    assert hosts.ended(a, False, 31.0, 30.0).after == "healthy"
    for _ in range(5):
        assert hosts.ended(a, True, 32.0, 0.0) is None  # nor eject the host when it is back.
    assert a.failures == 0


def test_without_the_time_of_its_pick_a_call_counts_as_the_probe():
    """While a probe runs; before that it says nothing."""
    hosts = state("ab", max_failures=1)
    a = hosts.hosts[0]
    a.pending = 3
    assert hosts.ended(a, True, 0.0).after == "ejected"
    assert hosts.ended(a, True, 5.0) is None and a.ejected_until == 1.0
    assert hosts.pick(5.0, random.random, hosts.hosts[1:]) is a
    assert hosts.ended(a, True, 5.0) == HostChange("a", "probation", "ejected", 2.0, 5.0)
    assert hosts.ended(a, None, 8.0) is None and a.pending == 0


def test_a_call_of_the_pause_that_ends_after_it_decides():
    """One that had no other host. The probe that runs beside it then says nothing more."""
    hosts = state("ab", max_failures=1)
    a = hosts.hosts[0]
    rest = hosts.hosts[1:]
    fail(hosts, a, 0.0, times=1)
    assert hosts.pick(0.5, random.random, rest) is a
    assert hosts.pick(1.5, random.random, rest) is a
    assert hosts.ended(a, True, 2.0, 0.5) == HostChange("a", "probation", "ejected", 2.0, 2.0)
    assert hosts.ended(a, True, 4.5, 1.5) is None
    assert hosts.pick(4.5, random.random, rest) is a
    assert a.probe == 4.5


def test_a_failure_between_pause_and_probe_begins_the_next_pause():
    """The host gets no call until that has ended."""
    hosts = state("ab", max_failures=1)
    a, b = hosts.hosts
    fail(hosts, a, 0.0, times=1)
    assert hosts.pick(0.5, random.random, (b,)) is a
    assert hosts.ended(a, True, 1.5, 0.5).seconds == 2.0
    b.pending = 100
    assert set(hosts.pick(3.4, random.random) for _ in range(9)) == {b}
    assert hosts.pick(3.5, random.random) is a


def test_each_host_comes_back_after_its_own_pause():
    """The first to be ejected is the first to be tried."""
    hosts = state("abcd", max_failures=1)
    a, b, c, d = hosts.hosts
    fail(hosts, a, 0.0, times=1)
    fail(hosts, b, 0.5, times=1)
    assert hosts.pick(1.2, random.random, (c, d)) is a and a.probe == 1.2
    assert hosts.pick(1.5, random.random, (c, d)) is b and b.probe == 1.5


def test_a_pause_that_has_ended_is_noticed_without_a_pick():
    """A result may come first."""
    hosts = state("ab", max_failures=1)
    a = hosts.hosts[0]
    fail(hosts, a, 0.0, times=1)
    assert hosts.pick(0.5, random.random, hosts.hosts[1:]) is a
    assert hosts.ended(a, False, 1.0, 0.5).after == "healthy"
    assert sorted(set(hosts.pick(1.0, random.random).key for _ in range(9))) == ["a", "b"]


def test_hosts_that_stay_keep_their_state():
    """New ones are healthy; equal keys are one host; the order is that of the keys."""
    hosts = state("abc")
    a, b, c = hosts.hosts
    fail(hosts, a, 0.0)
    b.pending = 7
    hosts.update(["d", "b", "a", "b", ("10.0.0.1", 80)])
    assert [host.key for host in hosts.hosts] == ["d", "b", "a", ("10.0.0.1", 80)]
    assert hosts.hosts[1] is b and b.pending == 7
    assert hosts.hosts[2] is a and a.state_at(0.5) == "ejected"
    assert set(hosts.stats(0.0)) == {"d", "b", "a", ("10.0.0.1", 80)}
    assert c not in [hosts.pick(0.0, random.random) for _ in range(30)]


def test_a_host_that_is_left_with_pending_calls_is_dropped_after_them():
    """Their end changes nothing else; if the host comes back before, it goes on."""
    hosts = state("ab", max_failures=1)
    a = hosts.hosts[0]
    a.pending = 2
    hosts.update("b")
    assert hosts.ended(a, True, 0.0) is None and a.failures == 0
    hosts.update("ab")
    assert hosts.hosts[0] is a and (a.pending, a.failed) == (1, 1)
    hosts.update("b")
    assert hosts.ended(a, True, 0.0) is None
    hosts.update("ab")
    assert hosts.hosts[0] is not a and len(hosts._known) == 2


def test_a_host_that_left_and_came_back_gets_a_probe():
    """The place of the probe is free again."""
    hosts = state("ab", max_failures=1)
    a = hosts.hosts[0]
    fail(hosts, a, 0.0, times=1)
    rest = hosts.hosts[1:]
    assert hosts.pick(1.0, random.random, rest) is a
    hosts.update("b")
    hosts.update("ab")
    assert hosts.pick(1.5, random.random, rest) is a
    assert a.probe == 1.5 and a.pending == 2
    assert hosts.ended(a, False, 2.0, 1.5).after == "healthy"
    assert hosts.ended(a, False, 2.0, 1.0) is None


def test_an_unhashable_key_changes_nothing():
    """The hosts are those of before."""
    hosts = state("ab")
    with pytest.raises(TypeError):
        hosts.update(["c", []])
    assert [host.key for host in hosts.hosts] == ["a", "b"]
    assert all(host.listed for host in hosts.hosts)


def test_a_host_shows_its_key_and_its_calls():
    """For a debugger."""
    assert repr(state([7]).hosts[0]) == (
        "<HostState 7 pending=0 failures=0 ejected_until=None>")
