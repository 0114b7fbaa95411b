"""Sets the options of libcurl for a Route."""

from __future__ import absolute_import, division, print_function

import os

import pycurl

from waterspout._compat import to_bytes

#: Without it, a proxy's response to CONNECT is reported as the response's head. pycurl has no name
#: for this option (libcurl 7.54 and newer).
_SUPPRESS_CONNECT_HEADERS = 265

#: Whether it can connect to another address than the URL's (libcurl 7.49 and newer).
CAN_CONNECT_TO = hasattr(pycurl, "CONNECT_TO")

#: Headers that libcurl would send to the proxy by itself.
_UNASKED = [b"Proxy-Connection:", b"User-Agent:"]


def set_route_options(curl, route):
    # type: (pycurl.Curl, Optional[Route]) -> None
    """Set all that a Route says; ``curl`` must not have served another one."""
    # Ignore the environment. NO_PROXY would be used for given proxies too.
    curl.setopt(pycurl.PROXY, "")
    curl.setopt(pycurl.NOPROXY, "")
    if route is None:
        return
    if route.unix_socket is not None:
        curl.setopt(pycurl.UNIX_SOCKET_PATH, route.unix_socket)
    if route.address is not None:
        curl.setopt(pycurl.CONNECT_TO, [_connect_to(route.address[1])])
    if route.proxy is not None:
        _set_proxy_options(curl, route)
    if route.verify is False:
        curl.setopt(pycurl.SSL_VERIFYPEER, 0)
        curl.setopt(pycurl.SSL_VERIFYHOST, 0)
    elif route.ca is not None:
        _trust(curl, route.ca)
    cert, key = route.cert_and_key
    if cert is not None:
        curl.setopt(pycurl.SSLCERT, cert)
        curl.setopt(pycurl.SSLKEY, cert if key is None else key)


def _set_proxy_options(curl, route):
    fields = list(_UNASKED)
    if route.proxy_authorization is not None:
        # Not PROXYUSERPWD, which supports only user names and passwords, and not all of them.
        fields.append(to_bytes("Proxy-Authorization: " + route.proxy_authorization, "latin-1"))
    curl.setopt(pycurl.PROXY, "http://%s:%d" % (route.proxy.host, route.proxy.port))
    curl.setopt(pycurl.HEADEROPT, pycurl.HEADER_SEPARATE)
    curl.setopt(pycurl.PROXYHEADER, fields)
    curl.setopt(_SUPPRESS_CONNECT_HEADERS, 1)


def _connect_to(address):
    # type: (Tuple) -> str
    """For every host and port of a URL: connect to this address."""
    return ("::[%s]:%d" if ":" in address[0] else "::%s:%d") % tuple(address[:2])


def _trust(curl, ca):
    # The other option would add the system's authorities unless it is unset.
    if os.path.isdir(ca):
        given, other = pycurl.CAPATH, pycurl.CAINFO
    else:
        given, other = pycurl.CAINFO, pycurl.CAPATH
    curl.setopt(given, ca)
    curl.unsetopt(other)
