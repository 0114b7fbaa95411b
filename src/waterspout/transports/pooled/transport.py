"""The ``pooled`` transport: our own client, kept connections, pure Python."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import resolved, to_bytes
from waterspout._driver.call import Call
from waterspout._net.connector import Connector
from waterspout._net.origin import Origin, Proxy
from waterspout._net.pool import Pool
from waterspout._net.resolver import Resolver
from waterspout._wire.message_limits import MessageLimits
from waterspout.exceptions import SessionClosed
from waterspout.transports.base import Transport
from waterspout.transports.borrowed.tls_routes import TLSRoutes
from waterspout.transports.pooled.pooled_exchange import (
    CollectedPooledExchange,
    StreamedPooledExchange,
    field_lines,
)

#: Sets of encoded headers kept: one for each origin and content type, so a handful; for all
#: sessions that share the transport, which may be made for one request each.
_CACHED_LINES = 512


class PooledTransport(Transport):
    """One exchange on a kept connection of the IOLoop's own pool."""

    def __init__(self, io_loop, limits):
        # type: (IOLoop, Limits) -> None
        self._limits = limits
        self._pool = Pool(
            io_loop,
            Connector(io_loop, Resolver(io_loop)),
            limits,
            MessageLimits(limits.max_start_line_bytes, limits.max_header_bytes,
                          limits.max_header_fields),
        )
        self._lines = {}  # type: Dict[Tuple, FieldLines]
        self._origins = {}  # type: Dict[Tuple[str, str, int], Origin]  # The plain way.
        self._tls = TLSRoutes()

    def perform(self, request, options, done, holder=None):
        pool = self._pool
        if pool.closed:
            raise SessionClosed("%r on a closed session" % (request,))
        url, route = request.parsed_url, options.route
        origin = self._origins.get(url.origin) if route is None else self._origin(url, route)
        if origin is None:
            origin = self._origins[url.origin] = self._origin(url, None)
        if request.plain and (route is None or route.proxy is None):
            lines = self._field_lines(request)
        else:
            lines = field_lines(request, route)
        kind = StreamedPooledExchange if options.stream else CollectedPooledExchange
        exchange = kind(origin, request, options, lines, done, self._limits)
        if request.body is not None:
            exchange.expects_continue = request.expects_continue
        exchange.holder = holder
        pool.run(exchange)
        return exchange

    def send(self, request, options):
        return Call(self).begin(request, options)

    def stats(self):
        # type: () -> Dict[str, Dict[str, int]]
        """`Pool.stats`."""
        return self._pool.stats()

    def end_calls(self, holder):
        self._pool.end_exchanges(lambda exchange: exchange.holder is holder)

    def close(self):
        self._pool.close()
        return resolved(None)

    def _field_lines(self, request):
        # Most requests differ in nothing but URL and body: their headers are encoded once.
        key = tuple(request.given_headers.fields), request.parsed_url.netloc, request.content_type
        lines = self._lines.get(key)
        if lines is None:
            if len(self._lines) >= _CACHED_LINES:
                self._lines.clear()
            lines = self._lines[key] = field_lines(request, None)
        return lines

    def _origin(self, url, route):
        tls = self._tls.options(route) if url.scheme == "https" else None
        if route is None:
            return Origin(url.scheme, url.host, url.port, tls)
        proxy = None
        if route.proxy is not None:
            authorization = route.proxy_authorization
            proxy = Proxy(route.proxy.host, route.proxy.port,
                          authorization and to_bytes(authorization, "latin-1"))
        return Origin(url.scheme, url.host, url.port, tls, proxy, unix_socket=route.unix_socket)

    def __repr__(self):
        return "<PooledTransport active=%d queued=%d%s>" % (
            self._pool.active,
            self._pool.queued,
            " closed" if self._pool.closed else "",
        )
