"""Origin: all that decides whether two requests may share a connection."""

from __future__ import absolute_import, division, print_function

import socket


class Origin(object):
    """The peer of a connection and the way to it. The pool reuses a connection for an equal Origin.

    Path and query of a URL are not part of it (tornado#1457 was that mistake).

    Args:
        scheme, host (native str), port (int): of the URL.
        tls (TLSOptions or None): for https.
        proxy (Proxy or None).
        family (int): ``socket.AF_UNSPEC``, or the only address family to use.
        source_address (native str or None): the local address to connect from.
        unix_socket (native str or None): path of a socket to connect to instead of host and port.
        address ((family, address) or None): of the socket to connect to, without looking up the
            host. Not with a proxy.
    """

    __slots__ = ("scheme", "host", "port", "tls", "proxy", "family", "source_address",
                 "unix_socket", "address", "_hash")

    def __init__(self, scheme, host, port, tls=None, proxy=None, family=socket.AF_UNSPEC,
                 source_address=None, unix_socket=None, address=None):
        # type: (...) -> None
        self.scheme = scheme
        self.host = host
        self.port = port
        self.tls = tls
        self.proxy = proxy
        self.family = family
        self.source_address = source_address
        self.unix_socket = unix_socket
        self.address = address
        self._hash = hash(self._key())

    def _key(self):
        return (self.scheme, self.host, self.port, self.tls, self.proxy, self.family,
                self.source_address, self.unix_socket, self.address)

    @property
    def tunnelled(self):
        # type: () -> bool
        """Whether it is reached by CONNECT through its proxy."""
        return self.proxy is not None and self.scheme == "https"

    def __hash__(self):
        return self._hash

    def __eq__(self, other):
        if not isinstance(other, Origin):
            return NotImplemented
        return self is other or self._key() == other._key()

    def __ne__(self, other):  # py2: does not follow from __eq__
        return not self == other

    def __str__(self):
        where = "%s://%s:%d" % (self.scheme, self.host, self.port)
        if self.unix_socket is not None:
            where += " at unix:%s" % self.unix_socket
        if self.address is not None:
            where += " at %s" % _shown(self.address[1], self.port)
        if self.proxy is not None:
            where += " through %s" % self.proxy
        return where

    def __repr__(self):
        return "<Origin %s>" % self


def _shown(address, port):
    # type: (Tuple, int) -> str
    """The address; its port, too, if that is not ``port``."""
    if address[1] == port:
        return address[0]
    return ("[%s]:%d" if ":" in address[0] else "%s:%d") % tuple(address[:2])


class Proxy(object):
    """An HTTP proxy. Connections with other credentials are not shared."""

    __slots__ = ("host", "port", "authorization")

    def __init__(self, host, port, authorization=None):
        # type: (str, int, Optional[bytes]) -> None
        self.host = host
        self.port = port
        self.authorization = authorization

    def _key(self):
        return self.host, self.port, self.authorization

    def __hash__(self):
        return hash(self._key())

    def __eq__(self, other):
        return isinstance(other, Proxy) and self._key() == other._key()

    def __ne__(self, other):  # py2: does not follow from __eq__
        return not self == other

    def __str__(self):
        return "%s:%d" % (self.host, self.port)

    __repr__ = __str__  # Never the credentials.
