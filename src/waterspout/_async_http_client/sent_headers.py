"""show_sent: a request's header fields as sent, as Tornado's HTTPHeaders."""

from __future__ import absolute_import, division, print_function

from waterspout._async_http_client.fetch_headers import latin1
from waterspout._compat import to_bytes
from waterspout._late_headers import LateHeaders
from waterspout._wire.field_lines import parse_pairs


def show_sent(request, exchange):
    # type: (HTTPRequest, FetchExchange) -> None
    """Set ``request.headers`` to the sent fields, as Tornado's own client does.

    The fields that state the body's length are included. Tornado's ``fetch`` has copied the headers
    for that; the caller's object does not change. Proxy-Authorization stays as the caller gave it,
    sent to the server or not: a program that sends the request again relies on it, and without a
    proxy must not send another one.
    """
    raw, body = exchange.fields.raw, exchange.body
    if body is not None:
        length = len(body) if type(body) is bytes else body.length
        if length is None:
            raw += b"Transfer-Encoding: chunked\r\n"
        else:
            raw += b"Content-Length: " + to_bytes(str(length)) + b"\r\n"
    if exchange.origin.proxy is not None:
        raw = _with_proxy_authorization(raw, exchange.hop.headers.get("Proxy-Authorization"))
    # Tornado's request proxy, which adds the client's defaults, wraps the request.
    getattr(request, "request", request).headers = LateHeaders(raw)


def _with_proxy_authorization(raw, value):
    # type: (bytes, Optional[str]) -> bytes
    pairs = [pair for pair in parse_pairs(raw) if pair[0].lower() != b"proxy-authorization"]
    if value is not None:
        pairs.append((b"Proxy-Authorization", latin1(value)))
    return b"".join(name + b": " + value + b"\r\n" for name, value in pairs)
