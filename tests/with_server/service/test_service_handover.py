"""SIGUSR2: a new release takes over the listening sockets, and no client notices."""

from __future__ import absolute_import, division, print_function

import os
import signal

import pytest
from programs import alive, children_of, wait_until
from raw_client import RawConnection
from running_service import pid_that_answers, waiting
from steady_clients import SteadyClients

from waterspout.service import HTTP_SERVERS

pytestmark = pytest.mark.slow

both = pytest.mark.parametrize("processes", [1, 2])


@pytest.fixture
def serve(start):
    """Start the program with a pid file. What it starts is in its session, and ends with it."""
    def serve(**options):
        return start(release=1, pidfile="pid", **options)

    return serve


def main_pid(tmp_path):
    return int((tmp_path / "pid").read_text())


def hand_over(program, pid, tmp_path):
    """Have ``pid`` start a new release; return the pid of that one when it serves."""
    os.kill(pid, signal.SIGUSR2)
    wait_until((tmp_path / "ready").exists, "the new release")
    (tmp_path / "ready").unlink()
    wait_until(lambda: not alive(pid), "the end of process %d" % pid)
    return main_pid(tmp_path)


def version_of(program):
    with RawConnection(program.port) as connection:
        return connection.get("/version").json["version"]


def stop(pid):
    os.kill(pid, signal.SIGTERM)
    wait_until(lambda: not alive(pid), "the end of process %d" % pid)


@pytest.mark.parametrize("processes, http_server", [
    (1, HTTP_SERVERS[0]), (2, HTTP_SERVERS[0]), (2, HTTP_SERVERS[1])])
def test_no_request_is_lost_by_two_new_releases(serve, tmp_path, processes, http_server):
    """Under load, on kept connections and on new ones."""
    (tmp_path / "version").write_text(u"one")
    program = serve(processes=processes, http_server=http_server, operations=1)
    pages = int((tmp_path / "operations").read_text())
    pid = program.pid
    with SteadyClients(program.port, 6) as clients:
        for version in (u"two", u"three"):
            (tmp_path / "version").write_text(version)
            pid = hand_over(program, pid, tmp_path)
            assert version_of(program) == version
    assert clients.errors == []
    assert min(clients.counts) > 0
    assert program.wait() == 0
    with RawConnection(pages) as connection:
        assert connection.get("/readyz").status == 200
    assert pid not in (program.pid, 0)
    stop(pid)
    assert not (tmp_path / "pid").exists()


@both
def test_request_in_flight_is_finished_by_the_release_before(serve, tmp_path, processes):
    """It ends after that, with exit code 0, and serves nothing new meanwhile."""
    program = serve(processes=processes)
    with waiting(program, tmp_path) as connection:
        before = children_of(program.pid) or [program.pid]
        program.signal(signal.SIGUSR2)
        wait_until((tmp_path / "ready").exists, "the new release")
        wait_until(lambda: "serves; this one leaves" in program.errors, "the hand-over")
        wait_until(lambda: pid_that_answers(program.port) not in before, "the new release")
        assert alive(program.pid)
        (tmp_path / "go").touch()
        assert connection.read_answer().json["pid"] in before
    assert program.wait() == 0
    assert program.returned == 0
    stop(main_pid(tmp_path))


@both
@pytest.mark.parametrize("script, why", [
    (u"exit 3", "ended with exit code 3 before it served"),
    (u"eval \"exec $WATERSPOUT_READY_FD>&-\"; while :; do sleep 0.1; done",
     "does not serve as a new release"),
])
def test_release_that_fails_changes_nothing(serve, tmp_path, processes, script, why):
    """The one before goes on, and starts the next one when it is told."""
    program = serve(processes=processes)
    (tmp_path / "release.sh").write_text(script + u"\n")
    workers = children_of(program.pid)
    program.signal(signal.SIGUSR2)
    wait_until(lambda: "this one goes on: process" in program.errors, "the end of the new release")
    assert why in program.errors
    assert pid_that_answers(program.port) in (workers or [program.pid])
    assert main_pid(tmp_path) == program.pid
    (tmp_path / "release.sh").unlink()
    new = hand_over(program, program.pid, tmp_path)
    assert program.wait() == 0
    stop(new)


@both
def test_release_whose_application_is_broken_changes_nothing(serve, tmp_path, processes):
    """Its processes cannot start, so it ends."""
    program = serve(processes=processes)
    (tmp_path / "broken").touch()
    program.signal(signal.SIGUSR2)
    wait_until(lambda: "The new release has failed" in program.errors, "its end")
    assert "RuntimeError: make_app is broken" in program.errors
    assert pid_that_answers(program.port)
    assert main_pid(tmp_path) == program.pid
    program.signal(signal.SIGTERM)
    assert program.wait() == 0


@both
def test_stop_ends_both_releases(serve, tmp_path, processes):
    """Even if a process manager sends the signal to both."""
    program = serve(processes=processes)
    (tmp_path / "starting").touch()
    program.signal(signal.SIGUSR2)
    wait_until((tmp_path / "waiting-starting").exists, "the start of the new release")
    for signum, line in ((signal.SIGUSR2, "SIGUSR2 ignored"), (signal.SIGHUP, "SIGHUP ignored")):
        program.signal(signum)
        wait_until(lambda line=line: line in program.errors, line)
    workers = children_of(program.pid)
    os.killpg(program.pid, signal.SIGTERM)
    (tmp_path / "starting").unlink()
    assert program.wait() == 0
    wait_until(lambda: not any(map(alive, workers)), "the end of all processes")
    assert "Second signal" not in program.errors and "Killing" not in program.errors


def test_signal_without_a_command_is_ignored(start):
    """Otherwise the service would end."""
    program = start()
    program.signal(signal.SIGUSR2)
    wait_until(lambda: "SIGUSR2 ignored: there is no command" in program.errors, "the line")
    assert pid_that_answers(program.port) == program.pid
