"""SharingSession: the session of an SDK."""

from __future__ import absolute_import, division, print_function

from tornado.gen import convert_yielded
from tornado.ioloop import IOLoop

from waterspout._compat import TYPE_CHECKING, string_types
from waterspout.policies.balancer.hosts import ListedHosts, LookedUpHosts
from waterspout.policies.guards import states_of
from waterspout.policies.session_policies import SessionPolicies
from waterspout.session import Session
from waterspout.transports.dns_resolver import DNSResolver
from waterspout.transports.sharing import sharing

if TYPE_CHECKING:
    from typing import Any, Optional, Tuple  # noqa: F401

    from waterspout._encoding.urls import URL  # noqa: F401
    from waterspout._sdk.bases import Bases  # noqa: F401
    from waterspout.policies.balancer import Balancer  # noqa: F401
    from waterspout.policies.balancer.hosts import Hosts  # noqa: F401

#: For balancers without a resolver of their own. Its threads start with the first lookup.
_dns = DNSResolver()


class SharingSession(Session):
    """A session that shares its transport with sessions of the same hosts and limits, and the
    states of equal policies.

    Args:
        bases (Bases): its hosts.
        balancer (Balancer or None): None for one host that is used as it is.
        upstream (native str): the name of the SDK, for observers.
    """

    _maker = "BaseSDK"

    def __init__(self, bases, balancer, upstream, **options):
        # type: (Bases, Optional[Balancer], str, **Any) -> None
        self._bases = bases
        self._balancer = balancer
        self._upstream = upstream
        self._given_transport = options.get("transport")
        super(SharingSession, self).__init__(**options)

    def _make_policies(self, policies, operations):
        return SessionPolicies(
            policies, operations, self._tell_change, self._live_transports, self._find_states,
            None if self._balancer is None else self._find_hosts)

    def _find_states(self, transport):
        # Those who share connections share the states; so do the users of an object of their own.
        owner = getattr(transport, "shared", None) or self._given_transport
        return states_of(owner, IOLoop.current())

    def _find_hosts(self, states):
        return states.find(
            self._balancer, self._bases.origins,
            lambda balancer, _: hosts_of(balancer, self._bases.urls))

    def _load_transport(self, transport, limits):
        make = super(SharingSession, self)._load_transport(transport, limits)
        if not isinstance(transport, string_types):
            return make  # The caller's own object, which the caller closes.
        return sharing((transport, self._bases.origins), make)


def hosts_of(balancer, urls):
    # type: (Balancer, Tuple[URL, ...]) -> Hosts
    """The `Hosts` to choose from: these, or the addresses of the only one."""
    if len(urls) > 1:
        return ListedHosts(balancer, urls)
    resolver = balancer.resolver or _dns
    return LookedUpHosts(
        balancer, urls[0], lambda name, port: convert_yielded(resolver.resolve(name, port)))
