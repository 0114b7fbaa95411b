"""Connections of our own to a server: one to look at its answers, and many that are kept."""

from __future__ import absolute_import, division, print_function

import contextlib
import errno
import socket

from benchmarks.servers import messages

try:
    from http.client import HTTPResponse
except ImportError:  # py2
    from httplib import HTTPResponse

#: Seconds for an answer.
TIMEOUT = 30


class Lost(Exception):
    """The server closed a connection that was to be kept."""


def ask(port, message, number):
    # type: (int, str, int) -> tuple[int, dict[str, str], bytes]
    """Send one request on a connection of its own; return status, header fields and body."""
    with contextlib.closing(connect(port)) as sock:
        sock.sendall(messages.numbered(message, number))
        return read_answer(sock)


def connect(port):
    # type: (int) -> socket.socket
    return socket.create_connection(("127.0.0.1", port), TIMEOUT)


def read_answer(sock):
    # type: (socket.socket) -> tuple[int, dict[str, str], bytes]
    response = HTTPResponse(sock)
    response.begin()
    body = response.read()
    headers = {name.lower(): value for name, value in response.getheaders()}
    response.close()
    return response.status, headers, body


class Crowd(object):
    """Connections that were used once and are kept, as those of many clients are."""

    def __init__(self, port, message, count):
        # type: (int, str, int) -> None
        self._sockets = []
        try:
            for number in range(count):
                sock = connect(port)
                self._sockets.append(sock)
                sock.sendall(messages.numbered(message, number))
                status, _, body = read_answer(sock)
                if status != 200:
                    raise messages.WrongAnswer("status %d: %r" % (status, body[:200]))
        except Exception:
            self.close()
            raise

    def check(self):
        # type: () -> None
        """Raises Lost unless all of them are still there."""
        for sock in self._sockets:
            sock.setblocking(False)
            try:
                sock.recv(1)
            except socket.error as error:
                if error.errno in (errno.EAGAIN, errno.EWOULDBLOCK):
                    continue
            raise Lost("the server closed idle connections")

    def close(self):
        # type: () -> None
        for sock in self._sockets:
            sock.close()
