"""Standard streams that are closed, full or not read do not affect a service."""

from __future__ import absolute_import, division, print_function

import os
import signal

import pytest
from lost_streams import KINDS, lose, names_of_standard_descriptors
from programs import children_of, wait_until
from raw_client import RawConnection
from running_service import pid_that_answers

both = pytest.mark.parametrize("processes", [1, 2])
kinds = pytest.mark.parametrize("kind", KINDS)

#: Whether Python holds back what it writes. A program that inherits the wish for none fails
#: in other places: when it writes, not when it forks or ends.
buffering = pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "unbuffered"])


@pytest.mark.slow
@both
@kinds
@buffering
def test_service_without_standard_streams_serves_and_stops(start, processes, kind, unbuffered):
    """Handlers print, a worker dies and is replaced, and the exit code is 0."""
    program = start(
        processes=processes,
        environment={"PYTHONUNBUFFERED": unbuffered},
        prepare=lose(kind, 0, 1, 2),
    )
    use_and_stop(program, processes)


@pytest.mark.slow
@both
@kinds
def test_service_without_standard_output_serves_and_stops(start, processes, kind):
    """The log has no error of the kit."""
    program = start(
        processes=processes, environment={"PYTHONUNBUFFERED": ""}, prepare=lose(kind, 1))
    use_and_stop(program, processes)
    assert "Traceback" not in program.errors
    assert "Stopped" in program.errors


def use_and_stop(program, processes):
    with RawConnection(program.port) as connection:
        connection.get("/print")
    if processes > 1:
        victim = children_of(program.pid)[0]
        os.kill(victim, signal.SIGKILL)
        wait_until(lambda: len(set(children_of(program.pid)) - {victim}) == processes)
    assert pid_that_answers(program.port)
    program.signal(signal.SIGTERM)
    assert program.wait() == program.returned == 0


@both
def test_closed_standard_descriptors_are_not_reused_for_sockets(start, processes):
    """Printed text must not be sent to a client; children must not inherit a socket."""
    program = start(processes=processes, prepare=lose("closed", 0, 1, 2))
    serving = pid_that_answers(program.port)
    for pid in (program.pid, serving):
        assert names_of_standard_descriptors(pid) == ["/dev/null"] * 3
