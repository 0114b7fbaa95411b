"""How a new release finds the one that has started it, and what it tells it."""

from __future__ import absolute_import, division, print_function

import fcntl
import os

import pytest

from waterspout.service._processes.predecessor import READY_VARIABLE, find_predecessor


@pytest.fixture
def pipe():
    ends = os.pipe()
    yield ends
    for fd in ends:
        try:
            os.close(fd)
        except OSError:
            pass  # By the test.


def test_ready_is_written_once(pipe):
    """Then the pipe is closed, so that its other end need not wait."""
    environ = {READY_VARIABLE: str(pipe[1]), "A": "b"}
    predecessor = find_predecessor(environ)
    assert environ == {"A": "b"}
    predecessor.tell_ready()
    predecessor.tell_ready()
    assert (os.read(pipe[0], 100), os.read(pipe[0], 100)) == (b"ready\n", b"")


def test_programs_that_are_started_do_not_inherit_the_pipe(pipe):
    """One that goes on would keep it open."""
    find_predecessor({READY_VARIABLE: str(pipe[1])})
    assert fcntl.fcntl(pipe[1], fcntl.F_GETFD) & fcntl.FD_CLOEXEC


def test_predecessor_that_has_ended_is_no_error(pipe):
    """This release serves."""
    predecessor = find_predecessor({READY_VARIABLE: str(pipe[1])})
    os.close(pipe[0])
    predecessor.tell_ready()


def test_service_that_no_release_has_started_has_none():
    """The usual start."""
    assert find_predecessor({}) is None


@pytest.mark.parametrize("text", ["", "x", "-1", "999999", "1e3", "99999999999999999999"])
def test_variable_that_names_no_pipe_is_ignored(text, caplog):
    """It is logged, and removed."""
    environ = {READY_VARIABLE: text}
    assert find_predecessor(environ) is None
    assert environ == {}
    assert "Ignored WATERSPOUT_READY_FD=" in caplog.text


def test_other_files_are_not_written_to(tmp_path, caplog):
    """The number may be that of any descriptor."""
    file = tmp_path / "data"
    with open(str(file), "w") as opened:
        assert find_predecessor({READY_VARIABLE: str(opened.fileno())}) is None
    assert file.read_text() == ""
    assert "it is not a pipe" in caplog.text
