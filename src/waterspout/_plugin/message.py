"""What a hop says to the server: target, header lines and body."""

from __future__ import absolute_import, division, print_function

import re
from base64 import b64encode

from tornado.escape import native_str
from tornado.httputil import HTTPOutputError

from waterspout._compat import TORNADO_USER_AGENT, to_bytes, to_native, to_text
from waterspout._plugin.produced_body import ProducedBody
from waterspout._wire.field_lines import FieldLines

_METHODS = frozenset(["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
_WITH_BODY = frozenset(["POST", "PUT", "PATCH"])

#: Written by the wire, so that they are true.
_FRAMING = frozenset(["content-length", "transfer-encoding"])

_LENGTH = re.compile(u"[0-9]{1,19}\\Z")

#: Sets of header lines kept encoded; programs send few different ones.
_CACHED = 512
_cache = {}  # type: Dict[Tuple, FieldLines]


def check(hop, request):
    # type: (Hop, HTTPRequest) -> None
    """Raises: what Tornado's own client raises for such a request, KeyError or ValueError."""
    if hop.credentials is not None and request.auth_mode not in (None, "basic"):
        raise ValueError("unsupported auth_mode %s" % request.auth_mode)
    if request.allow_nonstandard_methods:
        return
    method = hop.method
    if method not in _METHODS:
        raise KeyError("unknown method %s" % method)
    expected = method in _WITH_BODY
    present = hop.body is not None or hop.producer is not None
    if expected != present:
        raise ValueError(
            "Body must %sbe None for method %s (unless allow_nonstandard_methods is true)"
            % ("not " if expected else "", method)
        )


def field_lines(hop, request, origin):
    # type: (Hop, HTTPRequest, Origin) -> FieldLines
    """The headers, encoded. Raises: ValueError."""
    proxy = origin.proxy
    key = (
        hop.location.netloc,
        tuple(hop.headers.get_all()),
        request.user_agent,
        request.decompress_response,
        hop.credentials,
        hop.method == "POST",
        expects_continue(hop, request),
        proxy is not None,
        # In a tunnel, it was told the proxy when the tunnel was made.
        None if proxy is None or origin.tunnelled else proxy.authorization,
    )
    lines = _cache.get(key)
    if lines is None:
        lines = FieldLines(_pairs(*key))
        if len(_cache) >= _CACHED:
            _cache.clear()
        _cache[key] = lines
    return lines


def _pairs(netloc, given, agent, decompress, credentials, is_post, expects, proxied,
           proxy_authorization):
    # type: (...) -> List[Tuple[bytes, bytes]]
    """Those that follow from the options of the request, and the given ones of other names."""
    names = set(name.lower() for name, _ in given)
    ours = []
    if "host" not in names:
        ours.append((b"Host", to_bytes(netloc)))
    if agent or "user-agent" not in names:
        ours.append((b"User-Agent", latin1(agent or TORNADO_USER_AGENT)))
    if decompress:
        ours.append((b"Accept-Encoding", b"gzip"))
    if credentials is not None:
        ours.append((b"Authorization", basic(credentials)))
    if is_post and "content-type" not in names:
        ours.append((b"Content-Type", b"application/x-www-form-urlencoded"))
    if expects:
        ours.append((b"Expect", b"100-continue"))
    if proxy_authorization is not None:
        ours.append((b"Proxy-Authorization", proxy_authorization))
    dropped = _FRAMING.union(to_native(name).lower() for name, _ in ours)
    if proxied:
        dropped |= {"proxy-authorization"}  # Not for the origin.
    return ours + [
        (latin1(name), latin1(value)) for name, value in given if name.lower() not in dropped
    ]


def body_of(hop):
    # type: (Hop) -> Union[None, bytes, StreamedBody]
    """What follows the headers."""
    body, producer = hop.body, hop.producer
    if body is None and producer is None:
        if _stated_length(hop):
            raise HTTPOutputError("A Content-Length, but no body")
        return b"" if hop.method in _WITH_BODY or "Content-Length" in hop.headers else None
    if body is not None:
        return body
    return ProducedBody(producer, _stated_length(hop))


def expects_continue(hop, request):
    # type: (Hop, HTTPRequest) -> bool
    """RFC 9110 section 10.1.1: never without a body."""
    return bool(request.expect_100_continue and (hop.body or hop.producer is not None))


def basic(credentials):
    # type: (bytes) -> bytes
    """``user:password`` as RFC 7617 has it."""
    return b"Basic " + b64encode(credentials)


def _stated_length(hop):
    # type: (Hop) -> Optional[int]
    stated = hop.headers.get("Content-Length")
    if stated is None:
        return None
    if _LENGTH.match(to_text(stated)) is None:
        raise ValueError("%r is not a Content-Length" % (stated,))
    return int(stated)


def latin1(value):
    # type: (Union[str, bytes]) -> bytes
    """As Tornado sends names and values: bytes are UTF-8, text goes out as Latin-1."""
    return to_bytes(native_str(value), "latin-1")
