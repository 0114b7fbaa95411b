"""Real processes: one port for several, signals, crashes, and no orphans."""

from __future__ import absolute_import, division, print_function

import os
import signal
import threading

import pytest
from programs import Program, alive, children_of, wait_until
from raw_client import RawConnection, request_bytes
from running_service import PROGRAM, accepts, pid_that_answers, waiting

from waterspout import service


def test_several_processes_answer_on_one_port(start):
    """As many processes serve the port as were requested."""
    program = start(processes=3)
    pids = set()

    def all_seen():
        pids.add(pid_that_answers(program.port))
        return len(pids) == 3

    wait_until(all_seen, "an answer from each of three processes")
    assert pids == set(children_of(program.pid))


def test_one_process_does_not_fork(start):
    """The program itself answers."""
    program = start(processes=1)
    assert pid_that_answers(program.port) == program.pid


def test_zero_processes_means_one_for_each_cpu(start):
    """As many as this machine, or container, allows; with one CPU the program serves itself."""
    cpus = service.available_cpus()
    program = start(processes=0)
    assert len(children_of(program.pid)) == (cpus if cpus > 1 else 0)


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_stop_signal_lets_the_request_in_flight_finish(start, tmp_path, processes, signum):
    """After the signal no connection is accepted, the request is answered, the exit code is 0."""
    program = start(processes=processes)
    with waiting(program, tmp_path) as connection:
        program.signal(signum)
        wait_until(lambda: not accepts(program.port), "the end of accepting")
        (tmp_path / "go").touch()
        answer = connection.read_answer()
        assert answer.status == 200
        assert answer.headers["connection"] == "close"
        assert connection.is_closed_by_peer()
    assert program.wait() == 0
    assert "returned" in program.output
    assert program.errors.count("Stopping: ") == program.errors.count("Stopped") == 1


@pytest.mark.parametrize("processes", [1, 2])
def test_shutdown_callbacks_run_in_each_serving_process(start, tmp_path, processes):
    """Each process runs those of its own application."""
    program = start(processes=processes)
    pids = children_of(program.pid) if processes > 1 else [program.pid]
    program.signal(signal.SIGTERM)
    program.wait()
    assert sorted(p.name for p in tmp_path.glob("shut-down-*")) == sorted(
        "shut-down-%d" % pid for pid in pids
    )


@pytest.mark.parametrize("processes", [1, 2])
def test_ctrl_c_reaches_the_whole_group_and_still_drains(start, tmp_path, processes):
    """A terminal sends SIGINT to every process; workers must not count it as a second one."""
    program = start(processes=processes)
    with waiting(program, tmp_path) as connection:
        os.killpg(program.pid, signal.SIGINT)
        wait_until(lambda: not accepts(program.port), "the end of accepting")
        (tmp_path / "go").touch()
        assert connection.read_answer().status == 200
    assert program.wait() == 0


@pytest.mark.parametrize("processes", [1, 2])
def test_sigterm_to_every_process_still_drains(start, tmp_path, processes):
    """systemd sends SIGTERM to the parent and the workers."""
    program = start(processes=processes)
    with waiting(program, tmp_path) as connection:
        os.killpg(program.pid, signal.SIGTERM)
        wait_until(lambda: not accepts(program.port), "the end of accepting")
        (tmp_path / "go").touch()
        assert connection.read_answer().status == 200
    assert program.wait() == 0


@pytest.mark.parametrize("processes", [1, 2])
def test_second_signal_exits_at_once(start, tmp_path, processes):
    """Requests in flight are not waited for; no process is left."""
    program = start(processes=processes)
    workers = children_of(program.pid)
    with waiting(program, tmp_path):
        program.signal(signal.SIGINT)
        wait_until(lambda: not accepts(program.port), "the end of accepting")
        program.signal(signal.SIGINT)
        assert program.wait() == 1
    wait_until(lambda: not any(map(alive, workers)), "the end of the workers")


@pytest.mark.parametrize("processes", [1, 3])
def test_keep_alive_clients_see_no_reset_while_draining(start, processes):
    """Clients that use kept connections all the time get a response to each request."""
    program = start(processes=processes)
    outcomes, errors = [], []
    begun = threading.Semaphore(0)

    def hammer():
        try:
            with RawConnection(program.port) as connection:
                for count in range(1000000):
                    if count == 20:
                        begun.release()
                    connection.send(request_bytes("GET", "/pid"))
                    answer = connection.read_answer()
                    assert answer is not None, "no answer to request %d" % count
                    assert answer.status == 200
                    if answer.headers.get("connection") == "close":
                        assert connection.is_closed_by_peer()
                        outcomes.append(count)
                        return
        except Exception as error:
            errors.append(error)
        finally:
            begun.release()

    threads = [threading.Thread(target=hammer) for _ in range(6)]
    for thread in threads:
        thread.start()
    for _ in threads:
        begun.acquire()
    program.signal(signal.SIGTERM)
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(outcomes) == len(threads)
    assert program.wait() == 0


