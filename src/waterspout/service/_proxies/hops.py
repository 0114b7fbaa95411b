"""Hops: the addresses between client and service, each looked at once."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout.service._proxies.node_address import address_in

if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Optional  # noqa: F401

    from waterspout.service._proxies.networks import Networks  # noqa: F401

#: Texts that are remembered, and their length. Clients choose them, so there must be an end.
_REMEMBERED = 4096
_LONGEST = 100

_UNKNOWN = object()


class Hops(object):
    """Remembers what was found out: a proxy is the same one in each request.

    Args:
        networks (Networks): of the proxies.
        strict (bool): how addresses are written, as for `address_in`.
    """

    __slots__ = ("_networks", "_strict", "_addresses", "_proxies")

    def __init__(self, networks, strict):
        # type: (Networks, bool) -> None
        self._networks = networks
        self._strict = strict
        self._addresses = {}  # type: Dict[str, Optional[str]]
        self._proxies = {}  # type: Dict[str, bool]

    def address_in(self, node):
        # type: (str) -> Optional[str]
        """Return the address in what a proxy calls a node; None if there is none."""
        address = self._addresses.get(node, _UNKNOWN)  # type: Any
        if address is _UNKNOWN:
            address = address_in(node, self._strict)
            _remember(self._addresses, node, address)
        return address

    def is_proxy(self, address):
        # type: (str) -> bool
        """Say whether this is the address of a listed proxy."""
        known = self._proxies.get(address)
        if known is None:
            known = self._networks.contains(address)
            _remember(self._proxies, address, known)
        return known


def _remember(found, text, value):
    # type: (Dict[str, Any], str, Any) -> None
    if len(text) <= _LONGEST:
        if len(found) >= _REMEMBERED:
            found.clear()
        found[text] = value
