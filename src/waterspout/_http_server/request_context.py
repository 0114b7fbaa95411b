"""RequestContext: who sent the requests of a connection, and over which protocol."""

from __future__ import absolute_import, division, print_function

import socket

from tornado import netutil
from tornado.escape import native_str

_INTERNET = (socket.AF_INET, socket.AF_INET6)

_NOBODY = frozenset()  # type: FrozenSet[str]


class RequestContext(object):
    """What ``request.connection.context`` is in Tornado, with the same attributes and results.

    A connection has one for all its requests, one after the other: call `_unapply_xheaders` after
    each request for which `_apply_xheaders` was called.

    Args:
        sock_family (int): of the connection's socket, e.g. ``socket.AF_INET``.
        address: the peer's address, as ``accept()`` returned it.
        is_tls (bool): the connection is encrypted by TLS.
        protocol (str or None): "http" or "https" where the server's user has stated it; None: what
            ``is_tls`` says.
        trusted_downstream (iterable of str or None): addresses of proxies, which are skipped in
            X-Forwarded-For. A frozenset is shared, anything else is copied.
    Attributes:
        remote_ip (str): the peer's IP address; "0.0.0.0" for a unix socket.
        protocol (str): "http" or "https", or what the server's user has stated.
        address, address_family, trusted_downstream: see Args.
    Source: ``tornado.httpserver._HTTPRequestContext``.
    """

    __slots__ = ("address", "address_family", "remote_ip", "protocol", "trusted_downstream",
                 "_orig_remote_ip", "_orig_protocol")

    def __init__(self, sock_family, address, is_tls, protocol=None, trusted_downstream=None):
        # type: (int, Any, bool, Optional[str], Optional[Iterable[str]]) -> None
        self.address = address
        self.address_family = sock_family
        if sock_family in _INTERNET and address is not None:
            self.remote_ip = address[0]
        else:
            self.remote_ip = "0.0.0.0"
        self.protocol = protocol or ("https" if is_tls else "http")
        self.trusted_downstream = (
            frozenset(trusted_downstream) if trusted_downstream else _NOBODY)
        self._orig_remote_ip = self.remote_ip
        self._orig_protocol = self.protocol

    def __str__(self):
        if self.address_family in _INTERNET:
            return self.remote_ip
        if isinstance(self.address, bytes):  # Linux: the path of a unix socket.
            return native_str(self.address)
        return str(self.address)

    def _apply_xheaders(self, headers):
        # type: (HTTPHeaders) -> None
        """Set `remote_ip` and `protocol` from the fields of a trusted proxy.

        They are X-Real-Ip or the last address in X-Forwarded-For that is not a trusted proxy's, and
        X-Scheme or X-Forwarded-Proto. A value that is not an IP address, or not "http" or "https",
        changes nothing.
        """
        get = headers.get
        for each in reversed(get("X-Forwarded-For", self.remote_ip).split(",")):
            ip = each.strip()
            if ip not in self.trusted_downstream:
                break
        ip = get("X-Real-Ip", ip)
        if _is_ip(ip):
            self.remote_ip = ip
        protocol = get("X-Scheme", get("X-Forwarded-Proto", self.protocol))
        if protocol:
            protocol = protocol.split(",")[-1].strip()
        if protocol in ("http", "https"):
            self.protocol = protocol

    def _unapply_xheaders(self):
        # type: () -> None
        """Undo `_apply_xheaders`: the next request may come from another client of the proxy."""
        self.remote_ip = self._orig_remote_ip
        self.protocol = self._orig_protocol


def _is_ip(text):
    # type: (str) -> bool
    try:
        return netutil.is_valid_ip(text)
    except UnicodeError:  # Tornado before 6.3: a label of more than 63 characters.
        return False
