"""IPv6 zones: which interface an address is on, ``[fe80::1%25eth0]`` in a URL (RFC 6874).

They mean something on this machine only. They say where to connect to, and are neither sent nor
part of what a certificate is for. ``%`` in place of ``%25`` is taken as well.

Hosts are native ``str`` as URLs have them, IPv6 addresses in brackets.
"""

from __future__ import absolute_import, division, print_function

import re

from waterspout._compat import to_native, unquote_to_bytes

#: What RFC 6874 section 2 has behind the address, as a pattern of characters.
ZONE = r"%(?:25)?(?:[0-9A-Za-z._~-]|%[0-9A-Fa-f]{2})+"

_ZONE = re.compile(r"(?<=[0-9A-Za-z:.])" + ZONE + r"(?=\]\Z)")


def without_zone(host):
    # type: (str) -> str
    """``host`` as it is sent, and as certificates know it (RFC 6874 section 4)."""
    if "%" not in host or host[:1] != "[":
        return host
    return _ZONE.sub("", host)


def lower_but_zone(host):
    # type: (str) -> str
    """``host`` in lower case; names of interfaces have cases (RFC 4007 section 11.2)."""
    if "%" not in host or host[:1] != "[":
        return host.lower()
    address, percent, zone = host.partition("%")
    return address.lower() + percent + zone


def to_look_up(host):
    # type: (str) -> str
    """``host`` as ``getaddrinfo`` takes it: ``fe80::1%eth0``."""
    if host[:1] != "[":
        return host
    address, percent, zone = host[1:-1].partition("%")
    if len(zone) > 2 and zone.startswith("25"):
        zone = zone[2:]
    return address + percent + to_native(unquote_to_bytes(zone))
