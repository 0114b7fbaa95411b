"""Guards: the policies of some calls, and their states for each upstream on one IOLoop."""

from __future__ import absolute_import, division, print_function

import weakref
from collections import namedtuple

from waterspout._bounded_stores import keep
from waterspout._compat import TYPE_CHECKING
from waterspout._encoding.urls import origin_text
from waterspout.policies.bulkhead import BulkheadState
from waterspout.policies.circuit_breaker import BreakerState
from waterspout.policies.retry import BudgetState

if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Optional, Set, Tuple  # noqa: F401

    from waterspout.policies.policies import Policies  # noqa: F401

#: States that are kept, and origins of which each `Guards` knows them; a service calls a handful of
#: upstreams, a crawler thousands. When there are more, those that are not in use are forgotten.
_ORIGINS = 1000

#: The states for one origin (each None where there is no such policy), its name, and two arguments
#: of its bulkhead's policy.
OriginGuards = namedtuple("OriginGuards", "name budget breaker bulkhead tenant_header max_wait")


class PolicyStates(object):
    """The states of policies on one IOLoop: equal policies for one origin share one."""

    __slots__ = ("_states",)

    def __init__(self):
        # type: () -> None
        self._states = {}  # type: Dict[Tuple[Any, Any], Any]

    def find(self, policy, origin, make):
        # type: (Any, Any, Callable[[Any, Any], Any]) -> Any
        """The state of ``policy`` for ``origin``, made by ``make(policy, origin)`` if it is new."""
        key = policy, origin
        state = self._states.get(key)
        if state is None:
            if len(self._states) >= _ORIGINS:
                self._forget_unused()
            state = self._states[key] = make(policy, origin)
        return state

    def _forget_unused(self):
        """A circuit that is open, or a bulkhead with calls, must not begin again."""
        self._states = dict(
            (key, state) for key, state in self._states.items() if not state.is_unused)


#: The states that several sessions share, by what they share them with.
_shared = weakref.WeakKeyDictionary()  # type: Any


def states_of(owner, io_loop):
    # type: (Any, Any) -> PolicyStates
    """The states that all users of ``owner`` on ``io_loop`` share, for as long as there are both.

    SDKs that share connections share these: a service may make an SDK for each request.
    """
    try:
        of_loops = _shared.setdefault(owner, weakref.WeakKeyDictionary())
    except TypeError:  # A transport of the program that is no key.
        return PolicyStates()
    states = of_loops.get(io_loop)
    if states is None:
        states = of_loops[io_loop] = PolicyStates()
    return states


class SessionCalls(object):
    """What all calls of a session on one IOLoop have in common.

    Attributes:
        closed (bool): the session is closed: nothing is retried.
        waiting (set): calls that wait for their next attempt or for a place, each with ``fail()``.
    """

    __slots__ = ("closed", "waiting")

    def __init__(self):
        # type: () -> None
        self.closed = False
        self.waiting = set()  # type: Set[Any]

    def close(self):
        # type: () -> None
        """Have nothing retried from now on, and fail the calls that wait."""
        self.closed = True
        for each in list(self.waiting):
            each.fail()


class Guards(object):
    """The policies of some calls of a session, and their states for each upstream.

    Attributes:
        policies (Policies); retry (Retry or None): of them; has_any (bool).
        hosts: the upstream's hosts, to balance between them; None without a balancer.
        calls (SessionCalls): of the session.
        tell (callable): ``tell(change)`` is called with each `CircuitChange` and `HostChange`.
    """

    __slots__ = ("policies", "retry", "has_any", "hosts", "calls", "tell", "_states", "_origins")

    def __init__(self, policies, states, hosts, calls, tell):
        # type: (Policies, PolicyStates, Any, SessionCalls, Callable[[Any], None]) -> None
        self.policies = policies
        self.retry = policies.retry
        self.has_any = bool(policies) or hosts is not None
        self.hosts = hosts
        self.calls = calls
        self.tell = tell
        self._states = states
        self._origins = {}  # type: Dict[Tuple[str, str, int], OriginGuards]

    def of(self, origin):
        # type: (Tuple[str, str, int]) -> OriginGuards
        """The states for ``origin`` (of a URL)."""
        found = self._origins.get(origin)
        if found is None:
            found = keep(self._origins, origin, self._find(origin), _ORIGINS)
        return found

    def known(self):
        # type: () -> List[OriginGuards]
        """The states for all origins that were asked for."""
        return list(self._origins.values())

    def _find(self, origin):
        name = origin_text(origin)
        policies, find = self.policies, self._states.find
        budget = None if self.retry is None else self.retry.budget
        bulkhead = policies.bulkhead
        return OriginGuards(
            name,
            None if budget is None else find(budget, name, lambda policy, _: BudgetState(policy)),
            policies.breaker and find(policies.breaker, name, BreakerState),
            bulkhead and find(bulkhead, name, BulkheadState),
            bulkhead and bulkhead.tenant_header,
            bulkhead and bulkhead.max_wait)
