"""Full garbage collections are deferred while large JSON is in memory, for a limited time."""

from __future__ import absolute_import, division, print_function

import gc
import weakref

import pytest

from waterspout._driver import turns
from waterspout.service._processes import deferred_gc
from waterspout.service._processes.deferred_gc import (
    DEFER_SECONDS,
    LONGEST_SECONDS,
    DeferredGC,
)


class Loop(object):
    """An IOLoop's timers, on a clock that the test moves."""

    def __init__(self):
        self.now = 100.0
        self.timers = []

    def call_later(self, seconds, callback):
        self.timers.append((self.now + seconds, callback))
        return self.timers[-1]

    def remove_timeout(self, timer):
        self.timers.remove(timer)

    def move(self, seconds):
        end = self.now + seconds
        while self.timers and min(self.timers)[0] <= end:
            timer = min(self.timers)
            self.timers.remove(timer)
            self.now = timer[0]
            timer[1]()
        self.now = end


@pytest.fixture
def loop(monkeypatch):
    loop = Loop()
    monkeypatch.setattr(deferred_gc, "monotonic", lambda: loop.now)
    return loop


@pytest.fixture
def collector(loop):
    collector = DeferredGC(loop)
    yield collector
    collector.close()


def full_collections_deferred():
    return gc.get_threshold()[2] > 10 ** 6


def test_full_collections_are_deferred_until_some_time_after_the_last_large_work(loop, collector):
    """The thresholds from before are restored then."""
    before = gc.get_threshold()
    assert not full_collections_deferred()
    collector.defer()
    assert full_collections_deferred() and gc.get_threshold()[:2] == before[:2]
    loop.move(DEFER_SECONDS - 1)
    collector.defer()
    loop.move(DEFER_SECONDS - 1)
    assert full_collections_deferred()
    loop.move(2)
    assert gc.get_threshold() == before


class Cycle(object):
    """Refers to itself, so that only the collector can free it."""

    def __init__(self):
        self.itself = self


def test_endless_large_work_does_not_keep_garbage_for_ever(loop, collector):
    """Under it full collections are deferred again at once; so there is one in between."""
    cycle = Cycle()
    alive = weakref.ref(cycle)
    gc.collect()  # It is old now: only a full collection frees it.
    del cycle
    for _ in range(int(LONGEST_SECONDS) - 1):
        collector.defer()
        loop.move(1)
    assert alive() is not None
    collector.defer()
    loop.move(1)
    collector.defer()
    assert alive() is None


def test_the_end_of_large_work_needs_no_full_collection(loop, collector):
    cycle = Cycle()
    alive = weakref.ref(cycle)
    gc.collect()
    del cycle
    collector.defer()
    loop.move(DEFER_SECONDS + 1)
    assert not full_collections_deferred()
    assert alive() is not None


def test_endless_large_work_defers_for_a_limited_time(loop, collector):
    """After `LONGEST_SECONDS` a full collection is allowed."""
    seconds = 0
    collector.defer()
    while full_collections_deferred():
        loop.move(1)
        seconds += 1
        if full_collections_deferred():
            collector.defer()
        assert seconds <= LONGEST_SECONDS
    assert seconds == LONGEST_SECONDS


def test_last_of_several_loops_restores_the_thresholds(loop, collector):
    """Two IOLoops in one process share the collector."""
    before = gc.get_threshold()
    other = DeferredGC(Loop())
    collector.defer()
    other.defer()
    collector.close()
    assert full_collections_deferred()
    other.close()
    assert gc.get_threshold() == before


def test_collector_that_the_program_has_disabled_is_not_changed(loop, collector):
    """The program has decided."""
    gc.disable()
    try:
        collector.defer()
        assert not full_collections_deferred()
    finally:
        gc.enable()


def test_large_work_on_the_watched_loop_defers(io_loop):
    """Work in turns, such as decoding and encoding, reports its begin and end."""
    collector = DeferredGC(io_loop)
    seen = []

    def steps():
        seen.append(full_collections_deferred())
        yield

    io_loop.run_sync(lambda: turns.in_turns(steps(), lambda: None))
    assert seen == [True]
    collector.close()
    assert not full_collections_deferred()
