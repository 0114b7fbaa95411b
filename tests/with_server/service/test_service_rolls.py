"""SIGHUP: each process of a service is replaced, and no client notices."""

from __future__ import absolute_import, division, print_function

import os
import signal

import pytest
from programs import alive, children_of, wait_until
from raw_client import RawConnection, request_bytes
from running_service import pid_that_answers, waiting
from steady_clients import SteadyClients

pytestmark = pytest.mark.slow

both = pytest.mark.parametrize("processes", [1, 2])


def hang_up(program, ends=("Reloaded", "Reload failed", "Reload stopped")):
    """Send SIGHUP and wait until the log says how that has ended."""
    before = sum(map(program.errors.count, ends))
    program.signal(signal.SIGHUP)
    wait_until(lambda: sum(map(program.errors.count, ends)) > before, "the end of the reload")


def version_of(program):
    with RawConnection(program.port) as connection:
        return connection.get("/version").json["version"]


def versions_of(program, times=20):
    return set(version_of(program) for _ in range(times))


@both
def test_configuration_is_read_again(start, tmp_path, processes):
    """`reload` is called once, in the parent; every process has what it returned."""
    (tmp_path / "version").write_text(u"one")
    program = start(processes=processes, reload=1)
    assert versions_of(program) == {"one"}
    workers = children_of(program.pid)
    (tmp_path / "version").write_text(u"two")
    hang_up(program)
    wait_until(lambda: versions_of(program) == {"two"}, "the last worker of before to leave")
    wait_until(lambda: not any(map(alive, workers)), "the end of the workers before")
    program.signal(signal.SIGTERM)
    assert program.wait() == 0


@both
def test_configuration_that_is_wrong_changes_nothing(start, tmp_path, processes):
    """The reason is in the log, and the next SIGHUP reads the configuration again."""
    (tmp_path / "version").write_text(u"one")
    program = start(processes=processes, reload=1)
    workers = children_of(program.pid)
    (tmp_path / "version").write_text(u"bad")
    hang_up(program)
    assert "Reload failed; the service goes on as before: the configuration is bad" in (
        program.errors)
    assert versions_of(program) == {"one"}
    assert children_of(program.pid) == workers
    (tmp_path / "version").write_text(u"two")
    hang_up(program)
    wait_until(lambda: versions_of(program) == {"two"}, "the last worker of before to leave")


@both
def test_application_that_cannot_be_made_changes_nothing(start, tmp_path, processes):
    """The processes that serve are not replaced."""
    program = start(processes=processes)
    workers = children_of(program.pid)
    (tmp_path / "broken").touch()
    hang_up(program)
    assert "RuntimeError: make_app is broken" in program.errors
    if processes > 1:
        assert "Reload stopped: the new worker " in program.errors
        assert "0 of 2 workers are replaced, and the others serve as before" in program.errors
    assert pid_that_answers(program.port) in (workers if processes > 1 else [program.pid])
    assert children_of(program.pid) == workers
    (tmp_path / "broken").unlink()
    hang_up(program)
    assert pid_that_answers(program.port) not in workers


@both
def test_no_request_is_lost_while_processes_are_replaced(start, processes):
    """Three times, under load, on kept connections and on new ones."""
    program = start(processes=processes)
    with SteadyClients(program.port, 8) as clients:
        for _ in range(3):
            hang_up(program)
    assert clients.errors == []
    assert min(clients.counts) > 0
    program.signal(signal.SIGTERM)
    assert program.wait() == 0


def test_request_in_flight_is_finished_by_the_worker_that_leaves(start, tmp_path):
    """The roll does not wait for it."""
    program = start(processes=2)
    with waiting(program, tmp_path) as connection:
        workers = children_of(program.pid)
        hang_up(program)
        wait_until(lambda: sum(map(alive, workers)) == 1, "the end of the idle worker")
        (tmp_path / "go").touch()
        assert connection.read_answer().json["pid"] in workers
        assert connection.is_closed_by_peer()
    wait_until(lambda: not any(map(alive, workers)), "the end of the other one")
    assert len(children_of(program.pid)) == 2


def test_second_sighup_during_a_roll_begins_another_one(start, tmp_path):
    """After it, with the configuration of that time."""
    (tmp_path / "version").write_text(u"one")
    program = start(processes=2, reload=1)
    (tmp_path / "starting").touch()
    (tmp_path / "version").write_text(u"two")
    program.signal(signal.SIGHUP)
    wait_until((tmp_path / "waiting-starting").exists, "the start of a new worker")
    program.signal(signal.SIGHUP)
    (tmp_path / "version").write_text(u"three")
    (tmp_path / "starting").unlink()
    wait_until(lambda: program.errors.count("Reloaded: all 2 workers") == 2, "both rolls")
    wait_until(lambda: versions_of(program) == {"three"}, "the last worker of before to leave")


def test_worker_that_is_killed_during_a_roll_is_replaced(start, tmp_path):
    """By one of the roll, or by one of the version before that is replaced then."""
    program = start(processes=2)
    workers = children_of(program.pid)
    (tmp_path / "starting").touch()
    program.signal(signal.SIGHUP)
    wait_until((tmp_path / "waiting-starting").exists, "the start of a new worker")
    for pid in workers:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: program.errors.count("was killed by signal 9") == 2, "the workers' end")
    (tmp_path / "starting").unlink()
    wait_until(lambda: "Reloaded" in program.errors, "the end of the roll")
    assert pid_that_answers(program.port) not in workers
    wait_until(lambda: len(children_of(program.pid)) == 2, "the two workers")


def test_stop_during_a_roll_ends_all_processes(start, tmp_path):
    """The new worker, which does not serve yet, too. The exit code is 0."""
    program = start(processes=2)
    (tmp_path / "starting").touch()
    program.signal(signal.SIGHUP)
    wait_until((tmp_path / "waiting-starting").exists, "the start of a new worker")
    workers = children_of(program.pid)
    assert len(workers) == 3
    program.signal(signal.SIGTERM)
    (tmp_path / "starting").unlink()
    assert program.wait() == 0
    assert not any(map(alive, workers))


def test_closed_terminal_reloads_once(start):
    """It sends SIGHUP to all processes; those of the workers are ignored."""
    program = start(processes=2)
    os.killpg(program.pid, signal.SIGHUP)
    wait_until(lambda: "Reloaded" in program.errors, "the end of the roll")
    assert pid_that_answers(program.port)
    assert program.errors.count("SIGHUP") == 1


def test_worker_that_holds_its_loop_is_killed_in_the_end(start, tmp_path):
    """It was replaced and does not even notice that; the others serve."""
    program = start(processes=2, drain_timeout=0.1, patience=0.1)
    connection = RawConnection(program.port)
    connection.send(request_bytes("GET", "/hold"))
    wait_until((tmp_path / "waiting-hold").exists, "the request's start")
    workers = children_of(program.pid)
    hang_up(program)
    wait_until(lambda: not any(map(alive, workers)), "the end of the workers before")
    assert "which was replaced and does not end" in program.errors
    assert pid_that_answers(program.port)
    connection.socket.close()
