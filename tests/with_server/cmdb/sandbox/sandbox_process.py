"""The sandbox as a process of its own, and requests to it."""

from __future__ import absolute_import, division, print_function

import json
import os
import re
import socket
import subprocess
import sys
import threading

from programs import SOURCES
from tornado.escape import utf8

#: Seconds after which a process that should have ended is killed, which fails its test.
PATIENCE = 60


class Sandbox(object):
    """The sandbox as a process of its own, started on any free port.

    Args:
        program (list of str): of Python's, in place of the sandbox's own.
        more: what else subprocess.Popen takes.
    """

    program = ["-m", "waterspout_cmdb.sandbox"]

    def __init__(self, db, *arguments, **more):
        program = more.pop("program", self.program)
        environment = dict(os.environ, PYTHONPATH=SOURCES, PYTHONUNBUFFERED="1")
        self.process = subprocess.Popen(
            [sys.executable] + program + ["--db=%s" % db] + list(arguments),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            **more
        )
        self._guard = threading.Timer(PATIENCE, self.process.kill)
        self._guard.start()
        self.port = None

    def wait_until_ready(self):
        """Read the port from the line that says where it serves."""
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError("it did not start: exit code %s, %s" % self.end())
        self.port = port_in(line)
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
    return whole_answer(connection)[1]["data"]


def whole_answer(connection):
    """The status and the body that arrive on a connection."""
    received = b""
    while True:
        chunk = connection.recv(65536)
        if not chunk:
            break
        received += chunk
    connection.close()
    head, _, body = received.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body.decode("utf-8"))
