"""An upstream that misbehaves by a script, as a process of its own.

    python -m benchmarks.outage.upstream

Prints its port and that of its control; serves on 127.0.0.1 until its standard input ends.
``POST /begin`` on the control, with a script in JSON, starts the script and all counts again;
``GET /counts`` says what has arrived since.

A script is a list of phases, one after the other; the last one stays. A phase is a dict:

    seconds     how long it takes
    work        seconds until each answer (0.002)
    slow        share of the answers that take slow_seconds
    errors      share of the answers that are 503; what was asked for has been done before
    cut         share of the requests after which the connection is closed without an answer
    silent      true: nothing is answered
    closed      true: the port is closed, and with it all connections
"""

from __future__ import absolute_import, division, print_function

import json
import random
import sys

from tornado import gen
from tornado.ioloop import IOLoop
from tornado.iostream import StreamClosedError
from tornado.netutil import bind_sockets
from tornado.tcpserver import TCPServer

from benchmarks.outage.counts import Counts

WORK = 0.002

_OK, _UNAVAILABLE = "200 OK", "503 Service Unavailable"


class Door(TCPServer):
    """Accepts on a port of 127.0.0.1 until `stop`; ``serve(stream)`` serves a connection.

    Attributes: port (int): a free one if 0 was given.
    """

    def __init__(self, serve, port=0):
        # type: (Callable[[IOStream], Future[None]], int) -> None
        super(Door, self).__init__()
        self._serve = serve
        opened = bind_sockets(port, "127.0.0.1", backlog=1024)
        self.port = opened[0].getsockname()[1]
        self.add_sockets(opened)

    def handle_stream(self, stream, address):
        return self._serve(stream)


class Upstream(object):
    """What is called. `begin` a script, and read `counts`.

    Attributes: port (int), counts (Counts).
    """

    def __init__(self):
        self.counts = Counts()
        self._phase = {}
        self._timers = []
        self._streams = set()
        self._random = random.Random(0)
        self._door = Door(self._serve)
        self.port = self._door.port

    def begin(self, script):
        # type: (list[dict[str, Any]]) -> None
        io_loop = IOLoop.current()
        for timer in self._timers:
            io_loop.remove_timeout(timer)
        self._timers = []
        self._random.seed(7)  # The same failures for all that are compared.
        self._enter(script[0])
        later = 0.0
        for before, phase in zip(script, script[1:]):
            later += before["seconds"]
            self._timers.append(io_loop.call_later(later, self._enter, phase))
        self.counts = Counts()

    def _enter(self, phase):
        self._phase = phase
        if phase.get("closed"):
            if self._door is not None:
                self._door.stop()
                self._door = None
            for stream in list(self._streams):
                stream.close()
        elif self._door is None:
            self._door = Door(self._serve, self.port)

    @gen.coroutine
    def _serve(self, stream):
        stream.set_nodelay(True)
        self._streams.add(stream)
        try:
            while True:
                yield self._exchange(stream)
        except StreamClosedError:
            pass
        finally:
            self._streams.discard(stream)
            stream.close()

    @gen.coroutine
    def _exchange(self, stream):
        headers = yield read_request(stream)
        repeated = self.counts.add(headers.get("x-post"), headers.get("idempotency-key"))
        phase, dice = self._phase, self._random.random
        yield gen.sleep(phase.get("slow_seconds", 0) if dice() < phase.get("slow", 0)
                        else phase.get("work", WORK))
        failed, is_cut = dice() < phase.get("errors", 0), dice() < phase.get("cut", 0)
        if phase.get("silent"):
            yield stream.read_until_close()
            raise StreamClosedError()
        if is_cut:
            raise StreamClosedError()
        # What is repeated by its key is known to be done.
        yield stream.write(answer(_UNAVAILABLE if failed and not repeated else _OK, b"{}"))


class Control(object):
    """Attributes: port (int)."""

    def __init__(self, upstream):
        # type: (Upstream) -> None
        self._upstream = upstream
        self.port = Door(self._serve).port

    @gen.coroutine
    def _serve(self, stream):
        try:
            while True:
                headers = yield read_request(stream)
                if headers["body"]:
                    self._upstream.begin(json.loads(headers["body"].decode("utf-8")))
                counts = json.dumps(self._upstream.counts.as_json())
                yield stream.write(answer(_OK, counts.encode("utf-8")))
        except StreamClosedError:
            pass


@gen.coroutine
def read_request(stream):
    # type: (IOStream) -> Future[dict[str, Any]]
    """The header fields, names in lower case, and ``"body"``."""
    head = yield stream.read_until(b"\r\n\r\n")
    headers = {}
    for line in head.decode("latin-1").split("\r\n")[1:]:
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    headers["body"] = b""
    if int(headers.get("content-length", 0)):
        headers["body"] = yield stream.read_bytes(int(headers["content-length"]))
    raise gen.Return(headers)


def answer(status, body):
    # type: (str, bytes) -> bytes
    head = "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    return (head % (status, len(body))).encode("ascii") + body


def main():
    # type: () -> None
    upstream = Upstream()
    print("%d %d" % (upstream.port, Control(upstream).port))
    sys.stdout.flush()
    io_loop = IOLoop.current()
    io_loop.add_handler(sys.stdin.fileno(), lambda fd, events: io_loop.stop(), io_loop.READ)
    io_loop.start()


if __name__ == "__main__":
    main()
