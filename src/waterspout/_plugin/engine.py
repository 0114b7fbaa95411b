"""Engine: the pool of one client in one process, and what it needs."""

from __future__ import absolute_import, division, print_function

import sys

from tornado.netutil import OverrideResolver

from waterspout._net.connector import Connector
from waterspout._net.limits import PoolLimits
from waterspout._net.pool import Pool
from waterspout._net.resolver import Resolver
from waterspout._plugin import message
from waterspout._plugin.destinations import Destinations
from waterspout._plugin.exchange import FetchExchange
from waterspout._plugin.request_headers import RequestHeaders
from waterspout._plugin.streaming import StreamingExchange
from waterspout._wire.limits import Limits as WireLimits


class Engine(object):
    """Performs the exchanges of one client.

    Args:
        max_clients (int): exchanges at a time, and connections; the others wait, however many.
        hostname_mapping (dict or None): for `tornado.netutil.OverrideResolver`.
        resolver (tornado.netutil.Resolver or None): stays the caller's to close.
        max_header_bytes (int or None), max_body_bytes (int).
    """

    def __init__(self, io_loop, max_clients, hostname_mapping, resolver, max_header_bytes,
                 max_body_bytes):
        # type: (IOLoop, int, Optional[Dict], Optional[Resolver], Optional[int], int) -> None
        self.max_body_bytes = max_body_bytes
        names = Resolver(io_loop) if resolver is None else _BorrowedResolver(resolver)
        if hostname_mapping is not None:
            names = OverrideResolver(resolver=names, mapping=hostname_mapping)
        self._destinations = Destinations(
            as_spelt=resolver is not None or hostname_mapping is not None)
        self._headers = RequestHeaders()
        self.pool = Pool(
            io_loop,
            Connector(io_loop, names),
            PoolLimits(max_clients, max_queued=sys.maxsize),
            WireLimits(head_bytes=max_header_bytes or WireLimits.HEAD_BYTES,
                       body_bytes=max_body_bytes),
        )

    def exchange(self, fetch, hop):
        # type: (Fetch, Hop) -> FetchExchange
        """Raises: what Tornado's own client does for a request that cannot be sent."""
        request = fetch.request
        message.check(hop, request)
        origin = self._destinations.find(hop, request)
        kind = FetchExchange if fetch.streaming_callback is None else StreamingExchange
        headers = self._headers.encoded(hop, request, origin)
        exchange = kind(fetch, hop, origin, headers, message.body_of(hop))
        exchange.expects_continue = message.expects_continue(hop, request)
        return exchange

    def close(self):
        # type: () -> None
        self.pool.close()


class _BorrowedResolver(object):
    """The caller's own, which he closes himself."""

    def __init__(self, resolver):
        # type: (tornado.netutil.Resolver) -> None
        self.resolve = resolver.resolve

    def close(self):
        # type: () -> None
        """Nothing of it is ours."""