@pytest.mark.parametrize("processes", [1, 2])
def test_idle_connections_do_not_delay_the_stop(start, processes):
    """A kept-alive connection without a request is closed soon, without a reset."""
    program = start(processes=processes)
    with RawConnection(program.port) as connection:
        connection.get("/pid")
        program.signal(signal.SIGTERM)
        assert connection.is_closed_by_peer()
        assert program.wait() == 0


def test_killed_parent_leaves_no_worker(start, tmp_path):
    """SIGKILL of the parent: workers finish their requests, then end."""
    program = start(processes=3)
    workers = children_of(program.pid)
    assert len(workers) == 3
    with waiting(program, tmp_path) as connection:
        program.signal(signal.SIGKILL)
        wait_until(lambda: len([pid for pid in workers if alive(pid)]) == 1, "two workers' end")
        (tmp_path / "go").touch()
        assert connection.read_answer().status == 200
    wait_until(lambda: not any(map(alive, workers)), "the end of the workers")


def test_killed_worker_is_replaced(start):
    """SIGKILL of a worker: another one is started and answers."""
    program = start(processes=2)
    victim, other = children_of(program.pid)
    os.kill(victim, signal.SIGKILL)
    wait_until(lambda: len(set(children_of(program.pid)) - {victim}) == 2, "a new worker")
    (successor,) = set(children_of(program.pid)) - {victim, other}
    os.kill(other, signal.SIGSTOP)
    try:
        assert pid_that_answers(program.port) == successor
    finally:
        os.kill(other, signal.SIGCONT)
    assert "Worker %d was killed by signal 9; restarting it" % victim in program.errors


def test_worker_told_to_stop_is_replaced(start, tmp_path):
    """SIGTERM to one worker drains that one; it does not count as a crash."""
    program = start(processes=2)
    victim = children_of(program.pid)[0]
    os.kill(victim, signal.SIGTERM)
    wait_until(lambda: not alive(victim), "the worker's end")
    wait_until(lambda: len(children_of(program.pid)) == 2, "a new worker")
    assert (tmp_path / ("shut-down-%d" % victim)).exists()
    assert "ended with exit code 0" in program.errors


def test_workers_that_cannot_start_end_the_service(start, tmp_path):
    """They are restarted a few times; then the exit code is 1."""
    program = start(processes=2)
    (tmp_path / "broken").touch()
    for pid in children_of(program.pid):
        os.kill(pid, signal.SIGKILL)
    assert program.wait() == 1
    assert "before it was ready; giving up: no worker serves" in program.errors
    assert "RuntimeError: make_app is broken" in program.errors


def test_worker_that_cannot_start_does_not_end_the_others(start, tmp_path):
    """It is tried again, and serves once it can."""
    program = start(processes=2)
    victim, other = children_of(program.pid)
    (tmp_path / "broken").touch()
    os.kill(victim, signal.SIGKILL)
    wait_until(lambda: program.errors.count("before it was ready; restarting") >= 2, "two attempts")
    assert pid_that_answers(program.port) == other
    (tmp_path / "broken").unlink()
    wait_until(lambda: pid_that_answers(program.port) not in (victim, other), "the new worker")


@pytest.mark.slow
def test_poisonous_request_does_not_end_the_service(start):
    """Each such request kills the worker that reads it; the next request is answered by others."""
    program = start(processes=4)
    for number in range(25):
        with RawConnection(program.port) as connection:
            connection.send(request_bytes("GET", ("/crash", "/kill")[number % 2]))
            assert connection.is_closed_by_peer()
        assert pid_that_answers(program.port)
    assert program.process.poll() is None
    wait_until(lambda: "; 25 workers have crashed within " in program.errors, "the last line")
    assert "giving up" not in program.errors
    wait_until(lambda: len(children_of(program.pid)) == 4, "all workers again")


@pytest.mark.parametrize("attempt", range(5))
def test_stop_at_any_moment_of_the_start_leaves_no_process(attempt, tmp_path):
    """A signal during the start ends all processes that were started by then."""
    with Program([PROGRAM, "processes=3"], cwd=str(tmp_path)) as program:
        workers = wait_until(lambda: children_of(program.pid), "the first worker")
        program.signal(signal.SIGTERM)
        assert program.wait() in (0, -signal.SIGTERM)  # The latter before it listened.
        wait_until(lambda: not any(map(alive, workers)), "the end of the workers")


def test_port_in_use_is_one_line_on_stderr(start):
    """A second program on the same port starts nothing."""
    port = start().port
    with Program([PROGRAM, "port=%d" % port]) as second:
        assert second.wait() == 1
        assert second.errors == (
            "error: cannot listen on 127.0.0.1:%d: the port is in use\n" % port
        )
