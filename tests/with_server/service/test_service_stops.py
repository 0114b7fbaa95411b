"""A stop always ends, whatever blocks the service, with the right exit code."""

from __future__ import absolute_import, division, print_function

import fcntl
import os
import signal

import pytest
from programs import alive, children_of, wait_until
from running_service import pid_that_answers, waiting

from waterspout._compat import monotonic

both = pytest.mark.parametrize("processes", [1, 2])

#: Seconds that nothing in these tests may take. Tests of a second signal give the first one so
#: long that only the second explains the end.
LONG = 600


def stop_until_draining(program, signum=signal.SIGTERM):
    program.signal(signum)
    wait_until(lambda: "Stopping: " in program.errors, "the beginning of the stop")


@both
def test_requests_that_are_cut_off_make_the_exit_code_1(start, tmp_path, processes):
    """One line is logged; no exception is logged as never retrieved."""
    program = start(processes=processes, drain_timeout=0.2)
    with waiting(program, tmp_path):
        program.signal(signal.SIGTERM)
        assert program.wait() == program.returned == 1
    assert "Cut off 1 requests" in program.errors
    assert "never" not in program.errors
    assert "Traceback" not in program.errors


def test_worker_that_hangs_is_killed_and_serve_returns(start):
    """The code after serve() runs."""
    program = start(processes=2, drain_timeout=0.1, patience=0.1)
    os.kill(children_of(program.pid)[0], signal.SIGSTOP)
    program.signal(signal.SIGTERM)
    assert program.wait() == program.returned == 1
    assert "which is still running" in program.errors
    assert "Traceback" not in program.errors


def test_second_signal_kills_a_worker_that_hangs_and_serve_returns(start):
    """The same, without waiting for the time of the stop."""
    program = start(processes=2, drain_timeout=LONG)
    os.kill(children_of(program.pid)[0], signal.SIGSTOP)
    stop_until_draining(program)
    program.signal(signal.SIGTERM)
    assert program.wait() == program.returned == 1
    assert "Traceback" not in program.errors


@both
@pytest.mark.parametrize("name", ["thread", "hold"])
def test_handler_that_never_ends_does_not_block_the_stop(start, tmp_path, processes, name):
    """It waits for a thread that hangs, or holds the IOLoop itself."""
    program = start(processes=processes, drain_timeout=0.1, patience=0.2)
    with waiting(program, tmp_path, name, "/" + name):
        program.signal(signal.SIGTERM)
        assert program.wait() == 1
    assert processes > 1 or "exiting" in program.errors


@pytest.mark.parametrize("name", ["thread", "hold"])
def test_second_signal_ends_a_single_process_that_is_blocked(start, tmp_path, name):
    """At once, although the time for the stop is long."""
    program = start(processes=1, drain_timeout=LONG, patience=LONG)
    with waiting(program, tmp_path, name, "/" + name):
        program.signal(signal.SIGTERM)
        if name == "thread":
            wait_until(lambda: "Stopping: " in program.errors, "the beginning of the stop")
        program.signal(signal.SIGINT)
        assert program.wait() == 1
    assert "Second signal" in program.errors


def test_signal_after_the_drain_ends_a_process_whose_thread_hangs(start, tmp_path):
    """serve() has returned, and Python waits for the thread."""
    program = start(processes=1, drain_timeout=0.1, patience=LONG)
    with waiting(program, tmp_path, "thread", "/thread"):
        program.signal(signal.SIGTERM)
        wait_until(lambda: program.returned == 1, "the return of serve()")
        program.signal(signal.SIGTERM)
        assert program.wait() == -signal.SIGTERM


@both
def test_shutdown_callback_that_blocks_does_not_block_the_stop(start, tmp_path, processes):
    """It waits for a lock on the IOLoop; meanwhile Python 2 runs no signal handler."""
    (tmp_path / "closing").touch()
    program = start(processes=processes, drain_timeout=0.1, patience=0.2)
    program.signal(signal.SIGTERM)
    assert program.wait() == 1


