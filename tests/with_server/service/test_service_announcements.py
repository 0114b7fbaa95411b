"""What a process manager is told by a service that runs: the protocol of sd_notify(3)."""

from __future__ import absolute_import, division, print_function

import os
import signal
import socket

import pytest
from programs import wait_until
from running_service import Service, pid_that_answers

pytestmark = pytest.mark.slow


class Manager(object):
    """The socket of a process manager."""

    def __init__(self, path):
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(path)
        self._socket.setblocking(False)
        self.told = []

    def has_been_told(self, line):
        try:
            while True:
                self.told.extend(self._socket.recv(4096).decode("ascii").split("\n"))
        except EnvironmentError:
            return line in self.told

    def wait_for(self, line):
        wait_until(lambda: self.has_been_told(line), line)
        del self.told[:self.told.index(line) + 1]

    def close(self):
        self._socket.close()


@pytest.fixture
def manager(tmp_path):
    manager = Manager(str(tmp_path / "manager"))
    yield manager
    manager.close()


@pytest.mark.parametrize("processes", [1, 2])
def test_service_tells_its_manager_and_has_a_pid_file(start, tmp_path, manager, processes):
    """Ready, alive, reloading, ready again, stopping; the pid file is removed."""
    program = start(
        environment={"NOTIFY_SOCKET": str(tmp_path / "manager"), "WATCHDOG_USEC": "100000"},
        processes=processes, pidfile="service.pid")
    assert int((tmp_path / "service.pid").read_text()) == program.pid
    manager.wait_for("READY=1")
    manager.wait_for("STATUS=Serving")
    for _ in range(3):
        manager.wait_for("WATCHDOG=1")
    program.signal(signal.SIGHUP)
    manager.wait_for("RELOADING=1")
    manager.wait_for("READY=1")
    assert pid_that_answers(program.port)
    program.signal(signal.SIGTERM)
    manager.wait_for("STOPPING=1")
    assert program.wait() == 0
    assert not os.path.exists(str(tmp_path / "service.pid"))


def test_second_service_with_the_pid_file_of_the_first_one_does_not_start(start, tmp_path):
    """The error says whose it is, and the first one goes on."""
    program = start(pidfile="service.pid")
    with Service(tmp_path, {"pidfile": "service.pid"}) as second:
        assert second.wait() == 1
        assert "process %d, which has written it, is running" % program.pid in second.errors
    assert pid_that_answers(program.port) == program.pid
