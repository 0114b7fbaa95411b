"""What the tests of servers and processes share: raw connections, child processes, patience."""

from __future__ import absolute_import, division, print_function

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SRC = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(HERE))), "src")

#: Seconds after which a test gives up; never reached when all is well.
PATIENCE = 30.0


def wait_until(condition, what="it"):
    """Return the first true value of ``condition()``."""
    deadline = time.time() + PATIENCE
    while time.time() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.01)
    raise AssertionError("%s did not happen within %g s" % (what, PATIENCE))


def alive(pid):
    """Whether the process runs; a zombie, which only waits to be noticed, does not."""
    try:
        with open("/proc/%d/stat" % pid) as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except EnvironmentError:
        return False


def children_of(pid):
    """The pids of a process's children."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open("/proc/%s/stat" % name) as stat:
                    fields = stat.read().rsplit(")", 1)[1].split()
            except EnvironmentError:
                continue
            if int(fields[1]) == pid and fields[0] not in "ZX":
                found.append(int(name))
    return found


class Answer(object):
    """One HTTP answer: ``status``, ``headers`` (lower-case names) and ``body``."""

    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    def __repr__(self):
        return "<Answer %d %r %r>" % (self.status, self.headers, self.body[:200])

    @property
    def json(self):
        assert self.headers["content-type"] == "application/json; charset=utf-8", self
        return json.loads(self.body.decode("utf-8"))


class RawConnection(object):
    """A blocking socket that sends exactly what it is given."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self._buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def post(self, path, body, headers=()):
        self.send(request_bytes("POST", path, body, headers))
        return self.read_answer()

    def get(self, path):
        self.send(request_bytes("GET", path))
        return self.read_answer()

    def read_answer(self, without_body=False):
        """The next answer, or None if the connection is closed before it begins."""
        while b"\r\n\r\n" not in self._buffer:
            data = self.socket.recv(65536)
            if not data:
                assert not self._buffer, "cut off within the headers: %r" % self._buffer
                return None
            self._buffer += data
        head, self._buffer = self._buffer.split(b"\r\n\r\n", 1)
        lines = head.decode("latin1").split("\r\n")
        headers = dict((k.lower(), v) for k, v in (line.split(": ", 1) for line in lines[1:]))
        length = 0 if without_body else int(headers.get("content-length", 0))
        while len(self._buffer) < length:
            data = self.socket.recv(65536)
            assert data, "cut off within the body: %r" % self._buffer
            self._buffer += data
        body, self._buffer = self._buffer[:length], self._buffer[length:]
        return Answer(int(lines[0].split(" ")[1]), headers, body)

    def is_closed_by_peer(self):
        """Wait for the peer to end the connection, properly (True) or by a reset (an error)."""
        return self._buffer == b"" and self.socket.recv(1) == b""


def request_bytes(method, path, body=None, headers=()):
    lines = ["%s %s HTTP/1.1" % (method, path), "Host: test"]
    lines += ["%s: %s" % header for header in headers]
    if body is not None:
        lines.append("Content-Length: %d" % len(body))
    return "\r\n".join(lines).encode("latin1") + b"\r\n\r\n" + (body or b"")


class Program(object):
    """A Python program under test, with what it writes kept for assertions."""

    def __init__(self, arguments, environment=None, cwd=None):
        self._output = tempfile.TemporaryFile()
        self._errors = tempfile.TemporaryFile()
        env = dict((k, v) for k, v in os.environ.items() if not k.startswith("WATERSPOUT_"))
        env.update(PYTHONPATH=SRC, PYTHONDONTWRITEBYTECODE="1", PYTHONUNBUFFERED="1")
        env.update(environment or {})
        self.process = subprocess.Popen(
            [sys.executable] + arguments,
            stdout=self._output,
            stderr=self._errors,
            stdin=subprocess.PIPE,
            close_fds=True,
            env=env,
            cwd=cwd,
            preexec_fn=os.setsid,
        )
        self.pid = self.process.pid

    def __enter__(self):
        return self

    def __exit__(self, *error):
        """Leave nothing behind: neither the program nor anything in its session."""
        if error[0] is not None:
            sys.stderr.write("--- stdout\n%s--- stderr\n%s" % (self.output, self.errors))
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except OSError:
            pass
        self.process.wait()
        self.process.stdin.close()
        self._output.close()
        self._errors.close()

    @property
    def output(self):
        return _content(self._output)

    @property
    def errors(self):
        return _content(self._errors)

    def search(self, pattern):
        """Wait until what it wrote to stdout matches; returns the match."""

        def found():
            match = re.search(pattern, self.output)
            assert match or self.process.poll() is None, "it ended: " + self.errors
            return match

        return wait_until(found, "output like %r" % pattern)

    def signal(self, signum):
        os.kill(self.pid, signum)

    def wait(self):
        """Its exit code."""

        def ended():
            self.process.poll()
            return self.process.returncode is not None

        wait_until(ended, "the end of the program")
        return self.process.returncode


def _content(file):
    # A descriptor of its own: moving the shared position would move the program's as well.
    with open("/proc/self/fd/%d" % file.fileno(), "rb") as copy:
        return copy.read().decode("utf-8", "replace")
