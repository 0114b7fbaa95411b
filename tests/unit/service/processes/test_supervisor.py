"""The supervisor when forks fail, workers crash or cannot be killed."""

from __future__ import absolute_import, division, print_function

import errno
import os
import signal

import pytest

from waterspout.service import Application, serve_sockets
from waterspout.service._processes import restart_policy, service_plan
from waterspout.service._processes import supervisor as supervisor_module
from waterspout.service._processes.restart_policy import MAX_FAILED_STARTS
from waterspout.service._processes.service_plan import ServicePlan
from waterspout.service._processes.slot import WorkerProcess
from waterspout.service._processes.supervisor import Supervisor


def nothing(*args, **kwargs):
    pass


def make_supervisor(work=nothing, processes=1, **options):
    plan = ServicePlan(Application, nothing, [], processes, **options)
    return Supervisor(plan, work)


@pytest.fixture
def supervisor():
    return make_supervisor()


@pytest.mark.parametrize("code", [errno.EAGAIN, errno.ENOMEM])
def test_refused_fork_is_tried_again_and_logged_once(supervisor, monkeypatch, caplog, code):
    """It does not count as a crash, however often it happens."""
    attempts = []

    def fork():
        attempts.append(None)
        if len(attempts) == MAX_FAILED_STARTS + 5:
            os.kill(os.getpid(), signal.SIGTERM)
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fork", fork)
    monkeypatch.setattr(restart_policy, "FIRST_DELAY", 0.001)
    monkeypatch.setattr(restart_policy, "LONGEST_DELAY", 0.002)
    assert supervisor.run() == 0
    assert len(attempts) == MAX_FAILED_STARTS + 5
    (line,) = [r.getMessage() for r in caplog.records if "cannot be started" in r.getMessage()]
    assert os.strerror(code) in line
    assert "giving up" not in caplog.text


def test_signal_handlers_are_restored_when_run_returns(supervisor, monkeypatch):
    """The program's own handlers apply again."""
    before = [signal.getsignal(signum) for signum in (signal.SIGTERM, signal.SIGINT)]

    def fork():
        os.kill(os.getpid(), signal.SIGTERM)
        raise OSError(errno.EAGAIN, "")

    monkeypatch.setattr(os, "fork", fork)
    assert supervisor.run() == 0
    assert [signal.getsignal(signum) for signum in (signal.SIGTERM, signal.SIGINT)] == before


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize(
    "option, value",
    [("drain_timeout", -1), ("drain_timeout", float("nan")), ("drain_grace", -1), ("processes", -1)]
)
def test_negative_numbers_are_refused(option, value, processes):
    """ValueError names the argument; nothing was started."""
    options = dict(processes=processes)
    options[option] = value
    with pytest.raises(ValueError, match=option):
        serve_sockets(nothing, [], **options)


def test_worker_that_the_program_waited_for_counts_as_crashed(supervisor, monkeypatch, caplog):
    """A callback of the program reaped it; the supervisor goes on."""
    ended = []

    def fork():
        ended.append(None)
        os.kill(os.getpid(), signal.SIGCHLD)
        return 999999999  # No such process, as after it was reaped.

    monkeypatch.setattr(os, "fork", fork)
    monkeypatch.setattr(restart_policy, "FIRST_DELAY", 0.001)
    assert supervisor.run() == 1
    assert len(ended) == MAX_FAILED_STARTS + 1
    assert "giving up" in caplog.text


def test_worker_that_was_ready_never_ends_the_service(monkeypatch, caplog):
    """It crashes again and again, each time after it had said that it serves."""
    ended = []

    def on_worker_exit(pid):
        ended.append(pid)
        if len(ended) == 4 * MAX_FAILED_STARTS:
            os.kill(os.getpid(), signal.SIGTERM)

    def crash(plan, make_app, watch, on_ready, place):
        on_ready()
        os._exit(3)

    monkeypatch.setattr(restart_policy, "FIRST_DELAY", 0.001)
    monkeypatch.setattr(restart_policy, "LONGEST_DELAY", 0.002)
    assert make_supervisor(crash, on_worker_exit=on_worker_exit).run() == 0
    assert len(ended) == 4 * MAX_FAILED_STARTS
    assert "giving up" not in caplog.text
    assert "; 5 workers have crashed within " in caplog.text


