"""Checks a hop as Tornado's client does, and makes its body."""

from __future__ import absolute_import, division, print_function

import re

from tornado.httputil import HTTPOutputError

from waterspout._async_http_client.body_producer import ProducerBodySource
from waterspout._compat import to_bytes, to_text
from waterspout._wire.grammar import TOKEN

_METHODS = frozenset(["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
_WITH_BODY = frozenset(["POST", "PUT", "PATCH"])

_LENGTH = re.compile(u"[0-9]{1,19}\\Z")


def check(hop, options):
    # type: (Hop, Options) -> None
    """Raise what Tornado's client raises for an invalid request: KeyError or ValueError."""
    if hop.credentials is not None and options.auth_mode not in (None, "basic"):
        raise ValueError("unsupported auth_mode %s" % options.auth_mode)
    method = hop.method
    if options.allow_nonstandard_methods:
        if TOKEN.match(to_bytes(method)) is None:
            raise ValueError("invalid method %r" % (method,))
        return
    if method not in _METHODS:
        raise KeyError("unknown method %s" % method)
    expected = method in _WITH_BODY
    present = hop.body is not None or hop.producer is not None
    if expected != present:
        raise ValueError(
            "Body must %sbe None for method %s (unless allow_nonstandard_methods is true)"
            % ("not " if expected else "", method)
        )


def body_of(hop):
    # type: (Hop) -> Union[None, bytes, BodySource]
    """The body to send. Raises: ValueError, HTTPOutputError."""
    body, producer = hop.body, hop.producer
    headers = hop.headers
    if "Transfer-Encoding" in headers:
        coding = headers["Transfer-Encoding"]
        if to_text(coding).lower() != u"chunked":
            raise ValueError("unsupported Transfer-Encoding %s" % coding)
    if body is None and producer is None:
        stated = "Content-Length" in headers
        if stated and _stated_length(hop):
            raise HTTPOutputError("A Content-Length, but no body")
        return b"" if stated or hop.method in _WITH_BODY else None
    if body is not None:
        return body
    return ProducerBodySource(producer, _stated_length(hop))


def expects_continue(hop, options):
    # type: (Hop, Options) -> bool
    """Whether to send Expect: 100-continue; never without a body (RFC 9110 section 10.1.1)."""
    return bool(options.expect_100_continue and (hop.body or hop.producer is not None))


def _stated_length(hop):
    # type: (Hop) -> Optional[int]
    stated = hop.headers.get("Content-Length")
    if stated is None:
        return None
    if _LENGTH.match(to_text(stated)) is None:
        raise ValueError("%r is not a Content-Length" % (stated,))
    return int(stated)
