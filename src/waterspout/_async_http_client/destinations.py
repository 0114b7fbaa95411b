"""Destinations: finds the Origin for the options of a Tornado request."""

from __future__ import absolute_import, division, print_function

import socket
import ssl

from tornado.httputil import encode_username_password
from tornado.netutil import is_valid_ip

from waterspout._async_http_client.fetch_headers import basic, latin1
from waterspout._bounded_stores import keep
from waterspout._compat import CHECKS_HOST_NAMES, client_context, to_native
from waterspout._net.origin import Origin, Proxy
from waterspout._net.tls_options import DEFAULT_TLS, TLSOptions, file_stamp

#: Origins kept; most programs have few upstreams, but a crawler has any number.
_CACHED = 512


class Destinations(object):
    """Finds origins and keeps them: an Origin holds its SSLContext, which is slow to make.

    Two requests get equal origins only if they may share a connection.

    Args:
        as_spelt (bool): keep the host as in the URL, with its case: for the program's own resolver
            it may be anything, such as the path of a socket.
    """

    def __init__(self, as_spelt=False):
        # type: (bool) -> None
        self._as_spelt = as_spelt
        self._origins = {}  # type: Dict[Tuple, Origin]
        self._contexts = {}  # type: Dict[Tuple, ssl.SSLContext]

    def find(self, hop, options):
        # type: (Hop, Options) -> Origin
        """Return the Origin. Raises: ValueError: an option is invalid."""
        scheme, host, port = hop.location.origin
        if self._as_spelt:
            host = hop.location.host
        tls = self._tls(options.request) if scheme == "https" else None
        proxy = None
        if options.proxy_host:
            proxy = _proxy(options.request, hop.headers)
        family = socket.AF_INET if options.allow_ipv6 is False else socket.AF_UNSPEC
        interface = options.network_interface
        key = (scheme, host, port, tls, proxy, family, interface)
        origin = self._origins.get(key)
        if origin is None:
            if interface and not is_valid_ip(interface):
                raise ValueError(
                    "Unrecognized IPv4 or IPv6 address for network_interface, got %r"
                    % (interface,))
            origin = Origin(scheme, host, port, tls, proxy, family, interface or None)
            keep(self._origins, key, origin, _CACHED)
        return origin

    def _tls(self, request):
        # type: (HTTPRequest) -> TLSOptions
        options = request.ssl_options
        if options is not None:
            context = options if isinstance(options, ssl.SSLContext) else self._context(options)
            return TLSOptions(context=context, checks_name=CHECKS_HOST_NAMES)
        verify = request.validate_cert is None or bool(request.validate_cert)
        ca, cert, key = request.ca_certs, request.client_cert, request.client_key
        if verify and ca is None and cert is None:
            return DEFAULT_TLS
        return TLSOptions(verify, ca, cert, key)

    def _context(self, options):
        # type: (Dict[str, Any]) -> ssl.SSLContext
        """The same context for equal dictionaries, as long as their files do not change."""
        key = tuple(sorted(options.items())) + tuple(
            file_stamp(options.get(name)) for name in ("certfile", "keyfile", "ca_certs"))
        context = self._contexts.get(key)
        if context is None:
            context = keep(self._contexts, key, client_context(options), _CACHED)
        return context


def _proxy(request, headers):
    # type: (HTTPRequest, HTTPHeaders) -> Proxy
    host, port = request.proxy_host, request.proxy_port
    if not port:
        raise ValueError("proxy_host needs proxy_port")
    if request.proxy_auth_mode not in (None, "basic"):
        raise ValueError("unsupported proxy_auth_mode %s" % request.proxy_auth_mode)
    authorization = headers.get("Proxy-Authorization")
    if authorization is not None:
        authorization = latin1(authorization)
    if request.proxy_username is not None:
        authorization = basic(
            encode_username_password(request.proxy_username, request.proxy_password or ""))
    return Proxy(to_native(host), int(port), authorization)
