"""Who sends a request: the tenant whose limits count."""

from __future__ import absolute_import, division, print_function

import socket

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, Hashable  # noqa: F401

#: The beginning of an IPv6 address that stands for an IPv4 address (RFC 4291 section 2.5.5.2).
_MAPPED = b"\0" * 10 + b"\xff\xff"


def usual_tenant(request):
    # type: (Any) -> Hashable
    """Return the name of the request's principal; if it has none, its client's network."""
    name = getattr(getattr(request, "principal", None), "name", None)  # type: Hashable
    return client_network(request.remote_ip) if name is None else name


def client_network(address):
    # type: (str) -> Hashable
    """Return an IP address, or what is the same for all IPv6 addresses that one client has.

    A network gets 64 bits for its hosts, at least (RFC 4291 section 2.5.4), and a host may change
    these with each connection.
    """
    if address is None or ":" not in address:
        return address
    try:
        packed = socket.inet_pton(socket.AF_INET6, address.partition("%")[0])
    except (socket.error, ValueError):
        return address
    return packed[12:] if packed.startswith(_MAPPED) else packed[:8]
