"""The ``pooled`` transport: our own HTTP/1.1 client with kept connections, in pure Python."""

from __future__ import absolute_import, division, print_function

from waterspout._bounded_stores import keep
from waterspout._compat import resolved, to_bytes
from waterspout._driver.call import Call
from waterspout._net.connector import Connector
from waterspout._net.origin import Origin, Proxy
from waterspout._net.pool import Pool
from waterspout._net.resolver import Resolver
from waterspout._wire.field_lines import FieldLines
from waterspout._wire.message_limits import MessageLimits
from waterspout.exceptions import SessionClosed
from waterspout.transports.base import Transport
from waterspout.transports.pooled.observed_exchange import (
    ObservedCollectedExchange,
    ObservedStreamedExchange,
)
from waterspout.transports.pooled.pooled_exchange import (
    CollectedPooledExchange,
    StreamedPooledExchange,
)
from waterspout.transports.tls_routes import TLSRoutes

#: Origins whose Host fields are kept encoded; a service calls a handful, a crawler thousands.
_ORIGINS = 1000

#: The same with a Route. Programs have a handful of routes; those for proxies hold credentials.
_ROUTED = 256


class PooledTransport(Transport):
    """One exchange on a kept connection of the IOLoop's own pool.

    Args:
        connector (Connector or None): makes the connections; None for one that connects to the
            requests' hosts.
    """

    def __init__(self, io_loop, limits, connector=None):
        # type: (IOLoop, Limits, Any) -> None
        self._limits = limits
        if connector is None:
            connector = Connector(io_loop, Resolver(io_loop))
        self._pool = Pool(
            connector.io_loop,
            connector,
            limits,
            MessageLimits(limits.max_start_line_bytes, limits.max_header_bytes,
                          limits.max_header_fields),
        )
        #: The origins of direct connections with the default TLS settings, and their Host fields.
        self._origins = {}  # type: Dict[Tuple[str, str, int], Tuple[Origin, FieldLines]]
        #: The same for the requests with a Route; the TLS options tell renewed files apart.
        self._routed = {}  # type: Dict[Tuple[Tuple[str, str, int], Route, Optional[TLSOptions]], Tuple[Origin, FieldLines]]
        self._tls = TLSRoutes()

    def perform(self, request, options, done, holder=None, notes=None):
        pool = self._pool
        if pool.closed:
            raise SessionClosed("%r on a closed session" % (request,))
        url, route = request.parsed_url, options.route
        found = self._origins.get(url.origin) if route is None else self._routed_origin(url, route)
        if found is None:
            found = keep(self._origins, url.origin, self._origin(url, None), _ORIGINS)
        origin, host = found
        lines = request.headers.check()
        if origin.proxy is not None:
            lines = lines + _for_proxy(origin)
        if notes is None:
            kind = StreamedPooledExchange if options.stream else CollectedPooledExchange
        else:
            kind = ObservedStreamedExchange if options.stream else ObservedCollectedExchange
        exchange = kind(origin, host, request, options, lines, done, self._limits)
        if notes is not None:
            exchange.observe(notes)
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
        ending = [each for each in self._pool.exchanges if each.holder is holder]
        if ending:
            self._pool.end_exchanges(ending)

    def close(self):
        self._pool.close()
        return resolved(None)

    def _routed_origin(self, url, route):
        # type: (URL, Route) -> Tuple[Origin, FieldLines]
        files = url.scheme == "https" and (route.cert is not None or route.ca is not None)
        key = url.origin, route, self._tls.options(route) if files else None
        found = self._routed.get(key)
        if found is None:
            found = keep(self._routed, key, self._origin(url, route), _ROUTED)
        return found

    def _origin(self, url, route):
        # type: (URL, Optional[Route]) -> Tuple[Origin, FieldLines]
        host = FieldLines([(b"Host", to_bytes(url.netloc))])
        tls = self._tls.options(route) if url.scheme == "https" else None
        if route is None:
            return Origin(url.scheme, url.host, url.port, tls), host
        proxy = None
        if route.proxy is not None:
            authorization = route.proxy_authorization
            proxy = Proxy(route.proxy.host, route.proxy.port,
                          authorization and to_bytes(authorization, "latin-1"))
        return Origin(
            url.scheme, url.host, url.port, tls, proxy, unix_socket=route.unix_socket,
            address=route.address), host

    def __repr__(self):
        return "<PooledTransport active=%d queued=%d%s>" % (
            self._pool.active,
            self._pool.queued,
            " closed" if self._pool.closed else "",
        )


def _for_proxy(origin):
    # type: (Origin) -> FieldLines
    """The header for a proxy that forwards the request; for a tunnel it was sent before."""
    authorization = origin.proxy.authorization
    if origin.tunnelled or authorization is None:
        return FieldLines()
    return FieldLines([(b"Proxy-Authorization", authorization)])
