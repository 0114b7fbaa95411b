"""The IP address in what a proxy calls a node: an address, maybe with brackets and a port."""

from __future__ import absolute_import, division, print_function

import binascii
import re
import socket

from waterspout._compat import TYPE_CHECKING, to_native
from waterspout.service._proxies.networks import number_of

if TYPE_CHECKING:
    from typing import Optional  # noqa: F401

_PORT = r"(?::[0-9]{1,5})?"
_IN_BRACKETS = r"\[([0-9A-Fa-f:.]+)\]" + _PORT
_V4 = r"([0-9.]+)" + _PORT

# RFC 7239 section 6, without the obfuscated ports that nothing here would use.
_NODE = re.compile(r"(?:%s|%s)\Z" % (_IN_BRACKETS, _V4))

# X-Forwarded-For has no standard. Most proxies write the bare address, some a port as well.
_LOOSE_NODE = re.compile(r"(?:%s|%s|([0-9A-Fa-f:.]+))\Z" % (_IN_BRACKETS, _V4))


def address_in(node, strict=False):
    # type: (str, bool) -> Optional[str]
    """Return the address in its usual form, such as ``"2001:db8::1"``; None if there is none.

    Args:
        strict (bool): an IPv6 address must be in brackets, as RFC 7239 demands.
    """
    match = (_NODE if strict else _LOOSE_NODE).match(node)
    if match is None:
        return None
    found = number_of(next(group for group in match.groups() if group))
    if found is None:
        return None
    # One spelling for each address: limits for clients go by the text.
    bits, number = found
    family = socket.AF_INET if bits == 32 else socket.AF_INET6
    packed = binascii.unhexlify(("%0*x" % (bits // 4, number)).encode("ascii"))
    return to_native(socket.inet_ntop(family, packed))
