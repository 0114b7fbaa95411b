"""ForwardedRequests: the client's address and scheme of requests that came by a listed proxy.

Anyone can send X-Forwarded-For. A field counts only if the peer of the TCP connection is a listed
proxy, and of its addresses those that listed proxies have added: each proxy adds, at the right, the
address from which it got the request. So the client is the first address from the right that is
not a listed proxy.
"""

from __future__ import absolute_import, division, print_function

import logging
import socket

from waterspout._compat import TYPE_CHECKING
from waterspout.service._proxies.forwarded_field import parse_forwarded
from waterspout.service._proxies.hops import Hops
from waterspout.service._proxies.networks import UNIX, Networks
from waterspout.service.bounded_log import BoundedLog
from waterspout.service.log_lines import printable

if TYPE_CHECKING:
    from typing import Any, Iterable, Optional, Tuple  # noqa: F401

    from tornado.httputil import HTTPServerRequest  # noqa: F401

#: The values of ``Application(forwarded_field=)``; the first one is the default.
FIELDS = ("X-Forwarded-For", "Forwarded")

#: Proxies between client and service. More of them are a loop or an attempt to cost time.
MAX_HOPS = 32

_SCHEMES = ("http", "https")

_log = logging.getLogger("waterspout.service")


class ForwardedRequests(object):
    """Sets ``remote_ip`` and ``protocol`` of requests from what listed proxies say.

    Args:
        networks (iterable of native str): of the proxies, as for :class:`Networks`.
        field (native str): one of `FIELDS`: "X-Forwarded-For", with X-Forwarded-Proto, or
            "Forwarded" (RFC 7239). The other one is not read: a proxy that sets one of them passes
            on what its client has sent in the other.
        logger (logging.Logger): is told of malformed fields, at a bounded rate.
    Raises:
        ValueError: a network, or the field, is none.
        TypeError: ``networks`` is not a list of text.
    """

    def __init__(self, networks, field=FIELDS[0], logger=_log):
        # type: (Iterable[str], str, logging.Logger) -> None
        if field not in FIELDS:
            raise ValueError("forwarded_field must be %s, not %r" % (" or ".join(FIELDS), field))
        self.networks = Networks(networks)
        self._hops = Hops(self.networks, strict=field == "Forwarded")
        self._read = _read_forwarded if field == "Forwarded" else _read_x_forwarded
        self._log = BoundedLog(logger)

    def __repr__(self):
        # type: () -> str
        return "<ForwardedRequests of %r>" % self.networks

    def apply(self, request):
        # type: (HTTPServerRequest) -> None
        """Set the client's address and scheme, if the peer of the connection is a listed proxy."""
        peer = _peer_of(request)
        if not self._hops.is_proxy(peer):
            return
        address, scheme, wrong = self._read(request.headers, self._hops)
        if address is not None:
            request.remote_ip = address
        if scheme is not None:
            request.protocol = scheme
        if wrong is not None:
            self._log.log(logging.WARNING, "The proxy %s sent a field that is ignored: %s",
                          peer, wrong)


def _peer_of(request):
    # type: (HTTPServerRequest) -> str
    context = request.connection.context  # type: Any
    family = getattr(context, "address_family", socket.AF_INET)
    if family in (socket.AF_INET, socket.AF_INET6):
        return context.remote_ip
    return UNIX


def _read_x_forwarded(headers, hops):
    # type: (Any, Hops) -> Tuple[Optional[str], Optional[str], Optional[str]]
    """Return the client's address, its scheme, and what is wrong; each may be None."""
    address = scheme = wrong = None
    # From the right; the text on the left is not looked at, since anyone can have written it.
    for node in reversed(headers.get("X-Forwarded-For", "").rsplit(",", MAX_HOPS)):
        node = node.strip(" \t")
        if node:
            hop = hops.address_in(node)
            if hop is None:
                wrong = "X-Forwarded-For has %s instead of an address" % printable(node)
                break
            address = hop
            if not hops.is_proxy(hop):
                break
    written = headers.get("X-Forwarded-Proto", "")
    if written not in _SCHEMES:
        written = written.rpartition(",")[2].strip(" \t").lower()
    if written in _SCHEMES:
        scheme = written
    elif written:
        wrong = "X-Forwarded-Proto is %s instead of http or https" % printable(written)
    return address, scheme, wrong


def _read_forwarded(headers, hops):
    # type: (Any, Hops) -> Tuple[Optional[str], Optional[str], Optional[str]]
    address = scheme = wrong = None
    try:
        elements = parse_forwarded(headers.get("Forwarded", ""))
    except ValueError as error:
        return None, None, "Forwarded is not valid: %s" % error
    for element in reversed(elements[-MAX_HOPS:]):
        scheme = element.get("proto", "").lower() or None
        node = element.get("for", "unknown")
        hop = hops.address_in(node)
        if hop is None:
            # RFC 7239 sections 6.2 and 6.3: "unknown", or a name that says nothing to others.
            if node.lower() != "unknown" and not node.startswith("_"):
                wrong = "Forwarded has for=%s instead of an address" % printable(node)
            break
        address = hop
        if not hops.is_proxy(hop):
            break
    if scheme is not None and scheme not in _SCHEMES:
        wrong = "Forwarded has proto=%s instead of http or https" % printable(scheme)
        scheme = None
    return address, scheme, wrong
