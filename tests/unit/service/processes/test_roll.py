"""The order in which workers are replaced, decided without a process."""

from __future__ import absolute_import, division, print_function

import errno

import pytest

from waterspout.service._processes.roll import START_TIMEOUT, Roll
from waterspout.service._processes.slot import Slot, WorkerProcess


def old_app():
    pass


def new_app():
    pass


class Rolling(object):
    """A roll of some slots, with workers that are only noted."""

    def __init__(self, slots=2):
        self.done = []
        self.refusal = None
        self._next_pid = 100
        self.slots = [Slot(old_app) for _ in range(slots)]
        for number, slot in enumerate(self.slots):
            worker = WorkerProcess(number, old_app)
            worker.ready_at = 0.0
            slot.give(worker)
        self.roll = Roll(
            self.slots, new_app, self._start,
            lambda worker: self.done.append(("leave", worker.pid)),
            lambda worker: self.done.append(("kill", worker.pid)))

    def _start(self, make_app):
        if self.refusal is not None:
            raise self.refusal
        worker = WorkerProcess(self._next_pid, make_app)
        self._next_pid += 1
        self.done.append(("start", worker.pid))
        return worker

    def successor_is_ready(self):
        worker = self.roll.successor
        worker.ready_at = 1.0
        self.roll.ready(worker)

    @property
    def serving(self):
        return [slot.worker.pid for slot in self.slots]


@pytest.fixture
def rolling():
    return Rolling()


def test_each_successor_is_ready_before_a_worker_leaves(rolling):
    """One slot after the other."""
    rolling.roll.step(0.0)
    assert rolling.done == [("start", 100)]
    rolling.roll.step(0.0)
    assert rolling.done == [("start", 100)]  # It is waited for.
    rolling.successor_is_ready()
    assert rolling.done == [("start", 100), ("leave", 0)]
    assert rolling.serving == [100, 1]
    rolling.roll.step(0.0)
    rolling.successor_is_ready()
    assert rolling.done[2:] == [("start", 101), ("leave", 1)]
    assert rolling.serving == [100, 101]
    assert rolling.roll.has_ended
    assert rolling.roll.failure is None
    assert [slot.make_app for slot in rolling.slots] == [new_app, new_app]


def test_successor_that_ends_early_stops_the_roll(rolling):
    """The workers serve on, and those that replace them serve the application from before."""
    rolling.roll.step(0.0)
    assert rolling.roll.ended(rolling.roll.successor, "ended with exit code 1")
    assert rolling.roll.has_ended
    assert rolling.roll.failure == (
        "the new worker 100 ended with exit code 1 before it was ready")
    rolling.roll.step(0.0)
    assert rolling.done == [("start", 100)]
    assert rolling.serving == [0, 1]
    assert [slot.make_app for slot in rolling.slots] == [old_app, old_app]


def test_end_of_another_worker_is_not_the_rolls(rolling):
    """It is restarted as always; the successor takes its place when it is ready."""
    rolling.roll.step(0.0)
    (crashed, _) = [slot.worker for slot in rolling.slots]
    assert not rolling.roll.ended(crashed, "was killed by signal 9")
    rolling.slots[0].worker, rolling.slots[0].start_at = None, 5.0
    rolling.successor_is_ready()
    assert rolling.done == [("start", 100)]  # Nobody is left to leave.
    assert rolling.slots[0].worker.pid == 100
    assert rolling.slots[0].start_at is None  # And no other is started.


def test_worker_that_was_restarted_meanwhile_leaves(rolling):
    """The slot has one worker in the end."""
    rolling.roll.step(0.0)
    rolling.slots[0].give(WorkerProcess(50, old_app))
    rolling.successor_is_ready()
    assert rolling.done == [("start", 100), ("leave", 50)]


def test_report_of_another_worker_changes_nothing(rolling):
    """A restarted worker is ready, too."""
    rolling.roll.step(0.0)
    rolling.roll.ready(rolling.slots[1].worker)
    assert rolling.done == [("start", 100)]


@pytest.mark.parametrize("code", [errno.EAGAIN, errno.ENOMEM])
def test_refused_fork_stops_the_roll(rolling, code):
    """Nothing is lost; the next reload begins again."""
    rolling.refusal = OSError(code, "no more")
    rolling.roll.step(0.0)
    assert rolling.roll.has_ended
    assert "a worker cannot be started" in rolling.roll.failure
    assert rolling.serving == [0, 1]


def test_successor_that_does_not_get_ready_is_killed(rolling):
    """After `START_TIMEOUT`; no other reload could begin meanwhile."""
    rolling.roll.step(10.0)
    assert rolling.roll.due == 10.0 + START_TIMEOUT
    rolling.roll.step(10.0 + START_TIMEOUT - 1)
    assert not rolling.roll.has_ended
    rolling.roll.step(10.0 + START_TIMEOUT)
    assert rolling.done == [("start", 100), ("kill", 100)]
    assert rolling.roll.failure == "the new worker 100 was not ready after 120 s"
