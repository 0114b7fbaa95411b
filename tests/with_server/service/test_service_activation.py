"""A service on sockets that the program which started it has opened, as systemd does.

The test is that program: it holds the listening socket, and passes it on as descriptor 3.
"""

from __future__ import absolute_import, division, print_function

import os
import signal
import sys

import pytest
from programs import SOURCES, wait_until
from raw_client import RawConnection, request_bytes
from running_service import PROGRAM

from waterspout import service


class Activated(object):
    """``service_program.py``, started with listening sockets as descriptors 3 and above."""

    def __init__(self, folder, sockets, processes=1):
        self._ready = str(folder / "ready")
        environ = dict(os.environ, PYTHONPATH=SOURCES, LISTEN_FDS=str(len(sockets)))
        command = [sys.executable, PROGRAM, "inherited=1", "processes=%d" % processes]
        self.pid = os.fork()
        if self.pid == 0:
            try:
                os.setsid()
                os.chdir(str(folder))
                log = os.open("log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
                for number, sock in enumerate(sockets):  # Out of the way first.
                    os.dup2(sock.fileno(), 200 + number)
                for fd in (1, 2):
                    os.dup2(log, fd)
                for number in range(len(sockets)):
                    os.dup2(200 + number, 3 + number)
                    os.close(200 + number)
                environ["LISTEN_PID"] = str(os.getpid())
                os.execve(command[0], command, environ)
            finally:
                os._exit(127)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        if self.pid is not None:
            os.killpg(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)

    def wait_until_ready(self):
        wait_until(lambda: os.path.exists(self._ready), "the start of the service")
        os.remove(self._ready)

    def stop(self):
        """Its exit code."""
        os.kill(self.pid, signal.SIGTERM)
        status = wait_until(self._ended, "the end of the service")[1]
        self.pid = None
        return os.WEXITSTATUS(status) if os.WIFEXITED(status) else -os.WTERMSIG(status)

    def _ended(self):
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        return (pid, status) if pid else None


@pytest.mark.slow
@pytest.mark.parametrize("processes", [1, 2])
def test_clients_wait_while_the_service_is_started_and_restarted(tmp_path, processes):
    """None is refused or reset: the socket listens all the time."""
    sockets = service.listen(0)
    port = service.port_of(sockets)
    try:
        for _ in range(2):
            with RawConnection(port) as client:
                client.send(request_bytes("GET", "/pid"))  # Nobody is there yet.
                with Activated(tmp_path, sockets, processes) as activated:
                    pid = client.read_answer().json["pid"]
                    assert (pid == activated.pid) == (processes == 1)
                    activated.wait_until_ready()
                    assert activated.stop() == 0
    finally:
        for sock in sockets:
            sock.close()


def test_descriptors_that_do_not_listen_end_the_program(tmp_path):
    """The line says which one, and what is wrong with the unit."""
    (listening,) = service.listen(0)
    with RawConnection(service.port_of([listening])) as client:
        with Activated(tmp_path, [listening, client.socket]) as activated:
            status = wait_until(activated._ended, "the end of the program")[1]
            activated.pid = None
    listening.close()
    assert os.WEXITSTATUS(status) == 1
    assert (tmp_path / "log").read_text() == (
        "error: cannot use inherited sockets: descriptor 4 does not listen; use Accept=no in the "
        "socket unit\n")
