"""Parses response heads: one pattern validates all of it, another finds the framing fields."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout._wire import grammar
from waterspout._wire.events import InformationalHead, ResponseHead
from waterspout._wire.faults import excerpt, head_fault, malformed, too_large, too_many_fields
from waterspout._wire.field_lines import connection_options
from waterspout.exceptions import RemoteProtocolError
from waterspout.field_names import FRAMING_BYTES

if TYPE_CHECKING:
    from typing import List, Optional, Sequence, Tuple  # noqa: F401

    from waterspout._wire.message_limits import MessageLimits  # noqa: F401
    from waterspout.exceptions import ResponseTooLarge  # noqa: F401

    Framing = Tuple[Optional[int], Optional[bool], bool, Optional[bytes], bool]

_match_head = grammar.RESPONSE_HEAD.match
_find_framing_fields = grammar.FRAMING_FIELDS.findall
_match_length = grammar.CONTENT_LENGTH.match
_OWS = grammar.OWS

#: Bytes of a field line with a name of one letter and no value.
_SHORTEST_LINE = len(b"x:\r\n")


def parse_head(data, position, is_connect, limits):
    # type: (bytes, int, bool, MessageLimits) -> Optional[Tuple[ResponseHead, int]]
    """The response head that begins at ``position``, and where it ends.

    None if the head is incomplete, folded, malformed or longer than ``limits.head_bytes``;
    :func:`parse_odd_head` tells which. ``is_connect``: it is the response to a CONNECT.

    Raises: RemoteProtocolError for framing that cannot be trusted, unless the response cannot have
        a body; ResponseTooLarge.
    """
    match = _match_head(data, position, position + limits.head_bytes)
    if match is None:
        return None
    version, status, reason, raw = match.groups()
    start, stop = match.span(4)
    if start - 2 - position > limits.start_line_bytes:
        raise start_line_too_long(limits)
    # Counted only if there is room for so many.
    if len(raw) > _SHORTEST_LINE * limits.field_count and raw.count(b"\n") > limits.field_count:
        raise too_many_fields(limits)
    status_code = int(status)
    fields = _find_framing_fields(data[start - 1:stop].lower())
    if is_connect and 200 <= status_code < 300:
        fields = []  # A client MUST ignore them (RFC 9112 section 6.3).
    kind = ResponseHead if status_code >= 200 or status_code == 101 else InformationalHead
    try:
        length, chunked, keep_alive, encoding, sets_cookies = _read_framing(version, fields)
    except RemoteProtocolError:
        if not ends_with_head(status_code):
            raise
        others = [field for field in fields if field[0] not in FRAMING_BYTES]
        length, _, keep_alive, encoding, sets_cookies = _read_framing(version, others)
        chunked = None
    head = kind(version, status_code, reason or b"", raw, length, chunked, keep_alive, encoding,
                sets_cookies)
    return head, stop + 2


def parse_odd_head(block, is_connect, limits):
    # type: (bytes, bool, MessageLimits) -> Tuple[ResponseHead, bool]
    """The head in ``block``, and whether a bare LF ends one of its lines.

    ``block`` ends with the first empty line. RFC 9112 section 2.2 allows a bare LF. Do not reuse
    such a connection: a server that lets its users put an LF into a field lets them add fields.

    Raises: RemoteProtocolError: the head is malformed; the text says how.
    """
    parsed = parse_head(block, 0, is_connect, limits)
    bare_lf = False
    if parsed is None:
        block, count = grammar.BARE_LF.subn(b"\r\n", block)
        bare_lf = count > 0
        parsed = parse_head(block, 0, is_connect, limits)
    if parsed is None:
        status_line, crlf, fields = block.partition(b"\r\n")
        block = status_line + crlf + grammar.OBS_FOLD.sub(b" ", fields)
        parsed = parse_head(block, 0, is_connect, limits)
    if parsed is None:
        raise head_fault(block)
    return parsed[0], bare_lf


def ends_with_head(status_code):
    # type: (int) -> bool
    """Whether there is no body "regardless of the header fields present" (RFC 9112 section 6.3)."""
    return status_code < 200 or status_code == 204 or status_code == 304


def check_start(start):
    # type: (bytes) -> None
    """Raise RemoteProtocolError unless ``start`` can be the beginning of a response."""
    expected = grammar.RESPONSE_START
    if start[:len(expected)] != expected[:len(start)]:
        raise malformed("not an HTTP/1 response: it begins with %s", excerpt(start))


def start_line_too_long(limits):
    # type: (MessageLimits) -> ResponseTooLarge
    return too_large("status line of more than %d bytes", limits.start_line_bytes)


def _read_framing(http_version, fields):
    # type: (bytes, Sequence[Tuple[bytes, bytes]]) -> Framing
    """The last five attributes of a `ResponseHead`, in their order, from lower-cased ``fields``."""
    lengths, transfers, encodings = [], [], []
    # RFC 9112 section 9.3, its list of rules.
    keep_alive = http_version != b"1.0"
    close = sets_cookies = False
    for name, value in fields:
        if name == b"content-length":
            lengths.append(value)
        elif name == b"connection":
            if value != b"keep-alive" or not keep_alive:
                options = connection_options(value)
                close = close or b"close" in options
                keep_alive = keep_alive or b"keep-alive" in options
        elif name == b"content-encoding":
            encodings.append(value.strip(_OWS))
        elif name == b"set-cookie":
            sets_cookies = True
        else:
            transfers.append(value.strip(_OWS))
    length = _content_length(lengths) if lengths else None
    keep_alive = keep_alive and not close
    encoding = b", ".join(encodings) if encodings else None
    if not transfers:
        return length, False, keep_alive, encoding, sets_cookies
    _check_transfer_encoding(b", ".join(transfers))
    if lengths:
        # Section 6.3: it "ought to be handled as an error", because it can split responses.
        raise malformed("both Transfer-Encoding and Content-Length")
    # Section 6.1: HTTP/1.0 has no Transfer-Encoding: the framing is faulty. Read, then close.
    return None, True, keep_alive and http_version != b"1.0", encoding, sets_cookies


def _content_length(values):
    # type: (List[bytes]) -> int
    """RFC 9110 section 8.6: one number, which may be repeated, in fields and in lists."""
    if len(values) == 1:
        value = values[0]
        if value.isdigit() and len(value) <= grammar.LENGTH_DIGITS:
            return int(value)
    numbers = [number.strip(_OWS) for number in b",".join(values).split(b",")]
    for number in numbers:
        if _match_length(number) is None:
            raise malformed("%s is not a Content-Length", excerpt(number))
        if number != numbers[0]:
            raise malformed("Content-Length is both %s and %s",
                            excerpt(numbers[0]), excerpt(number))
    return int(numbers[0])


def _check_transfer_encoding(value):
    # type: (bytes) -> None
    """RFC 9112 section 6.1. We never ask for another coding (TE), so the server may use none.

    Any other list is refused, with or without chunked: the end of a body in an unknown coding
    cannot be found.
    """
    if value != b"chunked":
        raise malformed("Transfer-Encoding other than chunked: %s", excerpt(value))
