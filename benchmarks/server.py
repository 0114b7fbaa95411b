"""A fast upstream for machines without nginx. It answers right requests and checks nothing.

    python -m benchmarks.server

Prints its port, serves on 127.0.0.1 until its standard input ends.
"""

from __future__ import absolute_import, division, print_function

import errno
import os
import re
import socket
import sys

from tornado.ioloop import IOLoop
from tornado.netutil import bind_sockets

from benchmarks import cases, values

#: So that it is not what is measured: a client is one interpreter, and these are as slow.
PROCESSES = 2

_CONTENT_LENGTH = re.compile(br"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CLOSE = re.compile(br"\r\nconnection: *close\r\n", re.IGNORECASE)
_TRY_LATER = (errno.EWOULDBLOCK, errno.EAGAIN)


def answer(content_type, body):
    # type: (str, bytes) -> bytes
    head = "HTTP/1.1 200 OK\r\nServer: bench\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
    return (head % (content_type, len(body))).encode("ascii") + body


ANSWERS = {
    path.encode("ascii"): answer("application/octet-stream", b"x" * length)
    for path, length in cases.FILES.items()
}
for path in ("/json", values.IMPORT_PATH):
    ANSWERS[path.encode("ascii")] = answer("application/json", values.JSON.encode("ascii"))


class Connection(object):
    """One request after the other; the next is read when the last was answered."""

    def __init__(self, io_loop, sock):
        self._io_loop = io_loop
        self._socket = sock
        self._event = io_loop.READ
        self._received = b""
        self._unsent = memoryview(b"")
        self._last = False
        io_loop.add_handler(sock, self._ready, self._event)

    def _ready(self, sock, events):
        try:
            if self._event == self._io_loop.READ:
                self._receive()
            else:
                self._send()
        except (IOError, KeyError):  # KeyError: there is no such path.
            self._close()

    def _receive(self):
        received = self._socket.recv(65536)
        if not received:
            self._close()
            return
        self._received += received
        head, found, body = self._received.partition(b"\r\n\r\n")
        length = _CONTENT_LENGTH.search(head)
        if not found or length and len(body) < int(length.group(1)):
            return  # There is more to come.
        self._received = b""
        self._last = _CLOSE.search(head + b"\r\n") is not None
        self._unsent = memoryview(ANSWERS[head.split(b" ", 2)[1].partition(b"?")[0]])
        self._send()

    def _send(self):
        try:
            while self._unsent:
                self._unsent = self._unsent[self._socket.send(self._unsent):]
        except socket.error as error:
            if error.errno not in _TRY_LATER:
                raise
            self._wait_for(self._io_loop.WRITE)
        else:
            if self._last:
                self._close()
            else:
                self._wait_for(self._io_loop.READ)

    def _wait_for(self, event):
        if event != self._event:
            self._event = event
            self._io_loop.update_handler(self._socket, event)

    def _close(self):
        self._io_loop.remove_handler(self._socket)
        self._socket.close()


def accept_on(io_loop, listening):
    # type: (IOLoop, socket.socket) -> None
    """Serve the connections to this socket while the IOLoop runs."""
    def accept(sock, events):
        try:
            while True:
                accepted = sock.accept()[0]
                accepted.setblocking(False)
                accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                Connection(io_loop, accepted)
        except socket.error as error:  # The other process may have been faster.
            if error.errno not in _TRY_LATER:
                raise

    io_loop.add_handler(listening, accept, io_loop.READ)


def serve(listening):
    # type: (socket.socket) -> None
    """Serve until the standard input ends."""
    io_loop = IOLoop.current()
    accept_on(io_loop, listening)
    io_loop.add_handler(sys.stdin.fileno(), lambda fd, events: io_loop.stop(), io_loop.READ)
    io_loop.start()


if __name__ == "__main__":
    listening = bind_sockets(0, "127.0.0.1", backlog=4096)[0]
    print(listening.getsockname()[1])
    sys.stdout.flush()
    for _ in range(PROCESSES - 1):
        if os.fork() == 0:
            break
    serve(listening)
