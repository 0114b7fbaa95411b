"""Engine: the connection pool of one client in one process."""

from __future__ import absolute_import, division, print_function

import os
import sys

from waterspout._async_http_client import message
from waterspout._async_http_client.destinations import Destinations
from waterspout._async_http_client.fetch_exchange import FetchExchange
from waterspout._async_http_client.fetch_headers import FetchHeaders
from waterspout._async_http_client.resolvers import client_resolver
from waterspout._async_http_client.streamed_fetch_exchange import StreamedFetchExchange
from waterspout._compat import is_closed
from waterspout._net.connector import Connector
from waterspout._net.pool import Pool
from waterspout._wire.message_limits import MessageLimits
from waterspout.limits import Limits


class Engine(object):
    """Performs the exchanges of one client, and of the next client that replaces it on its IOLoop.

    Args:
        options (tuple): max_clients (int): simultaneous exchanges and connections; any number of
            others wait. hostname_mapping (dict or None): for `tornado.netutil.OverrideResolver`.
            resolver (tornado.netutil.Resolver or None): closed by its owner. max_header_bytes (int
            or None). max_body_bytes (int).
        connector (Connector or None): makes the connections; None for one that connects to the
            requests' hosts.
    Attributes:
        pid (int): the process that owns the connections.
    """

    def __init__(self, io_loop, options, connector=None):
        # type: (IOLoop, Tuple[int, Optional[Dict], Optional[Resolver], Optional[int], int], Any) -> None
        max_clients, hostname_mapping, resolver, max_header_bytes, max_body_bytes = options
        self.io_loop = io_loop
        self.pid = os.getpid()
        self.max_body_bytes = max_body_bytes
        self._options = options
        self._destinations = Destinations(as_spelt=resolver is not None)
        self._headers = FetchHeaders()
        if connector is None:
            connector = Connector(io_loop, client_resolver(io_loop, hostname_mapping, resolver))
        self.pool = Pool(
            connector.io_loop,
            connector,
            pool_limits(max_clients),
            MessageLimits(head_bytes=max_header_bytes or MessageLimits.HEAD_BYTES,
                          body_bytes=max_body_bytes),
        )

    def serves(self, io_loop, options):
        # type: (IOLoop, Tuple) -> bool
        """Whether a client on ``io_loop`` with ``options`` can use this engine.

        Mappings and resolvers must be the same objects: an equal one may change later.
        """
        mine = self._options
        return (self.io_loop is io_loop and mine[1] is options[1] and mine[2] is options[2]
                and mine == options)

    def exchange(self, fetch, hop):
        # type: (Fetch, Hop) -> FetchExchange
        """Make the exchange for a hop. Raises: the errors of Tornado's client for a bad request."""
        options = fetch.options
        message.check(hop, options)
        origin = self._destinations.find(hop, options)
        kind = FetchExchange if fetch.streaming_callback is None else StreamedFetchExchange
        expects = message.expects_continue(hop, options)
        headers = self._headers.encoded(hop, options, origin, expects)
        exchange = kind(fetch, hop, origin, headers, message.body_of(hop))
        exchange.expects_continue = expects
        return exchange


def end_pool(pool, pid):
    # type: (Pool, int) -> None
    """Close idle connections now, and the others when the last fetch has ended. Idempotent.

    Does nothing in a forked child of process ``pid``: the connections belong to the parent.
    """
    if pid != os.getpid():
        return
    if is_closed(pool.io_loop):
        pool.drop()
    else:
        pool.retire()


def pool_limits(max_clients):
    # type: (float) -> Limits
    """The Limits for ``max_clients``; a whole float is accepted, as by Tornado's clients.

    Raises: ValueError.
    """
    if isinstance(max_clients, float) and max_clients.is_integer():
        max_clients = int(max_clients)
    return Limits(max_clients, max_queued=sys.maxsize)
