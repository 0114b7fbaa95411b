"""Process 1 waits for orphans, and leaves the program's own children to it."""

from __future__ import absolute_import, division, print_function

import os

import pytest
from programs import wait_until

from waterspout.service._processes import orphans as orphans_module
from waterspout.service._processes.orphans import OWN_CHILDREN_SECONDS, Orphans, zombies


class System(object):
    """A clock, and the children that have ended."""

    def __init__(self, monkeypatch):
        self.now, self.ended, self.waited = 100.0, [], []
        monkeypatch.setattr(orphans_module, "monotonic", lambda: self.now)
        monkeypatch.setattr(os, "waitpid", self._waitpid)

    def _waitpid(self, pid, options):
        if pid not in self.ended:
            raise OSError(10, "No child processes")
        self.ended.remove(pid)
        self.waited.append(pid)
        return pid, 0

    def look(self, orphans, others=()):
        self.now += OWN_CHILDREN_SECONDS
        orphans.step(others)


@pytest.fixture
def system(monkeypatch):
    return System(monkeypatch)


def test_child_that_nobody_waits_for_is_an_orphan(system):
    """Once it has been there for `OWN_CHILDREN_SECONDS`."""
    orphans = Orphans(1, lambda: list(system.ended))
    system.ended = [7, 8]
    system.look(orphans)
    assert system.waited == []
    system.now += OWN_CHILDREN_SECONDS - 1
    orphans.step()
    assert system.waited == []
    system.now += 1
    orphans.step()
    assert system.waited == [7, 8]


def test_child_that_the_program_waits_for_is_left_to_it(system):
    """It does so when it has time; another one may get the same number later."""
    orphans = Orphans(1, lambda: list(system.ended))
    system.ended = [7]
    system.look(orphans)
    system.ended = []
    system.look(orphans)
    system.ended = [7]
    system.look(orphans)
    assert system.waited == []


def test_workers_are_left_to_the_supervisor(system):
    """However long they have ended."""
    orphans = Orphans(1, lambda: list(system.ended))
    system.ended = [7, 8]
    for _ in range(3):
        system.look(orphans, {7})
    assert system.waited == [8]


def test_child_that_was_waited_for_in_the_same_moment_is_no_error(system):
    """By a thread of the program."""
    orphans = Orphans(1, lambda: [7])
    system.look(orphans)
    system.look(orphans)
    assert system.waited == []


def test_other_processes_get_no_orphans(system):
    """They never look."""
    orphans = Orphans(2, lambda: list(system.ended))
    assert orphans.due is None
    system.ended = [7]
    system.look(orphans)
    system.look(orphans)
    assert system.waited == []


def test_children_that_have_ended_are_found():
    """And those that run are not."""
    reader, writer = os.pipe()
    ended = os.fork() or os._exit(0)
    running = os.fork()
    if not running:
        os.close(writer)
        os.read(reader, 1)
        os._exit(0)
    try:
        wait_until(lambda: ended in zombies(), "the end of the child")
        assert running not in zombies()
    finally:
        os.close(reader)
        os.close(writer)
        os.waitpid(ended, 0)
        os.waitpid(running, 0)
    assert ended not in zombies()
