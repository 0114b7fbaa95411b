"""SentHeaders: a request's header fields as sent, as Tornado's HTTPHeaders."""

from __future__ import absolute_import, division, print_function

from waterspout._async_http_client.fetch_headers import latin1
from waterspout._async_http_client.late_headers import LateHeaders
from waterspout._compat import to_bytes
from waterspout._wire.field_lines import parse_pairs


class SentHeaders(LateHeaders):
    """The fields of a request as they are sent, including those that state the body's length."""

    @staticmethod
    def _pairs(source):
        raw, body, proxy_authorization = source
        pairs = parse_pairs(raw)
        if body == _CHUNKED:
            pairs.append((b"Transfer-Encoding", b"chunked"))
        elif body is not None:
            pairs.append((b"Content-Length", to_bytes(str(body))))
        if proxy_authorization is not _AS_SENT:
            pairs = [pair for pair in pairs if pair[0].lower() != b"proxy-authorization"]
            if proxy_authorization is not None:
                pairs.append((b"Proxy-Authorization", latin1(proxy_authorization)))
        return pairs


_CHUNKED = -1
_AS_SENT = object()


def show_sent(request, exchange):
    # type: (HTTPRequest, FetchExchange) -> None
    """Set ``request.headers`` to the sent fields, as Tornado's own client does.

    Tornado's ``fetch`` has copied the headers for that; the caller's object does not change.
    Proxy-Authorization stays as the caller gave it, sent to the server or not: a program that sends
    the request again relies on it, and without a proxy must not send another one.
    """
    body = exchange.body
    if body is not None:
        if type(body) is bytes:
            body = len(body)
        else:
            body = _CHUNKED if body.length is None else body.length
    given = _AS_SENT
    if exchange.origin.proxy is not None:
        given = exchange.hop.headers.get("Proxy-Authorization")
    # Tornado's request proxy, which adds the client's defaults, wraps the request.
    getattr(request, "request", request).headers = SentHeaders((exchange.fields.raw, body, given))
