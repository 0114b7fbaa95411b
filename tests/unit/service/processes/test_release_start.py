"""What a new release finds when it is started: descriptors, and variables about them."""

from __future__ import absolute_import, division, print_function

import json
import os
import sys

import pytest
from programs import wait_until

from waterspout import service
from waterspout.service._processes.release_start import start_release

#: Writes the environment and what the descriptors are to its pipe.
PROGRAM = """
import json, os, stat
fd = int(os.environ["WATERSPOUT_READY_FD"])
kinds = []
for number in range(3, 40):
    try:
        mode = os.fstat(number).st_mode
    except OSError:
        continue
    kinds.append((number, "socket" if stat.S_ISSOCK(mode) else "pipe" if stat.S_ISFIFO(mode)
                  else "other", os.fstat(number).st_ino))
os.write(fd, json.dumps([os.getpid(), dict(os.environ), kinds]).encode("ascii"))
"""


def run(command, sockets=(), pages=()):
    """What it wrote, its pid, and its exit code."""
    pid, read_fd = start_release(command, sockets, pages)
    try:
        _, status = wait_until(lambda: _ended(pid), "the end of the program")
        return os.read(read_fd, 65536), pid, status
    finally:
        os.close(read_fd)


def _ended(pid):
    ended = os.waitpid(pid, os.WNOHANG)
    return ended if ended[0] else None


@pytest.fixture
def sockets():
    sockets = service.listen(0) + service.listen(0) + service.listen(0)
    yield sockets
    for sock in sockets:
        sock.close()


def inodes(sockets):
    return [os.fstat(sock.fileno()).st_ino for sock in sockets]


def test_new_release_has_the_sockets_and_a_pipe(sockets, monkeypatch):
    """In order, with their names; and `LISTEN_PID` is its own."""
    monkeypatch.setenv("WATCHDOG_PID", str(os.getpid()))
    monkeypatch.setenv("LISTEN_PIDFDID", "5")
    text, pid, _ = run([sys.executable, "-c", PROGRAM], sockets[:2], sockets[2:])
    own, environ, kinds = json.loads(text.decode("ascii"))
    assert own == pid
    assert environ["LISTEN_PID"] == environ["WATCHDOG_PID"] == str(pid)
    assert (environ["LISTEN_FDS"], environ["LISTEN_FDNAMES"], environ["WATERSPOUT_READY_FD"]) == (
        "3", "service:service:operations", "6")
    assert "LISTEN_PIDFDID" not in environ
    kinds = dict((number, (kind, inode)) for number, kind, inode in kinds)
    assert [kinds[number] for number in (3, 4, 5)] == [
        ("socket", inode) for inode in inodes(sockets)]
    assert kinds[6][0] == "pipe"
    others = [kinds[number][1] for number in kinds if number > 6]
    assert not set(others) & (set(inodes(sockets)) | {kinds[6][1]})


def test_descriptors_of_the_sockets_may_be_those_that_are_given(sockets):
    """In any order: none overwrites another one."""
    for order in (sockets, sockets[::-1]):
        text = run([sys.executable, "-c", PROGRAM], order)[0]
        kinds = json.loads(text.decode("ascii"))[2]
        assert [inode for number, _, inode in kinds if number < 6] == inodes(order)


def test_program_is_found_on_the_path(monkeypatch):
    """As by a shell."""
    assert run(["sh", "-c", "echo hello >&$WATERSPOUT_READY_FD"])[0] == b"hello\n"
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(OSError, match="new-release"):
        start_release(["new-release"], [], [])


def test_program_that_cannot_be_run_says_why(tmp_path):
    """Nothing else of this process is run in the new one."""
    text, _, status = run([str(tmp_path / "missing")])
    assert text.startswith(b"not started: [Errno 2] No such file")
    assert os.WEXITSTATUS(status) == 127
