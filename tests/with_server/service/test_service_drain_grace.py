"""The time between the signal to stop and the end of accepting."""

from __future__ import absolute_import, division, print_function

import os
import signal

import pytest
from programs import children_of, wait_until
from running_service import accepts, waiting
from served_app import ServedApp

from waterspout import service
from waterspout._compat import monotonic

#: Seconds of grace that no test waits for.
LONG = 600


class DrainingHandler(service.JSONHandler):
    def get(self):
        self.write_json({"draining": self.application.draining})


def make_app():
    return service.Application([("/draining", DrainingHandler)])


def is_draining(connection):
    return connection.get("/draining").json["draining"]


def test_application_says_at_once_that_it_drains(serve):
    """New connections are served meanwhile, and kept ones stay usable."""
    with serve(make_app, drain_grace=LONG) as served, served.connect() as kept:
        assert not is_draining(kept)
        served.stop()
        wait_until(lambda: is_draining(kept), "the answer that says so")
        with served.connect() as new:
            answers = [connection.get("/draining") for connection in (new, new, kept, kept)]
        assert [answer.json for answer in answers] == [{"draining": True}] * 4
        assert [answer.headers.get("connection") for answer in answers] == [None] * 4
        served.call(served.worker.make_way)


def test_accepting_ends_after_the_grace_period(serve):
    """Then responses say Connection: close, and idle connections are closed."""
    with serve(make_app, drain_grace=0.2) as served, served.connect() as idle:
        assert not is_draining(idle)
        served.stop()
        begun = monotonic()
        assert idle.is_closed_by_peer()
        assert monotonic() - begun >= 0.2
    assert not accepts(served.port)


def test_process_that_leaves_does_not_say_that_the_service_drains():
    """Others serve on, so a load balancer must not look elsewhere."""
    with ServedApp(make_app, drain_grace=LONG) as served, served.connect() as kept:
        assert not is_draining(kept)
        served.call(served.worker.make_way)
        answer = kept.get("/draining")
        while answer.headers.get("connection") != "close":
            answer = kept.get("/draining")
        assert answer.json == {"draining": False}


@pytest.mark.slow
def test_service_accepts_until_the_grace_period_has_passed(start, tmp_path):
    """Although a process manager sent SIGTERM to the workers as well. The exit code is 0."""
    program = start(processes=2, drain_grace=LONG)
    os.killpg(program.pid, signal.SIGTERM)
    wait_until(lambda: "Stopping: " in program.errors, "the beginning of the stop")
    assert "new connections are accepted for 600 s" in program.errors
    with waiting(program, tmp_path) as connection:
        for pid in children_of(program.pid):
            os.kill(pid, signal.SIGUSR1)  # Ends the time for each of them.
        wait_until(lambda: not accepts(program.port), "the end of accepting")
        (tmp_path / "go").touch()
        answer = connection.read_answer()
        assert (answer.status, answer.headers["connection"]) == (200, "close")
    assert program.wait() == 0


@pytest.mark.slow
@pytest.mark.parametrize("processes", [1, 2])
def test_second_signal_ends_the_grace_period(start, tmp_path, processes):
    """And the service, at once."""
    program = start(processes=processes, drain_grace=LONG)
    with waiting(program, tmp_path):
        program.signal(signal.SIGTERM)
        wait_until(lambda: "Stopping: " in program.errors, "the beginning of the stop")
        program.signal(signal.SIGTERM)
        assert program.wait() == 1
