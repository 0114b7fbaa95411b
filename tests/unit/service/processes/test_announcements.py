"""Who is told when a service is ready, reloads, hands over, stops, and is alive."""

from __future__ import absolute_import, division, print_function

import os

import pytest

from waterspout.service import Application, PidFileError
from waterspout.service._processes import announcements as announcements_module
from waterspout.service._processes.announcements import Announcements
from waterspout.service._processes.service_plan import ServicePlan


class Manager(object):
    """Notes what a process manager is told."""

    watchdog_interval = 10.0

    def __init__(self, events):
        self._events = events

    def ready(self, mainpid=None):
        self._events.append(("ready", mainpid))

    def status(self, text):
        self._events.append(("status", text))

    def __getattr__(self, name):
        return lambda: self._events.append(name)


class Predecessor(object):
    def __init__(self, events):
        self._events = events

    def tell_ready(self):
        self._events.append("tell the release before")

    def close(self):
        self._events.append("close")


@pytest.fixture
def events():
    return []


@pytest.fixture
def make(events):
    def make(predecessor=False, **options):
        plan = ServicePlan(
            Application, Application, [], on_ready=lambda: events.append("on_ready"), **options)
        return Announcements(
            plan, Predecessor(events) if predecessor else None, Manager(events))

    return make


def test_on_ready_is_called_before_the_manager_is_told(make, events):
    """What it does belongs to the start."""
    announcements = make()
    assert not announcements.is_ready
    announcements.ready()
    assert announcements.is_ready
    assert events == ["on_ready", ("ready", None), ("status", "Serving")]


def test_new_release_says_that_it_is_the_main_process_now(make, events):
    """And tells the one before last: that one begins to end."""
    make(predecessor=True).ready()
    assert events == ["on_ready", ("ready", os.getpid()), ("status", "Serving"),
                      "tell the release before"]


def test_reload_is_told_to_its_end(make, events):
    """The status shows why the last one has failed."""
    announcements = make()
    announcements.reloading()
    announcements.reloaded()
    announcements.reloaded("the new worker has crashed")
    assert events == [
        "reloading", ("status", "Reloading"), ("ready", None), ("status", "Serving"),
        ("ready", None),
        ("status", "Serving; the last reload failed: the new worker has crashed")]


def test_hand_over_names_the_new_main_process(make, events):
    """systemd believes it only of the one that is it until then."""
    announcements = make()
    announcements.handed_over(77)
    announcements.not_handed_over("it has ended")
    assert events == [
        ("ready", 77), ("status", "Serving; the new release has failed: it has ended")]


def test_stop_is_told(make, events):
    """Before requests are finished, which may take long."""
    make().stopping()
    assert events == ["stopping", ("status", "Stopping: finishing requests")]


def test_watchdog_is_told_each_interval_while_a_process_serves(make, events, monkeypatch):
    """Without one that serves the manager shall restart the service."""
    now = [100.0]
    monkeypatch.setattr(announcements_module, "monotonic", lambda: now[0])
    announcements = make()
    announcements.alive(True)
    assert (events, announcements.due) == (["alive"], 110.0)
    now[0] = 109.0
    announcements.alive(True)
    assert len(events) == 1
    now[0] = 110.0
    announcements.alive(False)
    assert (len(events), announcements.due) == (1, 120.0)
    now[0] = 120.0
    announcements.alive(True)
    assert events == ["alive", "alive"]


def test_nothing_is_due_without_a_watchdog(make, events, monkeypatch):
    """The parent sleeps."""
    monkeypatch.setattr(Manager, "watchdog_interval", None)
    announcements = make()
    announcements.alive(True)
    assert announcements.due is None and events == []


def test_pid_file_is_there_from_the_start_to_the_end(make, tmp_path):
    """With the number of this process."""
    file = tmp_path / "pid"
    announcements = make(pidfile=str(file))
    assert not file.exists()
    announcements.begin()
    assert file.read_text() == "%d\n" % os.getpid()
    announcements.end()
    assert not file.exists()


def test_new_release_leaves_the_pid_file_until_it_serves(make, tmp_path):
    """It belongs to the release before, which goes on if this one fails."""
    file = tmp_path / "pid"
    file.write_text(u"%d\n" % os.getppid())
    announcements = make(predecessor=True, pidfile=str(file))
    announcements.begin()
    assert file.read_text() == "%d\n" % os.getppid()
    announcements.ready()
    assert file.read_text() == "%d\n" % os.getpid()
    announcements.end()


def test_pid_file_that_cannot_be_written_stops_the_start(make, tmp_path):
    """A new release is ready all the same, and logs it."""
    path = str(tmp_path / "missing" / "pid")
    with pytest.raises(PidFileError, match="cannot write the pid file"):
        make(pidfile=path).begin()


def test_new_release_serves_without_its_pid_file(make, tmp_path, events, caplog):
    """The reason is logged."""
    make(predecessor=True, pidfile=str(tmp_path / "missing" / "pid")).ready()
    assert events[-1] == "tell the release before"
    assert "cannot write the pid file" in caplog.text


def test_worker_closes_what_the_parent_has(make, events):
    """Otherwise the release before would not notice that this one has ended."""
    make(predecessor=True).forget()
    make().forget()
    assert events == ["close"]
