from __future__ import absolute_import, division, print_function

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading

import pytest
from tornado.escape import utf8

import waterspout_cmdb

SOURCES = os.path.dirname(os.path.dirname(os.path.abspath(waterspout_cmdb.__file__)))

#: Seconds after which a process that should have ended is killed, which fails its test.
PATIENCE = 60


class Sandbox(object):
    """The sandbox as a process of its own, started on any free port."""

    def __init__(self, db, *arguments):
        environment = dict(os.environ, PYTHONPATH=SOURCES, PYTHONUNBUFFERED="1")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "waterspout_cmdb.sandbox", "--db=%s" % db] + list(arguments),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
        )
        self._guard = threading.Timer(PATIENCE, self.process.kill)
        self._guard.start()
        self.port = None

    def wait_until_ready(self):
        """Read the port from the line that says where it serves."""
        self.port = port_in(self.process.stdout.readline())
        return self

    def end(self, signum=None):
        """Send a signal, if any, and wait; returns (exit code, the lines on stderr)."""
        if signum is not None:
            self.process.send_signal(signum)
        _, errors = self.process.communicate()
        self._guard.cancel()
        return self.process.returncode, errors.decode("utf-8").splitlines()

    def send(self, method, path, body):
        """A connection on which a request has been sent, its answer not yet read."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        payload = utf8(json.dumps(body))
        head = "%s %s HTTP/1.1\r\nHost: x\r\norg: 1\r\nuser: easyops\r\nConnection: close\r\n"
        head = head % (method, path) + "Content-Length: %d\r\n\r\n" % len(payload)
        connection.sendall(utf8(head) + payload)
        return connection

    def call(self, method, path, body):
        """The ``data`` of an answer."""
        return answer(self.send(method, path, body))

    def load(self, rows):
        body = {"keys": ["name"], "datas": rows}
        return self.call("POST", "/object/HOST/instance/_import", body)

    def total(self):
        return self.call("POST", "/object/HOST/instance/_search", {})["total"]


def port_in(line):
    return int(re.search(b"http://127.0.0.1:([0-9]+)", line).group(1))


def answer(connection):
    """The ``data`` that arrives on a connection."""
    received = b""
    while True:
        chunk = connection.recv(65536)
        if not chunk:
            break
        received += chunk
    connection.close()
    return json.loads(received.partition(b"\r\n\r\n")[2].decode("utf-8"))["data"]


@pytest.fixture
def start(tmpdir):
    """Starts sandboxes on one file; kills those that a failed test leaves behind."""
    started = []

    def start(*arguments):
        sandbox = Sandbox(tmpdir.join("sandbox.db"), "--port=0", *arguments)
        started.append(sandbox)
        return sandbox.wait_until_ready()

    yield start
    for sandbox in started:
        if sandbox.process.poll() is None:
            sandbox.end(signal.SIGKILL)


def test_killed_at_any_moment_it_has_what_it_answered_for(start):
    """kill -9 while imports run: every row of an answered import is there, none of a half one."""
    answered = 0
    for turn in range(3):
        sandbox = start()
        assert sandbox.total() % 50 == 0
        assert sandbox.total() >= answered
        for batch in range(4):
            rows = [{"name": "host-%d-%d-%d" % (turn, batch, row)} for row in range(50)]
            answered += sandbox.load(rows)["insert_count"]
        rows = [{"name": "late-%d-%d" % (turn, row)} for row in range(50)]
        body = {"keys": ["name"], "datas": rows}
        connection = sandbox.send("POST", "/object/HOST/instance/_import", body)
        sandbox.end(signal.SIGKILL)
        connection.close()
    sandbox = start()
    assert answered == 600
    assert sandbox.total() in (600, 650, 700, 750)
    assert sandbox.end(signal.SIGTERM) == (0, [])


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_signal_stops_it_after_the_requests_in_flight(start, signum):
    """The import that is running when the signal comes is answered, and stored."""
    sandbox = start()
    sandbox.total()
    rows = [{"name": "host-%d" % row} for row in range(2000)]
    body = {"keys": ["name"], "datas": rows}
    connection = sandbox.send("POST", "/object/HOST/instance/_import", body)
    # A later request that is answered: the earlier one has been accepted.
    assert sandbox.total() in (0, 2000)
    sandbox.process.send_signal(signum)
    assert answer(connection)["insert_count"] == 2000
    assert sandbox.end() == (0, [])
    assert start().total() == 2000


def test_it_ends_with_the_program_that_started_it(tmpdir):
    """Told so, it takes the end of its standard input for the end of that program."""
    sandbox = Sandbox(
        tmpdir.join("sandbox.db"), "--port=0", "--until-stdin-closes", "--logging=info"
    )
    line = sandbox.process.stderr.readline()
    sandbox.port = port_in(line)
    assert sandbox.total() == 0
    assert sandbox.process.poll() is None
    assert sandbox.end()[0] == 0  # which closes its standard input


def test_without_being_told_so_it_does_not_mind_its_standard_input(start):
    """Started in the background, with nothing to read, it serves on."""
    sandbox = start()
    sandbox.process.stdin.close()
    sandbox.process.stdin = None  # for communicate()
    assert sandbox.load([{"name": "host-1"}])["insert_count"] == 1
    assert sandbox.end(signal.SIGTERM) == (0, [])


def refusal(db, *arguments):
    """The one line on stderr of a process that must end with exit code 2."""
    code, lines = Sandbox(db, *arguments).end()
    assert (code, len(lines)) == (2, 1), lines
    assert lines[0].startswith("waterspout_cmdb.sandbox: ")
    return lines[0]


def test_port_in_use_is_one_line(tmpdir, start):
    """With the address in it; the data file of the one that serves is not touched."""
    port = start().port
    line = refusal(tmpdir.join("other.db"), "--port=%d" % port)
    assert "127.0.0.1:%d" % port in line


def test_bad_option_is_one_line(tmpdir):
    """With the option in it."""
    assert "--prot" in refusal(tmpdir.join("x.db"), "--prot=1")


def test_file_that_cannot_be_used_is_one_line(tmpdir):
    """With its name in it: no database, or in a directory that is not there."""
    tmpdir.join("notes.txt").write("remember the milk " * 100)
    for path in (tmpdir.join("notes.txt"), tmpdir.join("nowhere", "x.db"), tmpdir):
        assert str(path) in refusal(path, "--port=0")
