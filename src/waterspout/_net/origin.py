"""Origin: everything that makes two connections differ."""

from __future__ import absolute_import, division, print_function

import socket


class Origin(object):
    """Where a connection leads, and how; the pool reuses one only for an equal Origin.

    Never the path or the query of a URL (tornado#1457): they go to the same place.

    Args:
        scheme, host, port: of the URL.
        tls (TLSOptions or None): for https.
        proxy (Proxy or None).
        family (int): ``socket.AF_UNSPEC``, or one address family to keep to.
        source_address (str or None): local address to connect from.
        unix_socket (str or None): path of a socket to connect to in place of host and port.
    """

    __slots__ = ("scheme", "host", "port", "tls", "proxy", "family", "source_address",
                 "unix_socket", "_hash")

    def __init__(self, scheme, host, port, tls=None, proxy=None, family=socket.AF_UNSPEC,
                 source_address=None, unix_socket=None):
        # type: (...) -> None
        self.scheme = scheme
        self.host = host
        self.port = port
        self.tls = tls
        self.proxy = proxy
        self.family = family
        self.source_address = source_address
        self.unix_socket = unix_socket
        self._hash = hash(self._key())

    def _key(self):
        return (self.scheme, self.host, self.port, self.tls, self.proxy, self.family,
                self.source_address, self.unix_socket)

    @property
    def tunnelled(self):
        # type: () -> bool
        """Reached by CONNECT through its proxy."""
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
        if self.proxy is not None:
            where += " through %s" % self.proxy
        return where

    def __repr__(self):
        return "<Origin %s>" % self


class Proxy(object):
    """An HTTP proxy. Its credentials are part of what makes connections differ."""

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
