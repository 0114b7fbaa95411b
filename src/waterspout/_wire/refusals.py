"""RequestRefused: why a server does not serve a request, and the status code of the answer.

A request is refused if two readers of its bytes could come to different requests. A server that
reads other requests than the proxy, cache or firewall in front of it can be made to serve one that
they never saw (request smuggling).

`bad_byte_refusal` decides; the other functions are called when it is known that the bytes are
invalid, and find out why.
"""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout._wire import grammar
from waterspout._wire.faults import excerpt, lines_fault
from waterspout.exceptions import RemoteProtocolError

if TYPE_CHECKING:
    from typing import Any, Optional, Union  # noqa: F401

#: The status code for each kind of refusal (RFC 9110 section 15; 431 is RFC 6585's).
STATUS_CODES = {
    "request line": 400,
    "target size": 414,
    "target": 400,
    "version": 505,
    "line end": 400,
    "field": 400,
    "head size": 431,
    "field count": 431,
    "host": 400,
    "connection": 400,
    "content-length": 400,
    "transfer-encoding": 400,
    "unsupported coding": 501,
    "chunk": 400,
    "trailer": 400,
    "trailer size": 431,
    "body size": 413,
    "incomplete": 400,
    # Decided above the wire, but answered and counted with the others.
    "head time": 408,
    "body time": 408,
    "expectation": 417,
    "application": 400,
}


class RequestRefused(RemoteProtocolError):
    """The request is malformed, ambiguous or too large. Nothing more is read from its connection.

    Attributes:
        kind (native str): one of `STATUS_CODES`, for counters and logs. It is ``"incomplete"`` if
            the client has ended its sending side within the request: it may not read an answer.
        status_code (int): the status code of the answer.
        method (bytes or None): the method, if the request line could be read so far.
        target (bytes or None): the target, likewise.
    """

    def __init__(self, kind, message):
        # type: (str, str) -> None
        super(RequestRefused, self).__init__(message, phase="read")
        self.kind = kind
        self.status_code = STATUS_CODES[kind]
        self.method = None  # type: Optional[bytes]
        self.target = None  # type: Optional[bytes]

    def again(self):
        # type: () -> RequestRefused
        """An equal error, without the traceback of this one."""
        other = RequestRefused(self.kind, str(self))
        other.method = self.method
        other.target = self.target
        return other


def refused(kind, message, *values):
    # type: (str, str, *Any) -> RequestRefused
    return RequestRefused(kind, message % values)


def bad_byte_refusal(head, start):
    # type: (Union[bytes, bytearray], int) -> Optional[RequestRefused]
    """The refusal if ``head`` has, from ``start`` on, a byte that no head can have; else None.

    That is a control character, or a CR or LF without the other. ``head`` may be incomplete.
    """
    match = grammar.NOT_IN_HEAD.search(head, start)
    if match is None:
        return None
    byte = match.group()
    if byte in (b"\r", b"\n"):
        return refused("line end", "bare %s in the request head", "CR" if byte == b"\r" else "LF")
    if head.find(b"\n", 0, match.start()) < 0:
        return refused("request line", "control character in the request line")
    return refused("field", "control character in a field")


def head_refusal(head):
    # type: (bytes) -> RequestRefused
    """The refusal for ``head``, which ends with an empty line and is not a valid request head."""
    refusal = bad_byte_refusal(head, 0)
    if refusal is not None:
        return refusal
    line, _, lines = head.partition(b"\r\n")
    if grammar.REQUEST_LINE_RECEIVED.match(line) is None:
        return request_line_refusal(line)
    return refused("field", "%s", lines_fault(lines[:-2]))


def request_line_refusal(line):
    # type: (bytes) -> RequestRefused
    """The refusal for ``line``, which has no line end and is not a request line.

    The text does not quote the target, which may contain secrets.
    """
    method, _, rest = line.partition(b" ")
    if grammar.TOKEN.match(method) is None:
        return refused("request line", "%s is not a method", excerpt(method))
    target, _, version = rest.partition(b" ")
    if not target:
        return refused("request line", "no target in the request line, or more than one space")
    if grammar.NOT_IN_RECEIVED_TARGET.search(target) is not None:
        return refused("request line", "tab in the request line")
    if not version:  # A "simple request" of HTTP/0.9, for example.
        return refused("request line", "no HTTP version in the request line")
    if grammar.HTTP_VERSION.match(version) is None:
        return refused("request line", "%s is not an HTTP version", excerpt(version))
    return refused("version", "%s is not supported", excerpt(version))