def test_blocked_worker_that_is_told_to_stop_alone_ends(start, tmp_path):
    """The parent keeps running and does not kill it; another worker replaces it."""
    (tmp_path / "closing").touch()
    program = start(processes=2, drain_timeout=0.1, patience=0.1)
    victim = children_of(program.pid)[0]
    os.kill(victim, signal.SIGTERM)
    wait_until(lambda: not alive(victim), "the end of the worker")
    wait_until(lambda: len(children_of(program.pid)) == 2, "a new worker")
    assert "Still running after the time for the stop" in program.errors


def test_blocked_workers_end_after_their_parent_was_killed(start, tmp_path):
    """A shutdown callback blocks, and no process is left to kill them."""
    (tmp_path / "closing").touch()
    program = start(processes=2, drain_timeout=0.1, patience=0.1)
    workers = children_of(program.pid)
    program.signal(signal.SIGKILL)
    wait_until(lambda: not any(map(alive, workers)), "the end of the workers")


def test_second_signal_ends_a_shutdown_callback_that_blocks(start, tmp_path):
    """On Python 2, too, where a lock blocks signal handlers."""
    (tmp_path / "closing").touch()
    program = start(processes=1, patience=LONG)
    program.signal(signal.SIGTERM)
    wait_until((tmp_path / ("shut-down-%d" % program.pid)).exists, "the shutdown callback")
    program.signal(signal.SIGTERM)
    assert program.wait() == -signal.SIGTERM


@both
def test_log_that_is_not_read_does_not_block_the_stop(start, processes):
    """The pipe behind stderr is full, so each log line blocks."""
    read_fd, write_fd = os.pipe()
    program = start(
        processes=processes, drain_timeout=0.1, patience=0.2, prepare=lambda: os.dup2(write_fd, 2))
    workers = children_of(program.pid) if processes > 1 else []
    try:
        fill(write_fd)
        program.signal(signal.SIGTERM)
        assert program.wait() == 1
        wait_until(lambda: not any(map(alive, workers)), "the end of the workers")
    finally:
        os.close(read_fd)
        os.close(write_fd)


def fill(write_fd):
    """Write to a pipe until it is full; it blocks its writers afterwards."""
    flags = fcntl.fcntl(write_fd, fcntl.F_GETFL)
    fcntl.fcntl(write_fd, fcntl.F_SETFL, flags | os.O_NONBLOCK)
    try:
        while True:
            os.write(write_fd, b"x" * 512)
    except EnvironmentError:
        pass
    finally:
        fcntl.fcntl(write_fd, fcntl.F_SETFL, flags)


def test_code_after_serve_may_take_any_time(start, tmp_path):
    """Idle threads from serving do not limit it."""
    (tmp_path / "afterwards").touch()
    program = start(processes=1, patience=0.1)
    with waiting(program, tmp_path, "idle", "/idle") as connection:
        assert connection.read_answer().status == 200
    program.signal(signal.SIGTERM)
    wait_until(lambda: program.returned == 0, "the return of serve()")
    begun = monotonic()
    wait_until(lambda: monotonic() > begun + 0.5, "five times the patience")
    assert alive(program.pid)
    (tmp_path / "afterwards").unlink()
    assert program.wait() == 0


@both
def test_infinite_drain_waits_for_the_request(start, tmp_path, processes):
    """No system call accepts infinity, so none gets it."""
    program = start(processes=processes, drain_timeout="inf")
    with waiting(program, tmp_path) as connection:
        stop_until_draining(program)
        (tmp_path / "go").touch()
        assert connection.read_answer().status == 200
    assert program.wait() == 0


@both
def test_sighup_does_nothing_under_nohup(start, processes):
    """nohup ignores the signal; the service does not change that."""
    program = start(
        processes=processes, prepare=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    program.signal(signal.SIGHUP)
    assert pid_that_answers(program.port)
    program.signal(signal.SIGTERM)
    assert program.wait() == 0
    assert "SIGHUP" not in program.errors


@both
def test_on_ready_that_raises_does_not_end_the_service(start, processes):
    """The error is logged, and requests are served."""
    program = start(processes=processes, on_ready="fails")
    wait_until(lambda: "on_ready is broken" in program.errors, "the traceback")
    assert pid_that_answers(program.port)
    program.signal(signal.SIGTERM)
    assert program.wait() == 0
