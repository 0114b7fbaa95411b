"""The hosts of an SDK: a list that it was given, or the addresses of its host's name."""

from __future__ import absolute_import, division, print_function

import logging

from waterspout._compat import (
    TYPE_CHECKING,
    Future,
    integer_types,
    reject,
    rejected,
    resolve,
    set_cause,
)
from waterspout._encoding.urls import origin_text
from waterspout._routes.route import Route
from waterspout.exceptions import ConnectError
from waterspout.policies.balancer.balancer_state import BalancerState
from waterspout.policies.circuit_breaker import is_failure

if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Optional, Tuple  # noqa: F401

    from waterspout._encoding.urls import URL  # noqa: F401
    from waterspout.models.call_options import CallOptions  # noqa: F401
    from waterspout.models.prepared_request import PreparedRequest  # noqa: F401
    from waterspout.policies.balancer.balancer_policy import Balancer  # noqa: F401
    from waterspout.policies.balancer.host_state import HostState  # noqa: F401

_log = logging.getLogger("waterspout.policies")

#: Seconds after which a lookup that has failed is made again, at the latest.
_RETRY_LOOKUP = 1.0


class Hosts(object):
    """What both kinds have.

    Attributes:
        state (BalancerState).
        is_failure: the policy's function, or the circuit breaker's.
    """

    __slots__ = ("state", "is_failure")

    def __init__(self, policy, keys):
        # type: (Balancer, Any) -> None
        self.state = BalancerState(policy, keys)
        self.is_failure = is_failure if policy.is_failure is None else policy.is_failure

    @property
    def is_unused(self):
        # type: () -> bool
        """Whether no call runs."""
        return not any(host.pending for host in self.state.hosts)

    def look_up(self, now):
        # type: (float) -> Optional[Future[None]]
        """Look the hosts up if that is due. Returns what a call has to wait for, or None."""
        return None

    def place(self, host, request, options):
        # type: (HostState, PreparedRequest, CallOptions) -> CallOptions
        """Have ``request`` sent to ``host``, with the options that are returned."""
        raise NotImplementedError

    def stats(self, now):
        # type: (float) -> Dict[str, Dict[str, Any]]
        """For each origin what there is to know of its hosts."""
        raise NotImplementedError


class ListedHosts(Hosts):
    """Several hosts, each with a URL of its own.

    Args:
        bases (sequence of URL): their base URLs, which differ in host and port only.
    """

    __slots__ = ("_bases",)

    def __init__(self, policy, bases):
        # type: (Balancer, Tuple[URL, ...]) -> None
        self._bases = dict((base.origin, base) for base in bases)
        super(ListedHosts, self).__init__(policy, [base.origin for base in bases])

    def place(self, host, request, options):
        request.parsed_url = request.parsed_url.at(self._bases[host.key])
        return options

    def stats(self, now):
        return dict(
            (origin_text(origin), {"host": counts})
            for origin, counts in self.state.stats(now).items())


class LookedUpHosts(Hosts):
    """All addresses of one name; what is sent is the same for each.

    The first calls wait for the first lookup. Later ones use what is known while it is looked up
    again, and go on using it if that fails.

    Args:
        base (URL): of the SDK.
        resolve (callable): ``resolve(name, port)`` as that of a resolver; see `Balancer`.
    """

    __slots__ = ("_base", "_resolve", "_ttl", "_due", "_looking", "_last", "_routes")

    def __init__(self, policy, base, resolve):
        # type: (Balancer, URL, Callable[[str, int], Any]) -> None
        super(LookedUpHosts, self).__init__(policy, ())
        self._base = base
        self._resolve = resolve
        self._ttl = policy.ttl
        self._due = -float("inf")
        self._looking = None  # type: Optional[Future]  # While it is looked up.
        self._last = None  # type: Optional[Future]  # Of the last lookup, which may have failed.
        self._routes = {}  # type: Dict[Any, Route]

    def look_up(self, now):
        if now >= self._due and self._looking is None:
            # If it fails at once, or for as long as it runs.
            self._due = now + min(self._ttl, _RETRY_LOOKUP)
            self._looking = self._last = Future()
            try:
                found = self._resolve(self._base.host, self._base.port)
                found.add_done_callback(lambda found: self._looked_up(found, now))
            except Exception as error:  # A resolver of the program's.
                self._looked_up(rejected(error), now)
        return None if self.state.hosts else self._last

    def place(self, host, request, options):
        route = options.route
        if route is not None:
            return options.replace(route=route.at(host.key))
        return options.replace(route=self._routes.get(host.key) or Route(address=host.key))

    def stats(self, now):
        addresses = dict(
            (address[0], counts) for (_, address), counts in self.state.stats(now).items())
        return {origin_text(self._base.origin): {"addresses": addresses}}

    def _looked_up(self, found, now):
        # type: (Future, float) -> None
        looking, self._looking = self._looking, None
        addresses, ttl, routes, error = (), None, {}, None  # type: Any, Any, Any, Any
        try:
            if not found.cancelled():
                addresses, ttl = found.result()
                addresses = [_checked_address(each) for each in addresses]
                routes = dict((address, Route(address=address)) for address in addresses)
        except Exception as failed:  # Also if that is not what a resolver returns.
            addresses, error = (), failed
        if addresses:
            self._due = now + (self._ttl if ttl is None else ttl)
            self._routes = routes
            self.state.update(addresses)
            resolve(looking, None)
        elif self.state.hosts:
            _log.warning("%s: looking its addresses up failed: %s", self._base.for_messages,
                         error or "there are none")
            resolve(looking, None)  # Calls go on with what is known.
        else:
            failed = ConnectError(
                "%s: name not resolved: %s" % (self._base.for_messages, error or "no address"),
                phase="connect", may_have_been_sent=False)
            reject(looking, set_cause(failed, error))


def _checked_address(address):
    # type: (Any) -> Tuple[int, Tuple]
    """``address``. Raises: TypeError, ValueError: it is not (family, socket address)."""
    family, where = address
    if not (isinstance(family, integer_types) and isinstance(where, tuple)):
        raise TypeError("%r is not (family, socket address)" % (address,))
    return family, where
