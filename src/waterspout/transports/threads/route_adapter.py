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
    """The proxy was reached, but made no tunnel."""


class RouteAdapter(requests.adapters.HTTPAdapter):
    """Sends over connections that serve this Route alone.

    With an adapter for all of them, requests before 2.32 has a connection that nobody verified
    serve calls that want that, and all of them one user's tunnel serve another.

    Args:
        route (Route or None): None for the plain way.
    """

    def __init__(self, route):
        # type: (Optional[Route]) -> None
        self._route = route or _PLAIN
        proxy = self._route.proxy
        self._proxies = {} if proxy is None else {"all": "http://%s:%d" % (proxy.host, proxy.port)}
        super(RouteAdapter, self).__init__()

    def perform(self, request, timeout):
        # type: (requests.PreparedRequest, Tuple) -> requests.Response
        """Blocks until the head of the response is there."""
        return self.send(request, stream=True, timeout=timeout, verify=self._route.verify,
                         cert=self._route.cert, proxies=self._proxies)

    def request_url(self, request, proxies):
        if proxies and request.url.startswith("http:"):
            return request.url
        return request.path_url  # The target as it is: newer ones take //a for /a.

    def build_connection_pool_key_attributes(self, *args, **kwargs):
        # requests from 2.32 on leaves the brackets of an IPv6 address out: urllib3 then knows no
        # zone, and asks a proxy for a tunnel to ``::1:443``.
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
    """A connection whose socket programs that are started do not inherit, also on 2.7."""

    def _new_conn(self):
        sock = super(_KeptFromPrograms, self)._new_conn()
        py2_close_on_exec(sock)
        return sock


class _PlainPool(urllib3.HTTPConnectionPool):
    """Does as urllib3's; tests/contract watches the names used here."""

    class HTTPConnection(_KeptFromPrograms, urllib3.HTTPConnectionPool.ConnectionCls):
        """Its name is in urllib3's errors."""

    ConnectionCls = HTTPConnection


class _Pool(urllib3.HTTPSConnectionPool):
    """Does as urllib3's; tests/contract watches the names used here."""

    class HTTPSConnection(_KeptFromPrograms, urllib3.HTTPSConnectionPool.ConnectionCls):
        """Its name is in urllib3's errors."""

    ConnectionCls = HTTPSConnection

    def _validate_conn(self, conn):
        # Who says verify=False need not be warned of it, by urllib3, with every call.
        if not getattr(conn, "sock", None):
            conn.connect()

    def _prepare_proxy(self, conn):
        # To tell what the proxy did from what the server behind it does, later.
        try:
            super(_Pool, self)._prepare_proxy(conn)
        except (ssl.SSLError, ssl.CertificateError):
            raise
        except socket.timeout as error:
            raise urllib3.exceptions.ConnectTimeoutError(conn, str(error))
        except (HTTPException, socket.error) as error:
            raise TunnelFailed(str(error) or "the proxy closed the connection", error)
