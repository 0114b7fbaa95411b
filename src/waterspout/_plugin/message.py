"""What a hop says to the server: target, header lines and body."""

from __future__ import absolute_import, division, print_function

from base64 import b64encode

from tornado.escape import native_str
from tornado.httputil import HTTPOutputError

from waterspout._compat import TORNADO_USER_AGENT, to_bytes
from waterspout._plugin.produced_body import ProducedBody
from waterspout._wire.field_lines import FieldLines

_METHODS = frozenset(["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
_WITH_BODY = frozenset(["POST", "PUT", "PATCH"])

#: Written by the wire, so that they are true.
_FRAMING = frozenset(["content-length", "transfer-encoding"])

#: Sets of header lines kept encoded; programs send few different ones.
_CACHED = 512
_cache = {}  # type: Dict[Tuple[Tuple[bytes, bytes], ...], FieldLines]


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
    ours = _our_headers(hop, request)
    pairs = []
    proxy = origin.proxy
    if proxy is not None:
        # What is for the proxy is its own: it is told when the tunnel is made, if there is one.
        ours["proxy-authorization"] = None
        if proxy.authorization is not None and not origin.tunnelled:
            pairs.append((b"Proxy-Authorization", proxy.authorization))
    for name, value in hop.headers.get_all():
        kind = name.lower()
        if kind not in ours and kind not in _FRAMING:
            pairs.append((latin1(name), latin1(value)))
    if "host" not in hop.headers:
        pairs.append((b"Host", to_bytes(hop.location.netloc)))
    pairs.extend(pair for pair in ours.values() if pair is not None)
    key = tuple(pairs)
    lines = _cache.get(key)
    if lines is None:
        lines = FieldLines(pairs)
        if len(_cache) >= _CACHED:
            _cache.clear()
        _cache[key] = lines
    return lines


def _our_headers(hop, request):
    # type: (Hop, HTTPRequest) -> Dict[str, Tuple[bytes, bytes]]
    """Those that follow from the options of the request, over its own of the same name."""
    headers = hop.headers
    ours = {}
    agent = request.user_agent
    if agent or "User-Agent" not in headers:
        ours["user-agent"] = (b"User-Agent", latin1(agent or TORNADO_USER_AGENT))
    if request.decompress_response:
        ours["accept-encoding"] = (b"Accept-Encoding", b"gzip")
    if hop.credentials is not None:
        ours["authorization"] = (b"Authorization", basic(hop.credentials))
    if hop.method == "POST" and "Content-Type" not in headers:
        ours["content-type"] = (b"Content-Type", b"application/x-www-form-urlencoded")
    if expects_continue(hop, request):
        ours["expect"] = (b"Expect", b"100-continue")
    return ours


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
    if not stated.isdigit():
        raise ValueError("%r is not a Content-Length" % (stated,))
    return int(stated)


def latin1(value):
    # type: (Union[str, bytes]) -> bytes
    """As Tornado sends names and values: bytes are UTF-8, text goes out as Latin-1."""
    return to_bytes(native_str(value), "latin-1")
