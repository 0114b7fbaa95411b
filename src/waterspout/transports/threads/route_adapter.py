"""RouteAdapter: requests' HTTPAdapter for one Route."""

from __future__ import absolute_import, division, print_function

import socket
import ssl

import requests
import urllib3

from waterspout._compat import HTTPException, py2_close_on_exec
from waterspout._routes.route import Route

_PLAIN = Route()


class TunnelFailed(urllib3.exceptions.ProxyError):
    """The proxy was reached, but did not make a tunnel."""


class RouteAdapter(requests.adapters.HTTPAdapter):
    """Sends over connections that are used for this Route only.

    One adapter for all routes would not be safe: requests before 2.32 reuses an unverified
    connection for calls that want verification, and every version one user's tunnel for another.

    Args:
        route (Route or None): None for a direct connection with the default TLS settings.
    """

    def __init__(self, route):
        # type: (Optional[Route]) -> None
        self._route = route or _PLAIN
        proxy = self._route.proxy
        self._proxies = {} if proxy is None else {"all": "http://%s:%d" % (proxy.host, proxy.port)}
        super(RouteAdapter, self).__init__()

    def perform(self, request, timeout):
        # type: (requests.PreparedRequest, Tuple) -> requests.Response
        """Send the request; block until the response's head was received."""
        return self.send(request, stream=True, timeout=timeout, verify=self._route.verify,
                         cert=self._route.cert, proxies=self._proxies)

    def request_url(self, request, proxies):
        if proxies and request.url.startswith("http:"):
            return request.url
        return request.path_url  # The target unchanged: newer versions would replace //a by /a.

    def build_connection_pool_key_attributes(self, *args, **kwargs):
        # requests from 2.32 on removes the brackets of an IPv6 address: urllib3 then does not
        # recognise a zone, and asks a proxy for a tunnel to ``::1:443``.
        of_host, of_tls = super(RouteAdapter, self).build_connection_pool_key_attributes(
            *args, **kwargs)
        if ":" in (of_host["host"] or ""):
            of_host["host"] = "[%s]" % of_host["host"].strip("[]")
        return of_host, of_tls

    def proxy_headers(self, proxy):
        authorization = self._route.proxy_authorization
        return {} if authorization is None else {"Proxy-Authorization": authorization}

    def init_poolmanager(self, *args, **kwargs):
        super(RouteAdapter, self).init_poolmanager(*args, **kwargs)
        _use_our_pools(self.poolmanager)

    def proxy_manager_for(self, proxy, **kwargs):
        manager = super(RouteAdapter, self).proxy_manager_for(proxy, **kwargs)
        _use_our_pools(manager)
        return manager


def _use_our_pools(manager):
    manager.pool_classes_by_scheme = {"http": _PlainPool, "https": _Pool}


class _KeptFromPrograms(object):
    """A connection whose socket child programs do not inherit, on 2.7 too."""

    def _new_conn(self):
        sock = super(_KeptFromPrograms, self)._new_conn()
        py2_close_on_exec(sock)
        return sock


class _PlainPool(urllib3.HTTPConnectionPool):
    """urllib3's pool; tests/contract checks the names used here."""

    class HTTPConnection(_KeptFromPrograms, urllib3.HTTPConnectionPool.ConnectionCls):
        """Named like urllib3's class, because urllib3's errors contain the name."""

    ConnectionCls = HTTPConnection


class _Pool(urllib3.HTTPSConnectionPool):
    """urllib3's pool; tests/contract checks the names used here."""

    class HTTPSConnection(_KeptFromPrograms, urllib3.HTTPSConnectionPool.ConnectionCls):
        """Named like urllib3's class, because urllib3's errors contain the name."""

    ConnectionCls = HTTPSConnection

    def _validate_conn(self, conn):
        # Like urllib3's, but without a warning for every call with verify=False.
        if not getattr(conn, "sock", None):
            conn.connect()

    def _prepare_proxy(self, conn):
        # Distinguish the proxy's failures from later ones of the server behind it.
        try:
            super(_Pool, self)._prepare_proxy(conn)
        except (ssl.SSLError, ssl.CertificateError):
            raise
        except socket.timeout as error:
            raise urllib3.exceptions.ConnectTimeoutError(conn, str(error))
        except (HTTPException, socket.error) as error:
            raise TunnelFailed(str(error) or "the proxy closed the connection", error)
