"""Reads the responses of a server from a socket, one after the other, to their last byte."""

from __future__ import absolute_import, division, print_function

import collections

from waterspout._compat import to_native

#: ``headers`` is a dict with lower-case names, the values of repeated fields joined by ", ".
RawResponse = collections.namedtuple("RawResponse", "status reason headers body trailers")


class ResponseReader(object):
    """Reads from a blocking socket, and never beyond the response that is asked for.

    Args:
        sock (socket.socket): connected, with a timeout.
    """

    def __init__(self, sock):
        self._sock = sock
        self._buffer = bytearray()
        self._ended = False

    def read(self, method="GET"):
        """Return the next response, of any status; to a request with this method."""
        head = self._until(b"\r\n\r\n").decode("latin-1")
        lines = head.split(u"\r\n")[:-2]
        version, status, reason = lines[0].split(u" ", 2)
        assert version == u"HTTP/1.1", lines[0]
        headers, status = _fields(lines[1:]), int(status)
        trailers = {}
        if method == "HEAD" or status < 200 or status in (204, 304):
            body = b""
        elif headers.get("transfer-encoding") == "chunked":
            body, trailers = self._chunks()
        elif "content-length" in headers:
            body = self._exactly(int(headers["content-length"]))
        else:
            body = self.rest()
        return RawResponse(status, str(reason), headers, body, trailers)

    def rest(self):
        """Return all bytes until the server ends the connection; an error if it resets it."""
        while self._fill():
            pass
        rest, self._buffer = self._buffer, bytearray()
        return bytes(rest)

    def _chunks(self):
        chunks = []
        while True:
            size = int(self._until(b"\r\n"), 16)
            if not size:
                break
            chunks.append(self._exactly(size))
            assert self._until(b"\r\n") == b"\r\n"
        lines = []
        while not lines or lines[-1]:
            lines.append(self._until(b"\r\n").decode("latin-1")[:-2])
        return b"".join(chunks), _fields(lines[:-1])

    def _until(self, end):
        while end not in self._buffer:
            assert self._fill(), "the connection ended after %r" % bytes(self._buffer)
        return self._taken(self._buffer.index(end) + len(end))

    def _exactly(self, count):
        while len(self._buffer) < count:
            assert self._fill(), "only %d of %d body bytes" % (len(self._buffer), count)
        return self._taken(count)

    def _taken(self, count):
        data = bytes(self._buffer[:count])
        del self._buffer[:count]
        return data

    def _fill(self):
        if not self._ended:
            data = self._sock.recv(65536)
            self._buffer += data
            self._ended = not data
        return not self._ended


def _fields(lines):
    fields = {}
    for line in lines:
        name, _, value = line.partition(u":")
        name = to_native(name.lower(), "latin-1")
        value = to_native(value.strip(u" \t"), "latin-1")
        fields[name] = fields[name] + ", " + value if name in fields else value
    return fields
