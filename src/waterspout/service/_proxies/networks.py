"""Networks: a list of networks in CIDR notation; says whether it contains an address.

Python 2.7 has no `ipaddress`. Only these two questions are answered here.
"""

from __future__ import absolute_import, division, print_function

import binascii
import re
import socket

from waterspout._compat import TYPE_CHECKING, string_types, text_type

if TYPE_CHECKING:
    from typing import Any, Dict, Iterable, Optional, Set, Tuple  # noqa: F401

#: In a list of networks: every peer on a unix socket.
UNIX = "unix:"

_V4_BITS = 32
_V6_BITS = 128
#: ::ffff:0:0/96, the IPv4 addresses as a socket for both families shows them (RFC 4291 2.5.5.2).
_MAPPED_BITS = 96
_MAPPED = 0xffff

_LENGTH = re.compile(r"[0-9]{1,3}\Z")


class Networks(object):
    """A list of networks, made once, that is asked for one address at a time.

    Args:
        networks (iterable of native str): networks such as ``"10.0.0.0/8"`` and ``"fd00::/8"``,
            addresses such as ``"192.0.2.1"`` and ``"::1"``, and ``"unix:"`` for all peers on unix
            sockets. IPv4-mapped IPv6 addresses (``"::ffff:10.0.0.1"``) count as IPv4.
    Raises:
        ValueError: an item is not a network. The text names it and says what is wrong.
        TypeError: ``networks`` is one text instead of a list, or an item is not text.
    """

    def __init__(self, networks):
        # type: (Iterable[str]) -> None
        if isinstance(networks, string_types):
            raise TypeError("networks must be a list such as ['10.0.0.0/8'], not %r" % networks)
        self._texts = tuple(networks)
        self._unix = UNIX in self._texts
        # By the bits of an address and the bits after the prefix: the prefixes. A lookup costs as
        # much as there are lengths of prefixes, however many networks there are.
        self._prefixes = {}  # type: Dict[Tuple[int, int], Set[int]]
        for text in self._texts:
            if not isinstance(text, (str, text_type)):
                raise TypeError("a network must be text such as '10.0.0.0/8', not %r" % (text,))
            if text != UNIX:
                bits, host_bits, prefix = _parsed(text)
                self._prefixes.setdefault((bits, host_bits), set()).add(prefix)

    def __repr__(self):
        # type: () -> str
        return "Networks(%r)" % (list(self._texts),)

    def __bool__(self):
        # type: () -> bool
        return bool(self._texts)

    __nonzero__ = __bool__

    def contains(self, address):
        # type: (Optional[str]) -> bool
        """Say whether an address is in one of the networks.

        Args:
            address (native str or None): an IP address, with or without a zone (``%eth0``), or
                ``"unix:"`` with or without a path. Anything else is in no network.
        """
        found = number_of(address)
        if found is None:
            return self._unix and isinstance(address, (str, text_type)) and (
                address.startswith(UNIX))
        bits, number = found
        for (of_bits, host_bits), prefixes in self._prefixes.items():
            if of_bits == bits and number >> host_bits in prefixes:
                return True
        return False


def number_of(address):
    # type: (Any) -> Optional[Tuple[int, int]]
    """Return the bits of an IP address (32 or 128) and the address as an int; None if it is none.

    A zone is left out, and an IPv4-mapped address is the IPv4 address.
    """
    if not isinstance(address, (str, text_type)):
        return None
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    if family == socket.AF_INET6:
        address = address.partition("%")[0]
    try:
        number = int(binascii.hexlify(socket.inet_pton(family, address)), 16)
    except (EnvironmentError, ValueError, TypeError):  # TypeError: 2.7 for a null byte.
        return None
    if family == socket.AF_INET:
        return _V4_BITS, number
    if number >> _V4_BITS == _MAPPED:
        return _V4_BITS, number & 0xffffffff
    return _V6_BITS, number


def _parsed(text):
    # type: (str) -> Tuple[int, int, int]
    address, slash, length = text.partition("/")
    found = None if "%" in address else number_of(address)
    if found is None:
        raise ValueError(
            "%r is not a network: write an address such as 192.0.2.1, a network such as "
            "10.0.0.0/8 or fd00::/8, or %s" % (text, UNIX))
    bits, number = found
    written_bits = _V6_BITS if ":" in address else _V4_BITS
    if not slash:
        return bits, 0, number
    if not _LENGTH.match(length) or int(length) > written_bits:
        raise ValueError("%r is not a network: the length of the prefix must be a number from 0 "
                         "to %d" % (text, written_bits))
    host_bits = written_bits - int(length)
    if written_bits != bits and host_bits > _V4_BITS or number & ((1 << host_bits) - 1):
        raise ValueError("%r is not a network: bits are set after the first %s; write the first "
                         "address of the network, or leave out /%s" % (text, length, length))
    return bits, host_bits, number >> host_bits
