"""The sandbox as a process of its own, and connections to it."""

from __future__ import absolute_import, division, print_function

import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

#: Seconds until an answer must have come.
PATIENCE = 600

clock = getattr(time, "perf_counter", time.time)


@contextlib.contextmanager
def running(path):
    # type: (str) -> Iterator[int]
    """Have a sandbox with its data in ``path`` for as long as the block takes; gives its port."""
    sources = [os.path.join(ROOT, "cmdb", "src"), os.path.join(ROOT, "src")]
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join(sources))
    arguments = ["-m", "waterspout_cmdb.sandbox", "--port=0", "--db=" + path]
    process = subprocess.Popen(
        [sys.executable] + arguments, env=environment, stdout=subprocess.PIPE
    )
    try:
        line = process.stdout.readline().decode("utf-8")
        found = re.search(r"http://127\.0\.0\.1:([0-9]+)", line)
        if not found:
            raise SystemExit("the sandbox did not start")
        yield int(found.group(1))
    finally:
        process.terminate()
        process.wait()


class Caller(object):
    """One organisation's connection; what it costs beside the sandbox is next to nothing."""

    def __init__(self, port, org):
        # type: (int, int) -> None
        self._org = org
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def close(self):
        # type: () -> None
        self._socket.close()

    def encoded(self, path, body):
        # type: (str, dict[str, Any]) -> bytes
        """A request to POST."""
        payload = json.dumps(body).encode("ascii")
        head = "POST %s HTTP/1.1\r\n" % path
        head += "Host: sandbox\r\norg: %d\r\nuser: easyops\r\n" % self._org
        head += "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(payload)
        return head.encode("ascii") + payload

    def send(self, request):
        # type: (bytes) -> tuple[dict[str, Any], float]
        """The ``data`` of the answer, and the seconds until its last byte."""
        start = clock()
        self._socket.sendall(request)
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._receive()
        head, _, body = received.partition(b"\r\n\r\n")
        length = int(re.search(br"(?i)content-length: ([0-9]+)", head).group(1))
        while len(body) < length:
            body += self._receive()
        seconds = clock() - start
        answer = json.loads(body.decode("utf-8"))
        if answer["code"]:
            raise SystemExit("the sandbox refused: %s" % answer["message"])
        return answer["data"], seconds

    def call(self, path, body):
        # type: (str, dict[str, Any]) -> dict[str, Any]
        return self.send(self.encoded(path, body))[0]

    def _receive(self):
        received = self._socket.recv(1 << 20)
        if not received:
            raise SystemExit("the sandbox closed the connection")
        return received
