"""A service with four workers and metrics, as a test sees it from outside."""

from __future__ import absolute_import, division, print_function

import os
import signal
import socket

from expositions import Exposition
from programs import ROOT, Program, alive, children_of, wait_until
from raw_client import RawConnection, request_bytes

PROGRAM = os.path.join(ROOT, "tests", "with_server", "instrumentation", "metrics_program.py")

DURATION = "http_server_request_duration_seconds_count"
CLIENT_DURATION = "http_client_request_duration_seconds_count"


class MeteredService(Program):
    """``metrics_program.py``.

    Attributes:
        port (int); directory (str): of the metrics.
    """

    def __init__(self, folder, options, environment=None):
        arguments = ["%s=%s" % option for option in options.items()]
        super(MeteredService, self).__init__(
            [PROGRAM] + arguments, cwd=str(folder), environment=environment)
        self._ready = folder / "ready"

    def wait_until_ready(self):
        def found():
            assert self.process.poll() is None, "it ended: " + self.errors
            return self._ready.exists()

        wait_until(found, "the start of the service")
        port, self.directory = self._ready.read_text().split(" ", 1)
        self.port = int(port)
        self._ready.unlink()
        return self

    @property
    def workers(self):
        return children_of(self.pid)

    def scrape(self):
        with RawConnection(self.port) as connection:
            answer = connection.get("/metrics")
        assert answer.status == 200, answer
        assert answer.headers["content-type"].startswith("text/plain; version=0.0.4"), answer
        return Exposition(answer.body.decode("utf-8"))

    def scraped(self, condition, what):
        """A scrape for which ``condition(exposition)`` holds."""
        def found():
            exposition = self.scrape()
            return exposition if condition(exposition) else None

        return wait_until(found, what)

    def work(self, requests, connections=8):
        """Send so many requests, each of which calls the upstream; all must succeed.

        Returns: the pids of the workers that have answered.
        """
        pids, sent = set(), 0
        while sent < requests:
            opened = [RawConnection(self.port) for _ in range(connections)]
            for connection in opened:
                pids.add(connection.get("/pid").json["pid"])
            for _ in range(4):
                now = opened[:requests - sent]
                for connection in now:
                    connection.send(request_bytes("POST", "/jobs/host", b"{}"))
                for connection in now:
                    assert connection.read_answer().status == 200
                sent += len(now)
            for connection in opened:
                connection.socket.close()
        return pids

    def hold(self):
        """Send a request that is never answered. Returns: the connection and the worker's pid."""
        connection = RawConnection(self.port)
        pid = connection.get("/pid").json["pid"]
        connection.send(request_bytes("PUT", "/hold", b""))
        return connection, pid

    def kill(self, pid):
        """Kill a worker, and wait until another one serves in its place."""
        before = set(self.workers)
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not alive(pid), "the end of the worker")

        def replaced():
            (new,) = set(self.workers) - before or (None,)
            return new

        new = wait_until(replaced, "the start of another worker")
        wait_until(lambda: new in self.work(8), "an answer of the new worker")
        return new


def connects(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except EnvironmentError:
        return False
    return True
