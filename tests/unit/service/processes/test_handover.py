"""The start of a new release, and how it ends, without processes."""

from __future__ import absolute_import, division, print_function

import os
import signal

import pytest

from waterspout.service import Application
from waterspout.service._processes import handover as handover_module
from waterspout.service._processes.handover import HANDOVER_TIMEOUT, Handover
from waterspout.service._processes.service_plan import ServicePlan

PID = 999999999


class Announcements(object):
    is_ready = True

    def __init__(self):
        self.told = []

    def handing_over(self):
        self.told.append("begins")

    def handed_over(self, pid):
        self.told.append(pid)

    def not_handed_over(self, failure):
        self.told.append(failure)


class System(object):
    """Processes, signals and a clock of the test's own."""

    def __init__(self, monkeypatch):
        self.now, self.signals, self.statuses, self.started = 100.0, [], {}, []
        self.refusal = None
        self.write_fd = None
        monkeypatch.setattr(handover_module, "start_release", self._start)
        monkeypatch.setattr(handover_module, "monotonic", lambda: self.now)
        monkeypatch.setattr(os, "kill", lambda *args: self.signals.append(args))
        monkeypatch.setattr(os, "waitpid", self._waitpid)

    def _start(self, command, *sockets):
        if self.refusal is not None:
            raise self.refusal
        self.started.append(command)
        read_fd, self.write_fd = os.pipe()
        os.set_blocking(read_fd, False) if hasattr(os, "set_blocking") else _unblock(read_fd)
        return PID, read_fd

    def _waitpid(self, pid, options):
        return (pid, self.statuses[pid]) if pid in self.statuses else (0, 0)

    def write(self, data):
        os.write(self.write_fd, data)

    def close(self):
        if self.write_fd is not None:
            os.close(self.write_fd)
            self.write_fd = None


def _unblock(fd):
    import fcntl

    fcntl.fcntl(fd, fcntl.F_SETFL, os.O_NONBLOCK)


@pytest.fixture
def system(monkeypatch):
    system = System(monkeypatch)
    yield system
    system.close()


@pytest.fixture
def handover(system):
    plan = ServicePlan(Application, Application, [], release_command=["new"])
    handover = Handover(plan, Announcements())
    yield handover
    handover.forget()


def told(handover):
    return handover._announcements.told


def test_release_that_serves_takes_over(handover, system):
    """Once, after it has said so."""
    handover.begin()
    assert handover.is_under_way and not handover.step()
    system.write(b"rea")
    assert not handover.step()
    system.write(b"dy\n")
    assert handover.step() is True
    assert handover.step() is False
    assert told(handover) == ["begins", PID]
    assert system.signals == []


def test_release_that_ends_changes_nothing(handover, system, caplog):
    """The log says how it ended. The next one may be started."""
    handover.begin()
    system.statuses[PID] = 3 << 8
    assert not handover.step()
    line = "process %d ended with exit code 3 before it served" % PID
    assert "The new release has failed, and this one goes on: " + line in caplog.text
    assert told(handover) == ["begins", line]
    assert not handover.is_under_way and handover.due is None
    del system.statuses[PID]
    system.close()
    handover.begin()
    assert len(system.started) == 2


def test_program_that_cannot_be_run_is_named(handover, system, caplog):
    """The new process says why; what it writes cannot add lines to the log."""
    handover.begin()
    system.write(b"not started: No such\nfile")
    system.statuses[PID] = 127 << 8
    handover.step()
    assert "ended with exit code 127 before it served (No such" in caplog.text
    assert "such\nfile" not in caplog.text


def test_process_that_cannot_be_started_changes_nothing(handover, system, caplog):
    """There is no memory, or no program of that name."""
    system.refusal = OSError(2, "No such file or directory")
    handover.begin()
    assert not handover.is_under_way
    assert "it was not started ([Errno 2] No such file or directory)" in caplog.text


def test_release_that_closes_its_pipe_is_killed(handover, system, caplog):
    """It is a program that serves something else, or nothing."""
    handover.begin()
    system.close()
    assert not handover.step()
    assert system.signals == [] and handover.read_fd is None
    system.now = handover.due
    assert not handover.step()
    assert system.signals == [(PID, signal.SIGKILL)]
    assert "process %d does not serve as a new release" % PID in caplog.text
    assert handover._unwaited == {PID}
    system.statuses[PID] = 9
    handover.step()
    assert handover._unwaited == set()


def test_release_that_ends_has_closed_its_pipe_before(handover, system, caplog):
    """The log says how it ended."""
    handover.begin()
    system.close()
    handover.step()
    system.statuses[PID] = 3 << 8
    handover.step()
    assert "ended with exit code 3 before it served" in caplog.text
    assert system.signals == []


def test_release_that_takes_too_long_is_killed(handover, system, caplog):
    """It may have the wrong configuration, and wait for something."""
    handover.begin()
    assert handover.due == 100.0 + HANDOVER_TIMEOUT
    system.now = handover.due - 1
    handover.step()
    assert handover.is_under_way
    system.now = handover.due
    handover.step()
    assert system.signals == [(PID, signal.SIGKILL)]
    assert "did not serve within 120 s" in caplog.text


def test_second_signal_starts_nothing(handover, system, caplog):
    """While the first one starts."""
    handover.begin()
    handover.begin()
    assert len(system.started) == 1
    assert "SIGUSR2 ignored: the new release, process %d, is still" % PID in caplog.text


def test_release_that_does_not_serve_yet_starts_no_other_one(handover, system, caplog):
    """It has nothing to hand over."""
    handover._announcements.is_ready = False
    handover.begin()
    assert system.started == []
    assert "SIGUSR2 ignored: this release does not serve yet" in caplog.text


def test_process_1_starts_no_new_release(handover, system, caplog, monkeypatch):
    """When it ends, the container ends."""
    monkeypatch.setattr(os, "getpid", lambda: 1)
    handover.begin()
    assert system.started == []
    assert "SIGUSR2 ignored: all processes would end with process 1" in caplog.text


def test_signal_is_ignored_without_a_command(system, caplog):
    """The log says what is missing."""
    Handover(ServicePlan(Application, Application, []), Announcements()).begin()
    assert "SIGUSR2 ignored: there is no command that starts a new release" in caplog.text


def test_stop_ends_the_new_release_as_well(handover, system):
    """It is told to stop, as by a process manager."""
    handover.stop()
    assert system.signals == []
    handover.begin()
    handover.stop()
    assert system.signals == [(PID, signal.SIGTERM)]
    assert not handover.step()


def test_flood_from_the_new_release_is_not_kept(handover, system):
    """It is a program that writes something else there."""
    handover.begin()
    for _ in range(3):
        system.write(b"x" * 4096)
    handover.step()
    assert len(handover._text) == 4096
