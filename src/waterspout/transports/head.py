"""The head of a response: its start line and header fields, read with one strictness.

The clients below differ in what they let pass (two lengths, a length beside chunks, an
answer nobody asked for), and what one of them lets pass another takes for the end of the
message. Here it is an error on all of them.
"""

from __future__ import absolute_import, division, print_function

import re

from waterspout._compat import to_native
from waterspout.exceptions import RemoteProtocolError, ResponseTooLarge
from waterspout.structures import Headers

_START_LINE = re.compile(br"HTTP/[0-9](?:\.[0-9])? ([0-9]{3})(?: (.*))?\Z", re.DOTALL)
_BEFORE_REASON = len("HTTP/1.1 200 ")
_LENGTH = re.compile(r"[0-9]{1,18}\Z")  # More bytes than 18 digits say exist nowhere.


class Head(object):
    """Attributes: status_code (int), reason (native ``str``), headers (`Headers`)."""

    __slots__ = ("status_code", "reason", "headers")

    def __init__(self, status_code, reason, headers):
        # type: (int, str, Headers) -> None
        self.status_code = status_code
        self.reason = reason
        self.headers = headers

    def check(self, request, limits):
        # type: (PreparedRequest, Limits) -> None
        """Raises: RemoteProtocolError, ResponseTooLarge when the body cannot be accepted."""
        if self.status_code < 200:
            raise RemoteProtocolError("the server answered %d, unasked" % self.status_code)
        if _BEFORE_REASON + len(self.reason) > limits.max_start_line_bytes:
            raise ResponseTooLarge(
                "start line of more than %d bytes" % limits.max_start_line_bytes)
        if len(self.headers.fields) > limits.max_header_fields:
            raise ResponseTooLarge("more than %d header fields" % limits.max_header_fields)
        length = self.body_length()
        if request.stream or request.method == "HEAD" or self.status_code in (204, 304):
            return
        if length is not None and length > limits.max_body_bytes:
            raise ResponseTooLarge(
                "the body is %d bytes, at most %d are read" % (length, limits.max_body_bytes)
            )

    def body_length(self):
        # type: () -> Optional[int]
        """What Content-Length says. Raises: RemoteProtocolError, by RFC 9112 section 6.3."""
        lengths = set()
        for value in self.headers.get_list("Content-Length"):
            lengths.update(length.strip(" \t") for length in value.split(","))
        codings = self.headers.get("Transfer-Encoding")
        if codings is not None:
            if lengths:
                raise RemoteProtocolError("both Content-Length and Transfer-Encoding")
            if codings.lower() != "chunked":
                raise RemoteProtocolError("Transfer-Encoding: %.40r" % codings)
        if not lengths:
            return None
        length = lengths.pop()
        if lengths or not _LENGTH.match(length):
            raise RemoteProtocolError(
                "Content-Length: %.40r" % self.headers["Content-Length"]
            )
        return int(length)


class HeadReader(object):
    """Makes a `Head` of the lines that a client hands out.

    Informational responses are skipped, and trailer fields, which nobody asked for.

    Attributes:
        head (Head or None): once it is whole.
    """

    def __init__(self, request, limits):
        # type: (PreparedRequest, Limits) -> None
        self.head = None  # type: Optional[Head]
        self._request = request
        self._limits = limits
        self._bytes = 0
        self._start = None  # type: Optional[Tuple[int, str]]
        self._fields = []  # type: List[Tuple[bytes, bytes]]

    def feed(self, line):
        # type: (bytes) -> None
        """Take one line, its end included. Raises: RemoteProtocolError, ResponseTooLarge."""
        if self.head is not None:
            return
        self._bytes += len(line)
        if self._bytes > self._limits.max_header_bytes:
            raise too_large(self._limits)
        line = line.rstrip(b"\r\n")
        if self._start is None:
            self._start = _start_line(line)
        elif line:
            self._field(line)
        elif 100 <= self._start[0] < 200 and self._start[0] != 101:
            self._start, self._fields = None, []
        else:
            head = Head(self._start[0], self._start[1], Headers(map(_native, self._fields)))
            head.check(self._request, self._limits)
            self.head = head

    def _field(self, line):
        if line[:1] in b" \t" and self._fields:  # RFC 9112 section 5.2: a field on two lines.
            name, value = self._fields[-1]
            self._fields[-1] = name, value + b" " + line.strip(b" \t")
            return
        name, colon, value = line.partition(b":")
        if not colon:
            raise RemoteProtocolError("%.40r is not a header field" % to_native(line, "latin-1"))
        self._fields.append((name, value.strip(b" \t")))


def too_large(limits):
    # type: (Limits) -> ResponseTooLarge
    return ResponseTooLarge(
        "the start line and header fields are more than %d bytes" % limits.max_header_bytes
    )


def _start_line(line):
    match = _START_LINE.match(line)
    if match is None:
        raise RemoteProtocolError("%.40r is not HTTP" % to_native(line, "latin-1"))
    return int(match.group(1)), to_native(match.group(2) or b"", "latin-1")


def _native(field):
    return to_native(field[0], "latin-1"), to_native(field[1], "latin-1")
