from __future__ import absolute_import, division, print_function

import random

import pytest
from fake_loop import FakeLoop
from net_exchanges import RecordedExchange
from net_fakes import OK, Net
from tornado import gen
from tornado.testing import AsyncTestCase, gen_test

import waterspout._net.timeout_sweep
from waterspout._compat import monotonic
from waterspout._net.timeout_sweep import SWEEP_SECONDS, TimeoutSweep
from waterspout.exceptions import (
    ConnectTimeout,
    DeadlineExceeded,
    PoolTimeout,
    ReadTimeout,
)
from waterspout.timeouts import ClientTimeout


class Watched(object):
    """Expires once, and writes down when."""

    def __init__(self, sweep, due):
        self.sweep = sweep
        self.due = due
        self.expired = None
        sweep.watched.add(self)
        sweep.reschedule(self)

    def expire(self, now):
        assert self.expired is None
        self.expired = now
        self.sweep.watched.discard(self)


@pytest.fixture
def loop(monkeypatch):
    loop = FakeLoop()
    monkeypatch.setattr(waterspout._net.timeout_sweep, "monotonic", loop.clock)
    return loop


def late(watched):
    return watched.expired - watched.due


def test_a_single_limit_is_exact(loop):
    """The timer stands where it is due."""
    watched = Watched(TimeoutSweep(loop), loop.now + 3.21)
    loop.advance(10)
    assert watched.expired == watched.due


def test_sweeps_are_as_rare_as_they_may_be(loop):
    """A server with thousands of connections wants few: those due within one are ended by it."""
    sweep = TimeoutSweep(loop, sweep_seconds=0.5)
    all_watched = [Watched(sweep, loop.now + 1 + number * 0.01) for number in range(100)]
    loop.advance(10)
    assert 0 <= max(late(each) for each in all_watched) <= 0.5 + 1e-9
    assert loop.timers_made <= 4


@pytest.mark.parametrize("seed", range(5))
def test_no_limit_is_late_nor_early(loop, seed):
    """Short and long ones, added and moved in any order, are at most SWEEP_SECONDS late."""
    dice = random.Random(seed)
    sweep, all_watched = TimeoutSweep(loop), []
    assert SWEEP_SECONDS <= 0.05
    for _ in range(1000):
        all_watched.append(Watched(sweep, loop.now + dice.choice([0.01, 0.2, 1, 10, 60])))
        loop.advance(dice.random() * 0.02)
        moved = dice.choice(all_watched)
        if moved.expired is None:  # Bytes came for it.
            moved.due = max(moved.due, loop.now + dice.choice([0.2, 1]))
        hastened = dice.choice(all_watched)
        if hastened.expired is None:
            hastened.due = min(hastened.due, loop.now + dice.choice([0.2, 1]))
            sweep.reschedule(hastened)
    loop.advance(200)
    assert all(0 <= late(each) <= 0.0501 for each in all_watched)
    assert loop.timers == []


def test_sweeps_are_rare_however_much_is_watched(loop):
    """With one of thousands due every millisecond it still looks through them 20 times a second."""
    sweep = TimeoutSweep(loop)
    for number in range(5000):
        Watched(sweep, loop.now + number / 1000.0)
    made = loop.timers_made
    loop.advance(5.1)
    assert loop.timers_made - made <= 5 / SWEEP_SECONDS + 2
    assert sweep.watched == set()


def test_an_error_of_one_timeout_does_not_stop_the_others(loop):
    """The sweep comes again, whatever one of them does."""
    class Raising(Watched):
        def expire(self, now):
            super(Raising, self).expire(now)
            raise ZeroDivisionError

    sweep = TimeoutSweep(loop)
    all_watched = [Raising(sweep, loop.now + 1) for _ in range(3)]
    for _ in all_watched:
        with pytest.raises(ZeroDivisionError):
            loop.advance(2)
    assert all(each.expired is not None for each in all_watched) and loop.timers == []


def test_closed_sweep_does_nothing(loop):
    """No timer is left behind."""
    sweep = TimeoutSweep(loop)
    watched = Watched(sweep, loop.now + 1)
    sweep.close()
    loop.advance(10)
    assert watched.expired is None and loop.timers == []


def test_no_limit_sets_no_timer(loop):
    """An exchange without limits sets no timer."""
    Watched(TimeoutSweep(loop), float("inf"))
    assert loop.timers == []


