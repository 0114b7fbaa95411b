"""PooledHTTPClient: kept connections behind Tornado's own client interface.

Differences from Tornado's ``SimpleAsyncHTTPClient``, on every Tornado:

- Connections are kept. One that dies under a request is replaced once, if nothing was sent or
  the method is idempotent; a POST that may have been received fails with HTTPStreamClosedError.
- Proxies: http with an absolute URL, https through CONNECT; ``proxy_auth_mode`` is ``"basic"``.
  ``network_interface`` is an IP address.
- Redirects follow Tornado 6's rules. Authorization, Cookie, user names and passwords are sent only
  to the origin they were given for; the TLS options, client certificate included, are kept.
  ``request_timeout`` limits all redirects together, as in Tornado's curl client. A relative
  Location is resolved as in RFC 3986 section 5.2.
- ``decompress_response`` decodes deflate as well as gzip, if the Accept-Encoding of the request
  names deflate.
- A body that is cut short is an error: by its length, in a chunk, in gzip, or by a TLS connection
  that ends without close_notify. ``max_body_size`` also limits decoded bodies.
- ``streaming_callback`` may return an awaitable; no more is read until it is done.
- A body that waits for ``100 Continue`` is sent after a second without a response.
- ``header_callback`` does not get informational responses.
- URLs: user and password are unescaped; spaces and characters beyond ASCII are escaped; control
  characters are refused.
- Cancelling the Future (Tornado 6) ends a fetch at once: its connection is closed, and the next
  waiting fetch starts.
- A client that is garbage-collected closes its idle connections at once, and the others when their
  fetches have ended.
- HTTPStreamClosedError names the reason in its text; its ``__cause__`` is one of
  `waterspout.exceptions`.
"""

from __future__ import absolute_import, division, print_function

import os

from tornado.httpclient import AsyncHTTPClient

from waterspout._async_http_client.engine import pool_limits
from waterspout._async_http_client.fetch import Fetch
from waterspout._async_http_client.installation import Installation
from waterspout._async_http_client.leases import take_lease
from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Optional  # noqa: F401

    from tornado.httpclient import HTTPRequest  # noqa: F401


class PooledHTTPClient(AsyncHTTPClient):
    """An `AsyncHTTPClient` that keeps its connections, uses proxies, and can be cancelled.

    ::

        AsyncHTTPClient.configure("waterspout.PooledHTTPClient", max_clients=100)

    It accepts the arguments of Tornado's ``SimpleAsyncHTTPClient``, and every option of
    `HTTPRequest` except ``prepare_curl_callback``; the module's docstring lists the differences.

    Args (all optional):
        max_clients (int): concurrent fetches; more wait in order, at most for their
            ``connect_timeout``. The same number of connections is kept.
        hostname_mapping (dict): names to resolve as other names, as in
            `tornado.netutil.OverrideResolver`.
        max_buffer_size (int): bytes; only the default of ``max_body_size``.
        resolver (tornado.netutil.Resolver): replaces our own; the caller closes it. It gets the
            host as the URL spells it, and may return ``AF_UNIX`` with a path.
        defaults (dict): values of options that a request does not set.
        max_header_size (int): bytes of a response's start line and header fields.
        max_body_size (int): bytes of a response's body, on the wire and decoded.
    """

    def initialize(self, max_clients=10, hostname_mapping=None,  # type: ignore[override]
                   max_buffer_size=104857600, resolver=None, defaults=None,
                   max_header_size=None, max_body_size=None):
        # type: (int, Any, int, Any, Any, Optional[int], Optional[int]) -> None
        super(PooledHTTPClient, self).initialize(defaults=defaults)
        self.max_clients = max_clients
        self._options = (max_clients, hostname_mapping, resolver, max_header_size,
                         max_buffer_size if max_body_size is None else max_body_size)
        pool_limits(max_clients)  # Raise ValueError now, not at the first fetch.
        self._lease = self._engine = self._pid = None

    def fetch_impl(self, request, callback):
        if self._pid != os.getpid():
            self._begin()
        Fetch(self._engine, request, callback).start()

    def close(self):
        """Refuse new fetches; running and waiting ones are finished. Idempotent.

        Idle connections are closed. If this is the IOLoop's shared client, the next one that is
        made within 5 seconds takes them over.
        """
        if not self._closed:
            lease, self._lease = self._lease, None
            if lease is not None and self._instance_cache is not None:
                lease.linger()
            elif lease is not None:
                lease.end()
        super(PooledHTTPClient, self).close()

    @property
    def queue(self):
        # type: () -> List[HTTPRequest]
        """The waiting requests, in order."""
        if self._engine is None:
            return []
        return [exchange.request for exchange in self._engine.pool.waiting()]

    def stats(self):
        # type: () -> Dict[str, Dict[str, int]]
        """Return the connections of each origin: active, idle and queued now; opened and reused
        so far.
        """
        return {} if self._engine is None else self._engine.pool.stats()

    def _begin(self):
        """Called by the first fetch, since only then it is known whether the IOLoop shares this
        client, and by the first fetch after a fork, since older connections are the parent's.
        """
        self._pid = os.getpid()
        self._lease = take_lease(self.io_loop, self._options, self._instance_cache is not None)
        self._engine = self._lease.engine

    def __repr__(self):
        if self._engine is None:
            return "<PooledHTTPClient, %s>" % ("closed" if self._closed else "not used yet")
        return "<PooledHTTPClient %r>" % self._engine.pool


def install(override=False, **options):
    # type: (bool, **Any) -> Callable[[], None]
    """Make `PooledHTTPClient` what ``AsyncHTTPClient.configure(None)`` means.

    ::

        waterspout.install(max_clients=100)

    For programs that call ``AsyncHTTPClient.configure(None, ...)`` themselves, which undoes an
    earlier ``configure("waterspout.PooledHTTPClient")``. Call it before the program makes its
    first client: an IOLoop that has one keeps it. Only ``AsyncHTTPClient`` is changed.

    Args:
        override (bool): also replace another class that the program names, such as Tornado's curl
            client. By default the program's choice wins, before or after this call. (The simple
            client, configured before, looks like no choice.)
        options: those of `PooledHTTPClient`, until the program configures its own.
    Returns:
        callable: undoes this call; keeps what the program has configured since. Idempotent.
    Raises:
        TypeError: an option that `PooledHTTPClient` does not have.
    """
    code = PooledHTTPClient.initialize.__code__
    for name in options:
        if name not in code.co_varnames[1 : code.co_argcount]:
            raise TypeError("PooledHTTPClient has no option %r" % name)
    installation = Installation(PooledHTTPClient, override, options)
    installation.begin()
    return installation.undo
