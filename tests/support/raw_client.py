"""A client that sends exactly what a test says, and reads answers to their last byte."""

from __future__ import absolute_import, division, print_function

import json
import socket

from raw_server import PATIENCE


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
    """A blocking socket that sends exactly what it is given.

    Args:
        port: of 127.0.0.1, or the path of a unix socket.
        tls (ssl.SSLContext or None): to speak TLS.
    """

    def __init__(self, port, tls=None):
        if isinstance(port, int):
            self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        else:
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.settimeout(PATIENCE)
            self.socket.connect(port)
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket, server_hostname="localhost")
        self._buffer = b""

    @classmethod
    def of(cls, sock):
        """A connection on a socket that is connected."""
        connection = cls.__new__(cls)
        connection.socket, connection._buffer = sock, b""
        return connection

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
