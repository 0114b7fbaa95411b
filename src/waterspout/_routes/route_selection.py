"""From a session's settings, a call's keywords and the environment to one Route."""

from __future__ import absolute_import, division, print_function

import os

from waterspout._routes.proxies import merge_proxies, parse_proxy, select_proxy
from waterspout._routes.route import Route, checked_cert, checked_verify

_PLAIN = Route()


def find_route(session, url, proxies=None, verify=None, cert=None):
    # type: (Session, URL, Optional[Mapping], Any, Any) -> Optional[Route]
    """The Route to ``url``, or None for the plain way.

    Args:
        session: its ``verify``, ``cert``, ``proxies``, ``trust_env`` and ``unix_socket`` count.
        proxies, verify, cert: of the call, over the session's where they are not None.
    Raises: InvalidProxyURL; Unsupported for a kind of proxy; SSLError for a file that is not
        there; TypeError and ValueError for settings that cannot be.
    """
    environ = os.environ if session.trust_env else None
    proxy = _find_proxy(session, url, proxies, environ)
    if url.scheme == "https":
        verify = checked_verify(_merge_verify(session, verify, environ))
        cert = checked_cert(session.cert if cert is None else cert)
    else:
        verify, cert = True, None
    route = Route(proxy, verify, cert, session.unix_socket)
    return None if route == _PLAIN else route


def _find_proxy(session, url, proxies, environ):
    if session.unix_socket is not None:
        if proxies or session.proxies:
            raise ValueError("a session on a unix socket has no use for proxies")
        return None
    proxy = select_proxy(url, merge_proxies(url, session.proxies, proxies, environ))
    return parse_proxy(proxy) if proxy else None


def _merge_verify(session, verify, environ):
    # As in requests, the environment's word counts more than the session's.
    if environ is not None and (verify is None or verify is True):
        verify = environ.get("REQUESTS_CA_BUNDLE") or environ.get("CURL_CA_BUNDLE") or verify
    return session.verify if verify is None else verify
