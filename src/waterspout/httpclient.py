"""PooledHTTPClient: our connections behind Tornado's own interface.

What differs from Tornado's ``SimpleAsyncHTTPClient``, on every Tornado:

- Connections are kept. One that dies under a request is replaced once, if nothing was sent or
  the method is idempotent; a POST that may have arrived fails with HTTPStreamClosedError.
- Proxies: http by its whole URL, https through CONNECT; ``proxy_auth_mode`` is ``"basic"``.
  ``network_interface`` is an IP address.
- Redirects go by Tornado 6's rules. Authorization, Cookie and every name and password stay with
  the origin they were given for; the TLS options, client certificate included, do not.
  ``request_timeout`` is for all of them together, as in Tornado's curl client. A relative Location
  is resolved as RFC 3986 section 5.2 says.
- ``decompress_response`` undoes deflate as well as gzip if the Accept-Encoding of the request
  names deflate.
- Bodies that are cut short are errors: by length, in a chunk, in gzip, or by a TLS connection
  that ends without close_notify. Decompressed bodies are held to ``max_body_size``.
- ``streaming_callback`` may return an awaitable; until it is done the server has to wait.
- A body held back for ``100 Continue`` is sent after a second without an answer.
- ``header_callback`` is not told of informational responses.
- URLs: a user and password are unescaped; spaces and letters outside of ASCII are escaped;
  control characters are refused.
- Cancelling the Future (Tornado 6) ends a fetch at once: its connection is closed, and the next
  that waits gets the place.
- A client that nothing refers to any more closes its idle connections at once, and the others
  when their fetches have ended.
- HTTPStreamClosedError says what went wrong in its text, and has it in its ``__cause__``, one of
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
    """An `AsyncHTTPClient` that keeps its connections, speaks to proxies, and stops when told.

    ::

        AsyncHTTPClient.configure("waterspout.PooledHTTPClient", max_clients=100)

    Takes what Tornado's ``SimpleAsyncHTTPClient`` takes, and every option of `HTTPRequest` but
    ``prepare_curl_callback``; the module's docstring lists the differences.

    Args (all optional):
        max_clients (int): fetches at a time; others wait in the order in which they came, no
            longer than their ``connect_timeout``. As many connections are kept.
        hostname_mapping (dict): names to look up under other names, as in
            `tornado.netutil.OverrideResolver`.
        max_buffer_size (int): bytes; nothing but the default of ``max_body_size``.
        resolver (tornado.netutil.Resolver): instead of our own; it stays the caller's to close.
            It is asked for the host as the URL spells it, and may answer ``AF_UNIX`` with a path.
        defaults (dict): for what a request leaves open.
        max_header_size (int): bytes of a response's start line and headers.
        max_body_size (int): bytes of a response's body, on the wire and once decompressed.
    """

    def initialize(self, max_clients=10, hostname_mapping=None,  # type: ignore[override]
                   max_buffer_size=104857600, resolver=None, defaults=None,
                   max_header_size=None, max_body_size=None):
        # type: (int, Any, int, Any, Any, Optional[int], Optional[int]) -> None
        super(PooledHTTPClient, self).initialize(defaults=defaults)
        self.max_clients = max_clients
        self._options = (max_clients, hostname_mapping, resolver, max_header_size,
                         max_buffer_size if max_body_size is None else max_body_size)
        pool_limits(max_clients)  # Raises ValueError now and not at the first fetch.
        self._lease = self._engine = self._pid = None

    def fetch_impl(self, request, callback):
        if self._pid != os.getpid():
            self._begin()
        Fetch(self._engine, request, callback).start()

    def close(self):
        """No other fetch can begin; those under way and those that wait go on to their end.

        Connections that are idle are closed; if this is the IOLoop's shared client, another one
        that is made within 5 seconds takes them over. Idempotent.
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
        """The requests that wait for their turn, in order."""
        if self._engine is None:
            return []
        return [exchange.request for exchange in self._engine.pool.waiting()]

    def stats(self):
        # type: () -> Dict[str, Dict[str, int]]
        """For each origin: active, idle and queued now; opened and reused so far."""
        return {} if self._engine is None else self._engine.pool.stats()

    def _begin(self):
        """At the first fetch: only now is it known whether the IOLoop shares this client.

        And at the first after a fork, since the connections so far are the parent's.
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
    earlier ``configure("waterspout.PooledHTTPClient")``. To be called before the program makes
    its first client: an IOLoop that has one keeps it. Changes ``AsyncHTTPClient`` alone, and
    nothing else of Tornado.

    Args:
        override (bool): also where the program names another class, Tornado's curl client for
            one. By default, such a choice wins, made before or after; only Tornado's simple
            client, if it was configured before, cannot be told from none.
        options: those of `PooledHTTPClient`, until the program configures its own.
    Returns:
        callable: takes it back; what the program has configured since stays. Idempotent.
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