def test_workers_that_cannot_start_end_the_service_with_the_reason(monkeypatch, caplog):
    """The exit code is 1, and the last line says how they ended and how often."""
    monkeypatch.setattr(restart_policy, "FIRST_DELAY", 0.001)
    assert make_supervisor(lambda *args, **kwargs: os._exit(3), processes=2).run() == 1
    (line,) = [r.getMessage() for r in caplog.records if "giving up" in r.getMessage()]
    assert "ended with exit code 3 before it was ready; giving up: no worker serves" in line


@pytest.mark.parametrize("end", [lambda: os._exit(0), lambda: os.kill(os.getpid(), signal.SIGKILL)])
def test_each_exit_of_a_worker_is_told_before_the_next_one_starts(monkeypatch, end):
    """With its pid, whether it was a crash, a decision of its own, or the stop."""
    events, parent, fork = [], os.getpid(), os.fork

    def forked():
        if len(events) == 4:
            os.kill(parent, signal.SIGTERM)
        pid = fork()
        if pid:
            events.append(("started", pid))
        return pid

    monkeypatch.setattr(os, "fork", forked)
    monkeypatch.setattr(restart_policy, "FIRST_DELAY", 0.001)
    make_supervisor(
        lambda *args, **kwargs: end(),
        on_worker_exit=lambda pid: events.append(("ended", pid))).run()
    assert [kind for kind, _ in events] == ["started", "ended"] * 3
    assert [pid for _, pid in events[::2]] == [pid for _, pid in events[1::2]]


def test_error_of_on_worker_exit_is_logged(monkeypatch, caplog):
    """The service goes on."""
    seen = []

    def on_worker_exit(pid):
        seen.append(pid)
        if len(seen) == 2:
            os.kill(os.getpid(), signal.SIGTERM)
        raise RuntimeError("broken")

    def broken():
        raise RuntimeError("no application")

    monkeypatch.setattr(restart_policy, "FIRST_DELAY", 0.001)
    serve_sockets(broken, [], processes=2, on_worker_exit=on_worker_exit)
    assert len(seen) >= 2
    assert "on_worker_exit failed; the service goes on" in caplog.text


def test_killed_worker_that_does_not_end_does_not_block_the_stop(monkeypatch, caplog):
    """The kernel may be unable to end a process. The exit code is 1."""
    kill = os.kill

    def fork():
        kill(os.getpid(), signal.SIGTERM)
        return 999999999

    monkeypatch.setattr(supervisor_module, "KILL_TIMEOUT", 0.01)
    monkeypatch.setattr(os, "waitpid", lambda pid, options: (0, 0))
    monkeypatch.setattr(os, "kill", nothing)
    monkeypatch.setattr(os, "fork", fork)
    monkeypatch.setattr(service_plan, "SHUTDOWN_TIMEOUT", 0.0)
    monkeypatch.setattr(service_plan, "STOP_MARGIN", 0.01)
    assert make_supervisor(drain_timeout=0.0).run() == 1
    assert "Worker 999999999 was killed and has not ended" in caplog.text


def test_other_workers_are_killed_although_one_has_ended(monkeypatch):
    """A callback of the program reaped it in the meantime."""
    killed = []

    def kill(pid, signum):
        killed.append(pid)
        if pid == 1001:
            raise OSError(errno.ESRCH, os.strerror(errno.ESRCH))

    supervisor = make_supervisor(processes=2)
    for pid in (1001, 1002):
        supervisor._children.add(WorkerProcess(pid, nothing))
    monkeypatch.setattr(os, "kill", kill)
    supervisor._kill()
    assert sorted(killed) == [1001, 1002]