@pytest.mark.parametrize("timeouts", [[10], [10, 0.1], [0.1, 60, 3, 10]])
def test_calls_make_no_timers(timeouts):
    """1,000 calls over a second, with whatever timeouts: no timer for each of them."""
    with Net() as net:
        before = None
        for number in range(1000):
            exchange = net.run(timeout=timeouts[number % len(timeouts)])
            if before is None:
                before = net.loop.timers_made
            net.loop.advance(0.001)
            net.streams[0].says(OK)
            assert exchange.content == b"ok"
        assert net.loop.timers_made - before <= 1 / SWEEP_SECONDS + 2


@pytest.mark.parametrize("limits, expected, after", [
    (dict(connect=3, read=5, pool=7), ConnectTimeout, 3),
    (dict(connect=3, read=5, pool=7, total=2), DeadlineExceeded, 2),
])
def test_the_connect_timeout_names_step_and_seconds(limits, expected, after):
    """The error names the step and the seconds."""
    with Net(at_once=False) as net:
        exchange = run(net, limits)
        net.loop.advance(after - 0.01)
        assert exchange.endings == 0
        net.loop.advance(0.1)
        assert exchange.failure is expected and exchange.phase == "connect"
        assert "%d s" % after in exchange.error[1]
        assert expected is DeadlineExceeded or "(connecting)" in exchange.error[1]
        assert net.connector.pending == [] and net.counts()[:3] == (0, 0, 0)


@pytest.mark.parametrize("limits, expected, after", [
    (dict(connect=3, read=5, pool=7), PoolTimeout, 7),
    (dict(connect=3, read=5, pool=None, total=9), DeadlineExceeded, 9),
])
def test_the_pool_timeout_is_apart_from_connecting(limits, expected, after):
    """The pool has a limit of its own, apart from connecting."""
    with Net(max_connections=1) as net:
        net.run(timeout=None)
        exchange = run(net, limits)
        net.loop.advance(after - 0.01)
        assert exchange.endings == 0
        net.loop.advance(0.1)
        assert exchange.failure is expected and exchange.phase == "pool"


@pytest.mark.parametrize("limits, expected, after", [
    (dict(connect=30, read=5), ReadTimeout, 5),
    (dict(connect=3, read=5, total=4), DeadlineExceeded, 4),
    (dict(connect=3, read=None, total=4), DeadlineExceeded, 4),
])
def test_the_read_timeout_is_kept_after_a_longer_one(limits, expected, after):
    """A limit that is shorter than the one before it is kept as well."""
    with Net(at_once=False) as net:
        exchange = run(net, limits)
        net.connector.pending[0].succeed()
        net.loop.advance(after - 0.01)
        assert exchange.endings == 0
        net.loop.advance(0.1)
        assert exchange.failure is expected and exchange.phase == "read"
        assert net.streams[0].closed and net.counts()[:3] == (0, 0, 0)


def test_the_read_timeout_is_between_bytes():
    """A response may trickle for as long as it likes, if there is no limit to the whole."""
    with Net() as net:
        exchange = net.run(timeout=5)
        for byte in OK[:-1].decode("ascii"):
            net.loop.advance(4.9)
            net.streams[0].says(byte.encode("ascii"))
        assert exchange.endings == 0 and exchange.content == b"o"
        net.loop.advance(5.1)
        assert exchange.failure is ReadTimeout


def test_a_timeout_ends_with_its_call():
    """A kept connection idles for as long as it likes, and its next call has its own time."""
    with Net() as net:
        net.run(timeout=5)
        net.loop.advance(4)
        net.streams[0].says(OK)
        net.loop.advance(30)
        assert not net.streams[0].closed
        exchange = net.run(timeout=5)
        net.loop.advance(4.9)
        assert exchange.endings == 0
        net.loop.advance(0.2)
        assert exchange.failure is ReadTimeout


def test_a_deadline_without_a_total_has_a_message_without_seconds():
    """A deadline may be given without the seconds that led to it."""
    with Net() as net:
        exchange = net.run(deadline=net.loop.now + 1)
        net.loop.advance(1.1)
        assert exchange.failure is DeadlineExceeded


def run(net, limits):
    exchange = RecordedExchange(timeout=ClientTimeout(**limits))
    if exchange.timeout.total is not None:
        exchange.deadline = net.loop.now + exchange.timeout.total
    net.pool.run(exchange)
    return exchange


class SweepTest(AsyncTestCase):
    @gen_test
    def test_no_limit_is_early_on_a_real_clock(self):
        """On a real IOLoop and clock as well, no limit is early."""
        sweep = TimeoutSweep(self.io_loop)
        all_watched = [Watched(sweep, monotonic() + number / 500.0) for number in range(50)]
        while sweep.watched:
            yield gen.moment
        assert all(late(each) >= 0 for each in all_watched)
