"""Full collections are put off while large JSON is in memory, for a limited time."""

from __future__ import absolute_import, division, print_function

import gc

import pytest

from waterspout._driver import turns
from waterspout.service._processes import deferred_gc
from waterspout.service._processes.deferred_gc import (
    LONGEST_SECONDS,
    PUT_OFF_SECONDS,
    FullCollections,
)


class Loop(object):
    """Timers by a clock that the test moves."""

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
def collections(loop):
    collections = FullCollections(loop)
    yield collections
    collections.close()


def put_off():
    return gc.get_threshold()[2] > 10 ** 6


def test_put_off_for_a_while(loop, collections):
    """From the last large work on; what was set before is set again."""
    before = gc.get_threshold()
    assert not put_off()
    collections.put_off()
    assert put_off() and gc.get_threshold()[:2] == before[:2]
    loop.move(PUT_OFF_SECONDS - 1)
    collections.put_off()
    loop.move(PUT_OFF_SECONDS - 1)
    assert put_off()
    loop.move(2)
    assert gc.get_threshold() == before


def test_not_without_end(loop, collections):
    """Work that never ends has a full collection after `LONGEST_SECONDS`."""
    seconds = 0
    collections.put_off()
    while put_off():
        loop.move(1)
        seconds += 1
        if put_off():
            collections.put_off()
        assert seconds <= LONGEST_SECONDS
    assert seconds == LONGEST_SECONDS


def test_several_loops(loop, collections):
    """The last one that puts them off sets again what was set before."""
    before = gc.get_threshold()
    other = FullCollections(Loop())
    collections.put_off()
    other.put_off()
    collections.close()
    assert put_off()
    other.close()
    assert gc.get_threshold() == before


def test_a_collector_that_is_off_is_left_alone(loop, collections):
    """The program has decided."""
    gc.disable()
    try:
        collections.put_off()
        assert not put_off()
    finally:
        gc.enable()


def test_large_work_puts_them_off(io_loop):
    """Decoding and encoding in turns, on the IOLoop that is watched."""
    collections = FullCollections(io_loop)
    seen = []

    def steps():
        seen.append(put_off())
        yield

    io_loop.run_sync(lambda: turns.in_turns(steps(), lambda: None))
    assert seen == [True]
    collections.close()
    assert not put_off()
