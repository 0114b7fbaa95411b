"""The ``pooled`` transport: our own client, kept connections, pure Python."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import (
    monotonic,
    resolved,
    set_cause,
    to_bytes,
    to_native,
)
from waterspout._driver import Call
from waterspout._net.connector import Connector
from waterspout._net.exchange import Exchange
from waterspout._net.limits import PoolLimits
from waterspout._net.origin import Origin
from waterspout._net.pool import Pool
from waterspout._net.resolver import Resolver
from waterspout._net.tls import DEFAULT_TLS
from waterspout._wire.events import InformationalHead, ResponseHead
from waterspout._wire.field_lines import FieldLines
from waterspout._wire.limits import Limits as WireLimits
from waterspout.decoders import decode_body
from waterspout.exceptions import RequestException, SessionClosed
from waterspout.failures import failure
from waterspout.models import Response
from waterspout.structures import Headers
from waterspout.transports.base import Transport


#: Sets of encoded headers kept: one for each origin and content type, so a handful.
_CACHED_LINES = 512

_BODILESS = frozenset(["GET", "HEAD"])


class PooledTransport(Transport):
    """One exchange on a kept connection of the IOLoop's own pool."""

    def __init__(self, io_loop, limits):
        # type: (IOLoop, Limits) -> None
        self._limits = limits
        self._pool = Pool(
            io_loop,
            Connector(io_loop, Resolver(io_loop)),
            PoolLimits(limits.max_connections),
            WireLimits(head_bytes=limits.max_header_bytes, body_bytes=limits.max_body_bytes),
        )
        self._lines = {}  # type: Dict[Any, Tuple[List, FieldLines]]
        self._origins = {}  # type: Dict[Tuple[str, str, int], Origin]

    def perform(self, request, done):
        pool = self._pool
        if pool.closed:
            raise SessionClosed("%r on a closed session" % (request,))
        url = request.parsed_url
        origin = self._origins.get(url.origin)
        if origin is None:
            origin = self._origin(url)
        lines = self._field_lines(request) if request.plain else field_lines(request)
        exchange = _ResponseExchange(origin, request, lines, done, self._limits.max_body_bytes)
        pool.run(exchange)
        return exchange

    def send(self, request):
        return Call(self).begin(request)

    def stats(self):
        # type: () -> Dict[str, Dict[str, int]]
        """`Pool.stats`."""
        return self._pool.stats()

    def close(self):
        self._pool.close()
        return resolved(None)

    def _field_lines(self, request):
        # Most requests differ in nothing but URL and body: their headers are encoded once.
        fields, netloc = request.given_headers.fields, request.parsed_url.netloc
        key = id(fields), netloc, request.content_type
        cached = self._lines.get(key)
        if cached is not None:
            return cached[1]
        if len(self._lines) >= _CACHED_LINES:
            self._lines.clear()
        lines = field_lines(request)
        self._lines[key] = fields, lines  # Kept with it, so that its id stays its own.
        return lines

    def _origin(self, url):
        tls = DEFAULT_TLS if url.scheme == "https" else None
        origin = self._origins[url.origin] = Origin(url.scheme, url.host, url.port, tls)
        return origin

    def __repr__(self):
        return "<PooledTransport %r>" % self._pool


class _ResponseExchange(Exchange):
    """Collects one response."""

    __slots__ = ("request", "_done", "_max_body_bytes", "_head", "_body")

    def __init__(self, origin, request, lines, done, max_body_bytes):
        # type: (Origin, Request, FieldLines, Callable, int) -> None
        super(_ResponseExchange, self).__init__(
            origin,
            to_bytes(request.method),
            to_bytes(request.parsed_url.target),
            lines,
            body_of(request),
            request.timeout,
            request.deadline,
        )
        self.request = request
        self._done = done
        self._max_body_bytes = max_body_bytes
        self._head = None
        self._body = b""

    def received(self, events):
        for event in events:
            kind = type(event)
            if kind is bytes:
                if not self._body:
                    self._body = event
                elif type(self._body) is list:
                    self._body.append(event)
                else:
                    self._body = [self._body, event]
            elif kind is ResponseHead:
                self._head = event
            elif kind is not InformationalHead:  # The end.
                self._finish()

    def failed(self, error_class, what, cause):
        error = failure(error_class, self.request, what, self.phase, monotonic() - self.started)
        self._done(self.request, None, set_cause(error, cause))

    def failed_with(self, error):
        self._done(self.request, None, error)

    def _finish(self):
        head, body = self._head, self._body
        if type(body) is list:
            body = b"".join(body)
        response = Response(
            self.request,
            head.status_code,
            to_native(head.reason, "latin-1"),
            lambda: Headers.of_bytes(head.pairs()),
            body,
            monotonic() - self.started,
        )
        if body and head.content_encoding is not None:
            try:
                response.content = decode_body(body, response.headers, self._max_body_bytes)
            except RequestException as error:
                self.failed(type(error), str(error), error)
                return
        self._done(self.request, response, None)


def body_of(request):
    # type: (Request) -> Optional[bytes]
    """``b""`` where the request says that it is empty, None where it says nothing."""
    body = request.body
    if body is not None or request.method in _BODILESS:
        return body
    if request.plain or "Content-Length" in request.headers:
        return b""
    return None


def field_lines(request):
    # type: (Request) -> FieldLines
    """The request's headers as the wire takes them: with Host, without Content-Length."""
    pairs = [
        (to_bytes(name, "latin-1"), to_bytes(value, "latin-1"))
        for key, name, value in request.headers.fields
        if key != "content-length"
    ]
    if "host" not in request.headers:
        pairs.append((b"Host", to_bytes(request.parsed_url.netloc)))
    return FieldLines(pairs)
