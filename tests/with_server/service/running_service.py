"""What tests do with ``service_program.py`` once it runs."""

from __future__ import absolute_import, division, print_function

import os
import socket

from programs import Program, wait_until
from raw_client import RawConnection, request_bytes

PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "service_program.py")


class Service(Program):
    """``service_program.py`` with options; it serves on ``port``."""

    def __init__(self, folder, options, **kwargs):
        arguments = ["%s=%s" % option for option in options.items()]
        super(Service, self).__init__([PROGRAM] + arguments, cwd=str(folder), **kwargs)
        self._folder = folder

    def wait_until_ready(self):
        ready = self._folder / "ready"

        def found():
            assert self.process.poll() is None, "it ended: " + self.errors
            return ready.exists()

        wait_until(found, "the start of the service")
        self.port = int(ready.read_text())
        ready.unlink()
        return self

    @property
    def returned(self):
        """What serve() returned; None before."""
        file = self._folder / "returned"
        return int(file.read_text()) if file.exists() else None


def pid_that_answers(port):
    with RawConnection(port) as connection:
        return connection.get("/pid").json["pid"]


def waiting(program, tmp_path, name="go", path="/wait/go"):
    """A connection with a request at work: one for /wait/go ends once the file "go" exists."""
    connection = RawConnection(program.port)
    connection.send(request_bytes("GET", path))
    wait_until((tmp_path / ("waiting-" + name)).exists, "the request's start")
    return connection


def accepts(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except EnvironmentError:
        return False
    return True
