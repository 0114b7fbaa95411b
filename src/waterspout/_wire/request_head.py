"""Parses request heads: one pattern validates all of it, another finds the fields that matter."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout._wire import grammar
from waterspout._wire.events import RequestHead
from waterspout._wire.faults import excerpt
from waterspout._wire.field_lines import connection_options
from waterspout._wire.refusals import refused

if TYPE_CHECKING:
    from typing import List, Optional, Tuple  # noqa: F401

    from waterspout._wire.message_limits import MessageLimits  # noqa: F401
    from waterspout._wire.refusals import RequestRefused  # noqa: F401

_match_head = grammar.REQUEST_HEAD.match
_find_fields = grammar.REQUEST_FIELDS.findall
_match_host = grammar.HOST.match
_find_obs_text = grammar.OBS_TEXT.search
_OWS = grammar.OWS

#: Bytes of a field line with a name of one letter and no value.
_SHORTEST_LINE = len(b"x:\r\n")

#: The port that a URL of this scheme need not name.
_DEFAULT_PORTS = {b"http": b"80", b"https": b"443"}


def parse_request_head(data, position, limits, requires_host):
    # type: (bytes, int, MessageLimits, bool) -> Optional[Tuple[RequestHead, int]]
    """The request head that begins at ``position``, and where it ends.

    None if the head is incomplete, malformed or longer than ``limits.head_bytes``.
    ``requires_host``: refuse HTTP/1.1 without Host, as RFC 9112 section 3.2 demands.

    Raises: RequestRefused.
    """
    match = _match_head(data, position, position + limits.head_bytes)
    if match is None:
        return None
    method, target, minor, raw = match.groups()
    start, stop = match.span(4)
    if start - 2 - position > limits.start_line_bytes:
        raise target_too_long(limits)
    # Counted only if there is room for so many.
    if len(raw) > _SHORTEST_LINE * limits.field_count and raw.count(b"\n") > limits.field_count:
        raise too_many_fields(limits)
    lower = data[start - 1:stop].lower()
    return _make_head(method, target, minor == b"0", raw, lower, requires_host), stop + 2


def too_many_fields(limits):
    # type: (MessageLimits) -> RequestRefused
    return refused("field count", "more than %d field lines", limits.field_count)


def target_too_long(limits):
    # type: (MessageLimits) -> RequestRefused
    return refused("target size", "request line of more than %d bytes", limits.start_line_bytes)


def _make_head(method, target, is_http_1_0, raw, lower, requires_host):
    # type: (bytes, bytes, bool, bytes, bytes, bool) -> RequestHead
    """The head with what its fields say; ``lower`` has them in lower case, after an LF."""
    host = length = None
    has_upgrade = False
    options, transfers, expects = [], [], []  # type: List[bytes], List[bytes], List[bytes]
    for name, value in _find_fields(lower):
        if name == b"host":
            if host is not None:
                raise refused("host", "more than one Host field")
            host = value.rstrip(_OWS)
            if _match_host(host) is None:
                raise refused("host", "%s is not a host and port", excerpt(host))
        elif name == b"connection":
            if value == b"keep-alive":
                options.append(value)
                continue
            if _find_obs_text(value) is not None:
                raise refused("connection", "%s in Connection", excerpt(value))
            options += connection_options(value)
        elif name == b"content-length":
            if length is not None:
                # RFC 9110 section 8.6 lets us refuse even two equal ones.
                raise refused("content-length", "more than one Content-Length field")
            length = _content_length(value.rstrip(_OWS))
        elif name == b"transfer-encoding":
            transfers.append(value.rstrip(_OWS))
        elif name == b"expect":
            expects.append(value.rstrip(_OWS))
        else:
            has_upgrade = True
    if transfers:
        _check_transfer_encoding(b",".join(transfers), length, is_http_1_0)
    if host is None and requires_host and not is_http_1_0:
        raise refused("host", "no Host field")
    if target[:1] != b"/" or method == b"CONNECT":
        _check_target(method, target, host)
    close = b"close" in options
    if is_http_1_0:
        keep_alive = b"keep-alive" in options and not close
        return RequestHead(method, target, b"1.0", raw, lower, length, False, keep_alive, host,
                           None, False)
    return RequestHead(method, target, b"1.1", raw, lower, length, bool(transfers), not close, host,
                       b", ".join(expects) if expects else None,
                       has_upgrade and b"upgrade" in options)


def _content_length(value):
    # type: (bytes) -> int
    """The number (RFC 9110 section 8.6, which lets us refuse a list of equal ones as well)."""
    if not value.isdigit() or len(value) > grammar.LENGTH_DIGITS:
        raise refused("content-length", "%s is not a Content-Length", excerpt(value))
    return int(value)


def _check_transfer_encoding(value, length, is_http_1_0):
    # type: (bytes, Optional[int], bool) -> None
    """Raise unless the only coding is chunked (RFC 9112 sections 6.1 and 6.3).

    Raises: RequestRefused.
    """
    if length is not None:
        # Section 6.3 lets a server use Transfer-Encoding alone; a proxy in front may have used the
        # other one.
        raise refused("transfer-encoding", "both Transfer-Encoding and Content-Length")
    if is_http_1_0:  # Section 6.1: the framing is faulty.
        raise refused("transfer-encoding", "Transfer-Encoding in HTTP/1.0")
    if value == b"chunked":
        return
    unquoted = excerpt(value).strip("'\"")
    codings = [coding.strip(_OWS) for coding in value.split(b",")]
    is_list = all(grammar.TOKEN.match(coding) is not None for coding in codings)
    if is_list and codings[-1] == b"chunked" and codings.count(b"chunked") == 1:
        # Section 6.1: 501 for a coding that is not understood, if the body's end can be found.
        raise refused("unsupported coding", "Unsupported Transfer-Encoding %s", unquoted)
    # Section 6.3, rule 4: 400 if chunked is not the final coding; and for any odd spelling.
    raise refused("transfer-encoding", "Unsupported Transfer-Encoding %s", unquoted)


def _check_target(method, target, host):
    # type: (bytes, bytes, Optional[bytes]) -> None
    """Check a target that is not in origin-form (RFC 9112 section 3.2).

    Raises: RequestRefused.
    """
    if method == b"CONNECT":
        if grammar.AUTHORITY.match(target) is None:
            raise refused("target", "the target of CONNECT is not a host and port")
        return
    if target == b"*" and method == b"OPTIONS":
        return
    match = grammar.SCHEME_AND_AUTHORITY.match(target.lower())
    if match is None:
        raise refused("target", "the target is neither a path nor a URL")
    scheme, authority = match.groups()
    named = _match_host(authority)  # No userinfo: "@" is in no host.
    if named is None or not named.group(1):
        raise refused("target", "the target is a URL without a valid host")
    if host is not None and _without_default_port(host, scheme) != _without_default_port(
            authority, scheme):
        # Section 3.2.2 would have us ignore Host. But a proxy, a cache or a check of the origin in
        # front of us may have decided by Host whether the request may pass.
        raise refused("host", "Host is not the host of the target")


def _without_default_port(authority, scheme):
    # type: (bytes, bytes) -> bytes
    """``authority``, lower-cased and valid, without the port that ``scheme`` stands for."""
    host, colon, port = authority.rpartition(b":")
    if colon and (not port or port == _DEFAULT_PORTS[scheme]):
        return host
    return authority
