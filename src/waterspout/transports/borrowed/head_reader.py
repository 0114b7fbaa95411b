"""Reads and validates response heads, with the same strictness for every client.

The other libraries' clients differ in what they accept: two lengths, a length together with chunks,
a response that no request asked for. One client ignores what another takes for the end of the
message. Here all of these are errors.
"""

from __future__ import absolute_import, division, print_function

import re

from waterspout._compat import to_native
from waterspout._wire.grammar import NATIVE_FIELD_VALUE, NATIVE_TOKEN
from waterspout._wire.response_head import ends_with_head
from waterspout.exceptions import RemoteProtocolError, ResponseTooLarge
from waterspout.field_names import FRAMING
from waterspout.structures import Headers

_START_LINE = re.compile(br"HTTP/[0-9](?:\.[0-9])? ([0-9]{3})(?: (.*))?\Z", re.DOTALL)
_BEFORE_REASON = len("HTTP/1.1 200 ")
_LENGTH = re.compile(r"[0-9]{1,18}\Z")  # No body is longer than 18 digits can state.

_NAME = re.compile(NATIVE_TOKEN + r"\Z")
_VALUE = re.compile(NATIVE_FIELD_VALUE + r"\Z")


class CheckedHead(object):
    """The head of a final response.

    Attributes:
        status_code (int), reason (native ``str``), headers (`Headers`).
        is_last (bool): its connection must not be reused: what it states about its body is
            contradictory (RFC 9112 sections 6.1 and 6.3), or a line ended with a bare LF.
    """

    __slots__ = ("status_code", "reason", "headers", "is_last")

    def __init__(self, status_code, reason, headers, is_http_1_0):
        # type: (int, str, Headers, bool) -> None
        self.status_code = status_code
        self.reason = reason
        self.headers = headers
        self.is_last = self._misframed(is_http_1_0)

    @property
    def has_body(self):
        # type: () -> bool
        """False if the response has no body "regardless of the header fields present"."""
        return not ends_with_head(self.status_code)

    def _misframed(self, is_http_1_0):
        coded = "Transfer-Encoding" in self.headers
        if self.status_code == 204:
            return coded or "Content-Length" in self.headers
        if self.status_code == 304 and not coded:
            try:
                self.body_length()  # May be that of a 200 (RFC 9110 section 8.6).
            except RemoteProtocolError:
                return True
        return coded and (is_http_1_0 or self.status_code == 304)

    def check(self, request, options, limits):
        # type: (PreparedRequest, CallOptions, Limits) -> None
        """Raise RemoteProtocolError or ResponseTooLarge if the response cannot be accepted."""
        if self.status_code < 200:
            raise RemoteProtocolError(
                "the server responded %d, which the request did not ask for" % self.status_code)
        if _BEFORE_REASON + len(self.reason) > limits.max_start_line_bytes:
            raise ResponseTooLarge(
                "start line of more than %d bytes" % limits.max_start_line_bytes)
        if len(self.headers.fields) > limits.max_header_fields:
            raise ResponseTooLarge("more than %d header fields" % limits.max_header_fields)
        for name, value in self.headers.get_all():
            if not _NAME.match(name):
                raise RemoteProtocolError("%.40r is not a field name" % name)
            if not _VALUE.match(value):
                raise RemoteProtocolError(
                    "control character in the value of field %.40r" % name)
        if not self.has_body:
            return
        length = self.body_length()
        if options.stream or request.method == "HEAD":
            return
        if length is not None and length > limits.max_body_bytes:
            raise ResponseTooLarge(
                "the body is %d bytes, at most %d are read" % (length, limits.max_body_bytes)
            )

    def body_length(self):
        # type: () -> Optional[int]
        """The value of Content-Length, or None. Raises: RemoteProtocolError (RFC 9112 section 6.3).
        """
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
    """Makes a `CheckedHead` from the lines that a client reports.

    Informational responses and trailer fields are skipped.

    Attributes:
        head (CheckedHead or None): once it is complete.
    """

    def __init__(self, request, options, limits):
        # type: (PreparedRequest, CallOptions, Limits) -> None
        self.head = None  # type: Optional[CheckedHead]
        self._request = request
        self._options = options
        self._limits = limits
        self._bytes = 0
        self._start = None  # type: Optional[Tuple[int, str]]
        self._fields = []  # type: List[Tuple[bytes, bytes]]
        self._is_http_1_0 = False
        self._is_last = False  # Like `CheckedHead.is_last`, for the lines read so far.

    def feed(self, line):
        # type: (bytes) -> None
        """Take one line with its end. Raises: RemoteProtocolError, ResponseTooLarge."""
        if self.head is not None:
            return
        self._bytes += len(line)
        if self._bytes > self._limits.max_header_bytes:
            raise head_too_large(self._limits)
        if not line.endswith(b"\r\n"):  # A bare LF: RFC 9112 section 2.2.
            self._is_last = True
        line = line.rstrip(b"\r\n")
        if self._start is None:
            self._start = _start_line(line)
            self._is_http_1_0 = line.startswith(b"HTTP/1.0")
        elif line:
            self._field(line)
        elif 100 <= self._start[0] < 200 and self._start[0] != 101:
            if any(name.lower() in FRAMING for name, _ in map(_native, self._fields)):
                self._is_last = True  # RFC 9112 section 6.3: it cannot have a body.
            self._start, self._fields = None, []
        else:
            head = CheckedHead(self._start[0], self._start[1], Headers(map(_native, self._fields)),
                        self._is_http_1_0)
            head.check(self._request, self._options, self._limits)
            head.is_last = head.is_last or self._is_last
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


def head_too_large(limits):
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
