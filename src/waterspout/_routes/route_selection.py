"""Routing: finds the Route to a URL from a session, a call's keywords and the environment."""

from __future__ import absolute_import, division, print_function

import os

from waterspout._routes.proxies import merge_proxies, parse_proxy, select_proxy
from waterspout._routes.route import Route, checked_cert, checked_verify

_PLAIN = Route()


class Routing(object):
    """Finds the `Route` to each URL of one call, redirects included. Immutable.

    Args:
        session: its ``verify``, ``cert``, ``proxies``, ``trust_env`` and ``unix_socket`` are used.
        proxies, verify, cert: the call's; they replace the session's unless they are None.
    """

    __slots__ = ("_session_proxies", "_proxies", "_session_verify", "_verify", "_cert",
                 "_trust_env", "_unix_socket")

    def __init__(self, session, proxies=None, verify=None, cert=None):
        # type: (Session, Optional[Mapping], Any, Any) -> None
        self._session_proxies = dict(session.proxies or {})
        self._proxies = proxies
        self._session_verify = session.verify
        self._verify = verify
        self._cert = session.cert if cert is None else cert
        self._trust_env = session.trust_env
        self._unix_socket = session.unix_socket

    def route(self, url):
        # type: (URL) -> Optional[Route]
        """The Route to ``url``; None for a direct connection with the default TLS settings.

        Raises: InvalidProxyURL; Unsupported: an https or SOCKS proxy; SSLError: a file does not
            exist; TypeError, ValueError: an invalid setting. Nothing was sent.
        """
        environ = os.environ if self._trust_env else None
        proxy = self._find_proxy(url, environ)
        if url.scheme == "https":
            verify = checked_verify(self._merge_verify(environ))
            cert = checked_cert(self._cert)
        else:
            verify, cert = True, None
        route = Route(proxy, verify, cert, self._unix_socket)
        return None if route == _PLAIN else route

    def _find_proxy(self, url, environ):
        if self._unix_socket is not None:
            if self._proxies or self._session_proxies:
                raise ValueError("a session on a unix socket has no use for proxies")
            return None
        proxies = merge_proxies(url, self._session_proxies, self._proxies, environ)
        proxy = select_proxy(url, proxies)
        return parse_proxy(proxy) if proxy else None

    def _merge_verify(self, environ):
        # As in requests, the environment counts more than the session.
        verify = self._verify
        if environ is not None and (verify is None or verify is True):
            verify = environ.get("REQUESTS_CA_BUNDLE") or environ.get("CURL_CA_BUNDLE") or verify
        return self._session_verify if verify is None else verify


def routing_of(session, proxies, verify, cert):
    # type: (Session, Optional[Mapping], Any, Any) -> Optional[Routing]
    """The Routing of one call; None if every URL has a direct route with the default settings."""
    if (proxies is None and verify is None and cert is None and session.verify is True
            and session.cert is None and not session.proxies and not session.trust_env
            and session.unix_socket is None):
        return None
    return Routing(session, proxies, verify, cert)
