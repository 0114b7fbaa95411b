"""Reads requests as a server's connection would receive them, in every kind of slices."""

from __future__ import absolute_import, division, print_function

import re

from waterspout._wire import MessageLimits, RequestRefused, ServerConnection

#: A request behind another.
NEXT = b"GET /next HTTP/1.1\r\nHost: example.org\r\n\r\n"

#: Why no request follows one with "Connection: close".
LAST = "the client closes the connection"


class Requests(object):
    """What came of the bytes: the requests, and the refusal that ended them."""

    def __init__(self, connection):
        self.connection = connection
        self.requests = []  # Each [head, body, trailers, whether it is complete].
        self.error = None

    @property
    def head(self):
        """Of the first request."""
        return self.requests[0][0] if self.requests else None

    @property
    def body(self):
        """Of the first request."""
        return self.requests[0][1]

    @property
    def complete(self):
        """Whether the first request is."""
        return self.requests[0][3]

    def pump(self, max_bytes):
        """Read and answer requests as long as that is possible."""
        connection = self.connection
        while not connection.response_ended:
            if not connection.complete and not self._read(max_bytes):
                return
            connection.start_response(204, b"No Content", b"", 0)
            assert connection.end_response() == b""
            if connection.why_not_next() is not None:
                return
            connection.next_request()

    def _read(self, max_bytes):
        """Read on in the current request; whether it is complete."""
        connection = self.connection
        if not self.requests or self.requests[-1][3]:
            head = connection.read_head()
            if head is None:
                return False
            self.requests.append([head, b"", None, False])
        current = self.requests[-1]
        while True:
            piece = connection.read_body(max_bytes)
            if piece is None:
                return False
            assert type(piece) is bytes and len(piece) <= max_bytes
            if not piece:
                current[2:] = [connection.trailers, True]
                return True
            current[1] += piece

    def result(self):
        """All that must be the same however the bytes are sliced.

        Of a refusal, only that there is one: bytes can be wrong in two ways, and then the
        slices decide which is seen first.
        """
        if self.error is not None:
            whole = [request for request in self.requests if request[3]]
            return whole, "refused"
        return self.requests, self.connection.unread, self.connection.why_not_next()


def feed(slices, closed=False, limits=None, requires_host=True, max_bytes=1 << 16):
    """Receive these slices, then the end if ``closed``, and answer each request: Requests."""
    requests = Requests(ServerConnection(limits or MessageLimits(), requires_host))
    try:
        for data in slices:
            requests.connection.receive_data(data)
            requests.pump(max_bytes)
        if closed:
            requests.connection.receive_eof()
            requests.pump(max_bytes)
    except RequestRefused as error:
        requests.error = error
    return requests


def bytewise(data):
    return [data[i:i + 1] for i in range(len(data))]


def read(data, **options):
    """Feed ``data`` whole, byte by byte, and cut in two, and read it in small pieces: Requests.

    All must agree; :func:`refused` compares kinds and texts of errors as well.
    """
    whole = feed([data], **options)
    assert whole.error is None, whole.error
    for slices in [bytewise(data)] + [[data[:at], data[at:]] for at in range(1, len(data))]:
        assert feed(slices, **options).result() == whole.result(), slices
    for max_bytes in (1, 2, 7):
        assert feed([data], max_bytes=max_bytes, **options).result() == whole.result()
    return whole


def refused(data, kind, why="", **options):
    """Assert that ``data`` is refused for the same reason in all slices; the error returns."""
    for slices in (bytewise(data), [data]):
        requests = feed(slices, **options)
        error = requests.error
        assert error is not None, "not refused"
        assert error.kind == kind, (error.kind, str(error))
        assert re.search(why, str(error)), str(error)
        assert requests.connection.why_not_next().startswith("the request was refused: ")
    return error
