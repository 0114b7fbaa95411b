"""Route: the proxy, TLS settings, unix socket or address for a request."""

from __future__ import absolute_import, division, print_function

import os
from base64 import b64encode

from waterspout._compat import fspath, string_types, to_native
from waterspout.exceptions import SSLError


class Route(object):
    """How to connect to a server, besides its URL. An immutable value.

    Args:
        proxy (URL or None): an HTTP proxy; its credentials are its userinfo.
        verify (bool or native str): check the server's certificate (RFC 9110 section 4.3.4);
            a path is a file or folder of CA certificates to trust in place of the system's.
        cert (native str, (cert, key) or None): paths of the client's certificate and key.
        unix_socket (native str or None): path of a socket to connect to, whatever the URL's host.
        proxy_authorization (native str or None): for the proxy, instead of its userinfo.
        address ((family, address) or None): of a socket, as ``socket.getaddrinfo`` gives them: the
            one to connect to, without looking up the URL's host. All else is as for that host: the
            Host field, the name in TLS and the check of the certificate.

    Raises: ValueError: an address together with a proxy or a unix socket.

    Attributes: the arguments; ``proxy_authorization`` is the header for the proxy, or None.
    """

    __slots__ = ("proxy", "verify", "cert", "unix_socket", "proxy_authorization", "address",
                 "_hash")

    def __init__(self, proxy=None, verify=True, cert=None, unix_socket=None,
                 proxy_authorization=None, address=None):
        # type: (Optional[URL], Any, Any, Optional[str], Optional[str], Optional[Tuple[int, Tuple]]) -> None
        if address is not None and proxy is not None:
            raise ValueError("address=%r: through a proxy, it is the proxy that connects; "
                             "use no proxy for hosts with several addresses" % (address,))
        if address is not None and unix_socket is not None:
            raise ValueError("address=%r: a session on a unix socket has no use for addresses" % (
                address,))
        self.proxy = proxy
        self.verify = verify
        self.cert = cert
        self.unix_socket = unix_socket
        if proxy_authorization is None and proxy is not None:
            proxy_authorization = _basic(proxy)
        self.proxy_authorization = proxy_authorization
        self.address = address
        self._hash = hash(self._key())

    @property
    def ca(self):
        # type: () -> Optional[str]
        """File or folder of the CA certificates to trust; None for the system's."""
        return None if isinstance(self.verify, bool) else self.verify

    @property
    def cert_and_key(self):
        # type: () -> Tuple[Optional[str], Optional[str]]
        """The client's certificate and its key; None for a key in the certificate's file."""
        return self.cert if isinstance(self.cert, tuple) else (self.cert, None)

    def authorized(self, proxy_authorization):
        # type: (str) -> Route
        """A copy with this Proxy-Authorization."""
        return Route(self.proxy, self.verify, self.cert, self.unix_socket, proxy_authorization,
                     self.address)

    def at(self, address):
        # type: (Tuple[int, Tuple]) -> Route
        """A copy with this address. Raises: ValueError: it has a proxy or a unix socket."""
        return Route(self.proxy, self.verify, self.cert, self.unix_socket,
                     self.proxy_authorization, address)

    def _key(self):
        return (self.proxy and self.proxy.origin, self.proxy_authorization, self.verify,
                self.cert, self.unix_socket, self.address)

    def __hash__(self):
        return self._hash

    def __eq__(self, other):
        return self is other or isinstance(other, Route) and self._key() == other._key()

    def __ne__(self, other):  # py2: does not follow from __eq__
        return not self == other

    def __repr__(self):
        return "<Route proxy=%s verify=%r cert=%r unix_socket=%r address=%r>" % (
            self.proxy and "%s:%d" % self.proxy.origin[1:], self.verify,
            self.cert_and_key[0], self.unix_socket, self.address and self.address[1])


def checked_verify(verify):
    # type: (Any) -> Union[bool, str]
    """``verify`` for a `Route`. Only False switches verification off.

    Raises: TypeError; SSLError: the path does not exist. Nothing was sent.
    """
    if isinstance(verify, bool):
        return verify
    path = _path(verify, "verify")
    if not os.path.exists(path):
        raise SSLError(
            "Could not find a suitable TLS CA certificate bundle, invalid path: %s" % path)
    return path


def checked_cert(cert):
    # type: (Any) -> Any
    """``cert`` for a `Route`. Raises: TypeError; SSLError: a file does not exist."""
    if cert is None:
        return None
    if not isinstance(cert, (tuple, list)):
        cert = (cert, None)
    if len(cert) != 2:
        raise TypeError("cert must be a path or (certificate, key), not %d items" % len(cert))
    certificate, key = _path(cert[0], "cert"), cert[1] and _path(cert[1], "cert")
    for path, what in ((certificate, "certificate"), (key, "key")):
        if path is not None and not os.path.exists(path):
            raise SSLError("Could not find the TLS %s file, invalid path: %s" % (what, path))
    return certificate if key is None else (certificate, key)


def _path(value, keyword):
    if not isinstance(value, string_types) and not hasattr(value, "__fspath__"):
        raise TypeError("%s cannot be %s" % (keyword, type(value).__name__))
    return to_native(fspath(value))


def _basic(proxy):
    # As in requests, both a user name and a password are needed.
    credentials = proxy.credentials
    if credentials is None or credentials.startswith(b":"):
        return None
    return "Basic " + to_native(b64encode(credentials))
