"""The errors for input or output that was refused.

Nothing here decides: every function is called after the decision and returns the error to raise.
Messages quote a bounded and escaped part of the input, and never a field's value.
"""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout._wire import grammar
from waterspout.exceptions import MalformedBody, RemoteProtocolError, ResponseTooLarge

if TYPE_CHECKING:
    from typing import Any, Type, Union  # noqa: F401

    from waterspout._wire.message_limits import MessageLimits  # noqa: F401
    from waterspout.exceptions import RequestException  # noqa: F401

#: How much of the peer's bytes an error shows.
EXCERPT_BYTES = 40


def excerpt(data):
    # type: (Union[bytes, bytearray]) -> str
    """The beginning of ``data``, quoted and escaped, the same on every Python."""
    text = repr(bytes(data[:EXCERPT_BYTES]))
    if text.startswith("b"):  # Only Python 3 writes this prefix.
        text = text[1:]
    return text + "..." if len(data) > EXCERPT_BYTES else text


def malformed(message, *values):
    # type: (str, *Any) -> RemoteProtocolError
    return RemoteProtocolError(message % values, phase="read")


def too_large(message, *values):
    # type: (str, *Any) -> ResponseTooLarge
    return ResponseTooLarge(message % values, phase="read")


def unsendable(kind, message, *values):
    # type: (Type[RequestException], str, *Any) -> RequestException
    """An error about a request of which no byte was sent."""
    return kind(message % values, phase="send", may_have_been_sent=False)


def too_many_fields(limits):
    # type: (MessageLimits) -> ResponseTooLarge
    return too_large("more than %d field lines", limits.field_count)


def head_fault(head):
    # type: (bytes) -> RemoteProtocolError
    """The error for ``head``: unfolded, with CRLFs, up to its empty line, not a response head."""
    line, _, lines = head.partition(b"\r\n")
    if grammar.STATUS_LINE.match(line + b"\r\n") is None:
        return malformed("malformed status line %s", excerpt(line))
    return lines_fault(lines[:-2])


def lines_fault(lines):
    # type: (bytes) -> RemoteProtocolError
    """The error for ``lines``, each with its CRLF, that are not all field lines."""
    bad = (line for line in lines.split(b"\r\n")
           if grammar.FIELD_LINES.match(line + b"\r\n") is None)
    line = next(bad)  # There is one: the empty rest after the last line.
    if line[:1] in (b" ", b"\t") and not lines.startswith(line):
        return malformed("folded field line")  # RFC 9112 section 5.2; a client unfolds them.
    return _line_fault(line)


def _line_fault(line):
    # type: (bytes) -> RemoteProtocolError
    name, colon, _ = line.partition(b":")
    if line[:1] in (b" ", b"\t"):  # RFC 9112 section 2.2: reject, or skip the line.
        return malformed("whitespace before the first field")
    if not colon:
        return malformed("field line without a colon: %s", excerpt(line))
    if not name:
        return malformed("field line without a name")
    if name.rstrip(grammar.OWS) != name:
        return malformed("whitespace between field name %s and colon", excerpt(name))
    if grammar.TOKEN.match(name) is None:
        return malformed("%s is not a field name", excerpt(name))
    return malformed("control character in the value of field %s", excerpt(name))


def chunk_line_fault(line, is_first):
    # type: (bytes, bool) -> MalformedBody
    """The error for ``line``, which begins after the chunk before it and is not a chunk line."""
    if not is_first:
        if not line.startswith(b"\r\n"):
            return _malformed_body("chunk data is not followed by CRLF")
        line = line[2:]
    size = line.rstrip(b"\r\n").partition(b";")[0]
    if not line.endswith(b"\r\n"):
        return _malformed_body("chunk size line %s ends with a bare LF", excerpt(line))
    if grammar.FIRST_CHUNK_LINE.match(size + b"\r\n") is None:
        return _malformed_body("%s is not a chunk size", excerpt(size))
    return _malformed_body("control character in a chunk extension")


def _malformed_body(message, *values):
    return MalformedBody(message % values, phase="read")
