"""IPv6 zones: the interface of a link-local address, ``[fe80::1%25eth0]`` in a URL (RFC 6874).

A zone has a meaning on this machine only. It is used to connect, and is neither sent nor compared
with a certificate. ``%`` instead of ``%25`` is accepted too.

Hosts are native ``str`` as in URLs, IPv6 addresses in brackets.
"""

from __future__ import absolute_import, division, print_function

import re

from waterspout._compat import to_native, unquote_to_bytes

#: The zone after the address (RFC 6874 section 2), as a pattern of characters.
ZONE = r"%(?:25)?(?:[0-9A-Za-z._~-]|%[0-9A-Fa-f]{2})+"

_ZONE = re.compile(r"(?<=[0-9A-Za-z:.])" + ZONE + r"(?=\]\Z)")


def without_zone(host):
    # type: (str) -> str
    """``host`` as it is sent and as certificates have it (RFC 6874 section 4)."""
    if "%" not in host or host[:1] != "[":
        return host
    return _ZONE.sub("", host)


def lower_but_zone(host):
    # type: (str) -> str
    """``host`` in lower case, but not its zone, whose case matters (RFC 4007 section 11.2)."""
    if "%" not in host or host[:1] != "[":
        return host.lower()
    address, percent, zone = host.partition("%")
    return address.lower() + percent + zone


def to_look_up(host):
    # type: (str) -> str
    """``host`` for ``getaddrinfo``: ``fe80::1%eth0``."""
    if host[:1] != "[":
        return host
    address, percent, zone = host[1:-1].partition("%")
    if len(zone) > 2 and zone.startswith("25"):
        zone = zone[2:]
    return address + percent + to_native(unquote_to_bytes(zone))
