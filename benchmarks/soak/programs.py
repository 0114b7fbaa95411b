"""The programs under test and around it, each a process group with its log in a file."""

from __future__ import absolute_import, division, print_function

import contextlib
import os
import signal
import socket
import subprocess
import time

from benchmarks.servers.processes import DidNotStart

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

#: Seconds until a program must accept connections.
_START = 30.0


class Program(object):
    """A program that listens on ``port``.

    Attributes:
        pid (int): of the process that was started last.
        log (str): the path of a file with all that it printed.
    """

    def __init__(self, name, command, port, folder, variables=None):
        # type: (str, list[str], int, str, dict[str, str] | None) -> None
        self.name = name
        self.port = port
        self.log = os.path.join(folder, name + ".log")
        self._command = command
        self._environ = clean_environ(variables or {})
        self._started = []
        self._adopted = None

    @property
    def pid(self):
        # type: () -> int
        return self._adopted or self._started[-1].pid

    def adopt(self, pid):
        # type: (int) -> None
        """Signal this process from now on: it has taken the place of the one that was started."""
        self._adopted = pid

    def start(self):
        # type: () -> None
        """Start it, again too, and return once it accepts connections. Raises DidNotStart."""
        with open(self.log, "ab") as file:
            process = subprocess.Popen(
                self._command, env=self._environ, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=file,
                stderr=subprocess.STDOUT, start_new_session=True)
        self._started.append(process)
        deadline = time.monotonic() + _START
        while not accepts(self.port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise DidNotStart("%s does not serve: %s" % (self.name, self.last_line()))
            time.sleep(0.02)

    def signal(self, number):
        # type: (int) -> None
        os.kill(self.pid, number)

    def poll(self):
        # type: () -> int | None
        """Return the exit code of the process that was started last; None while it runs."""
        return self._started[-1].poll()

    def end(self):
        # type: () -> None
        """Kill all that it has started, and what these have started."""
        # Also the adopted one, which may have a group of its own.
        for kill, pid in [(os.killpg, process.pid) for process in self._started] + [
                (os.kill, self._adopted)] * bool(self._adopted):
            try:
                kill(pid, signal.SIGKILL)
            except OSError:
                pass  # All of them have ended.
        for process in self._started:
            process.wait()

    def last_line(self):
        # type: () -> str
        with open(self.log, "rb") as file:
            lines = file.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else "it printed nothing"


def sandbox(python, port, folder):
    # type: (str, int, str) -> Program
    """The CMDB. Its data is in a file, so that a restart loses none."""
    return Program("cmdb", [
        python, "-m", "waterspout_cmdb.sandbox", "--port=%d" % port,
        "--db=" + os.path.join(folder, "cmdb.db")], port, folder, _sources())


def gateway(name, python, port, cmdb_port, folder, options):
    # type: (str, str, int, int, str, list[str]) -> Program
    """The gateway's command, as an operator starts it."""
    return Program(name, [
        python, "-m", "waterspout_cmdb", "--port=%d" % port, "--upstream=127.0.0.1:%d" % cmdb_port,
        "--logging=warning"] + options, port, folder, _sources())


def _sources():
    places = [os.path.join(ROOT, "src"), os.path.join(ROOT, "cmdb", "src")]
    return {"PYTHONPATH": os.pathsep.join(places)}


def clean_environ(variables):
    # type: (dict[str, str]) -> dict[str, str]
    """Ours without proxies and without the project's own variables, and with these."""
    kept = {name: value for name, value in os.environ.items()
            if not name.lower().endswith("_proxy") and not name.startswith("WATERSPOUT_")}
    return dict(kept, **variables)


def accepts(port):
    # type: (int) -> bool
    with contextlib.closing(socket.socket()) as sock:
        return sock.connect_ex(("127.0.0.1", port)) == 0
