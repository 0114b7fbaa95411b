"""patch_fetch: a testing transport below every PooledHTTPClient."""

from __future__ import absolute_import, division, print_function

import os
import weakref

from waterspout._async_http_client.engine import Engine, end_pool
from waterspout._compat import TYPE_CHECKING, in_this_context
from waterspout.httpclient import PooledHTTPClient
from waterspout.httpserver import HTTPServer
from waterspout.testing._connections.in_process_connector import InProcessConnector
from waterspout.testing.patching.forwarding import ForwardingApplication
from waterspout.transports.user_defined import check_transport

if TYPE_CHECKING:
    from typing import Any, Callable, List, Optional  # noqa: F401

    from waterspout._async_http_client.fetch_exchange import FetchExchange  # noqa: F401

#: Bytes of a request that is forwarded to a transport: any number.
_NO_LIMIT = 2 ** 62

#: Those that have begun, the innermost last.
_patches = []  # type: List[FetchPatch]

#: What the first of them has replaced.
_replaced = None  # type: Any


def patch_fetch(transport):
    # type: (Any) -> FetchPatch
    """Have ``transport`` answer every fetch of `waterspout.PooledHTTPClient`: for tests.

    ::

        with patch_fetch(AppTransport(make_app())):
            response = yield AsyncHTTPClient().fetch("http://app.test/hosts")

    Of every client of that class, also one that Tornado makes because it was configured, and one
    that was made before. Only connections are replaced: redirects, callbacks, limits, timeouts and
    errors stay the client's, and so does the queue for ``max_clients``. No name is looked up.

    Patches may be nested; the innermost one answers. Fetches that have begun are not affected by
    the beginning or the end of a patch.

    Args:
        transport: `AppTransport`, or any object with ``send(request, options)`` and ``close()``.
            It gets the request when all of its body was read; ``options.stream`` is True. Its
            errors become those of Tornado's client: a `waterspout.Timeout` an
            ``HTTPTimeoutError``, a `waterspout.ReadError` an ``HTTPStreamClosedError``, and so on.
            An error that is no `waterspout.RequestException` is raised unchanged.
    Returns:
        FetchPatch: a context manager, whose value is ``transport``; and ``start()`` and ``stop()``.
    Raises: TypeError: ``transport`` does not have these methods.
    """
    return FetchPatch(transport)


class FetchPatch(object):
    """What `patch_fetch` returns."""

    def __init__(self, transport):
        # type: (Any) -> None
        check_transport(transport)
        self.transport = transport
        self._in_context = in_this_context(lambda function: function())
        self._engines = weakref.WeakKeyDictionary()  # type: Any  # PooledHTTPClient -> Engine

    def start(self):
        # type: () -> Any
        """Begin. Returns: the transport. Raises: RuntimeError: it has begun already."""
        global _replaced
        if self in _patches:
            raise RuntimeError("this patch_fetch() has begun already")
        if not _patches:
            _replaced = vars(PooledHTTPClient)["fetch_impl"]
            PooledHTTPClient.fetch_impl = _fetch_impl  # type: ignore[method-assign]
        _patches.append(self)
        return self.transport

    def stop(self):
        # type: () -> None
        """End. Idempotent."""
        if self not in _patches:
            return
        _patches.remove(self)
        if not _patches:
            PooledHTTPClient.fetch_impl = _replaced  # type: ignore[method-assign]
        for client, engine in list(self._engines.items()):
            if client._engine is engine and client._lease is not None:
                client._engine = client._lease.engine
            end_pool(engine.pool, engine.pid)
        self._engines.clear()

    def __enter__(self):
        # type: () -> Any
        return self.start()

    def __exit__(self, *exc_info):
        # type: (*Any) -> None
        self.stop()

    def take(self, client):
        # type: (PooledHTTPClient) -> None
        """Have the fetches of ``client`` answered here from now on."""
        if client._pid != os.getpid():
            client._begin()
        engine = self._engines.get(client)
        if engine is None or engine.pid != client._pid:
            engine = self._engines[client] = self._in_context(lambda: self._make_engine(client))
        client._engine = engine

    def _make_engine(self, client):
        # type: (PooledHTTPClient) -> Engine
        if hasattr(self.transport, "connector_for"):
            return Engine(
                client.io_loop, client._options, self.transport.connector_for(client.io_loop))

        def exchange_on(server_conn):
            # type: (Any) -> Optional[FetchExchange]
            used = server_conn.stream.peer
            for each in engine.pool.exchanges:
                if each.connection is not None and each.connection.stream is used:
                    return each
            return None

        application = ForwardingApplication(self.transport, exchange_on)
        server = HTTPServer(application, max_header_size=_NO_LIMIT, max_body_size=_NO_LIMIT)
        engine = Engine(client.io_loop, client._options,
                        InProcessConnector(client.io_loop, server, "127.0.0.1"))
        return engine


def _fetch_impl(self, request, callback):
    """In the place of ``PooledHTTPClient.fetch_impl``."""
    _patches[-1].take(self)
    _replaced(self, request, callback)
