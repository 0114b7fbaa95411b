"""SessionPolicies: the policies of a session and of its operations, and where their states are."""

from __future__ import absolute_import, division, print_function

import os

from waterspout._bounded_stores import keep
from waterspout._compat import TYPE_CHECKING
from waterspout.policies.guards import Guards, PolicyStates, SessionCalls
from waterspout.policies.operations import checked_operations
from waterspout.policies.policies import NO_POLICIES

if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Mapping, Optional  # noqa: F401

    from waterspout.policies.operations import Operation  # noqa: F401
    from waterspout.policies.policies import Policies  # noqa: F401
    from waterspout.policies.state_counts import PolicyCounts  # noqa: F401

#: Sets of policies that single calls have brought, of which the guards are kept.
_OVERRIDES = 100


class SessionPolicies(object):
    """
    Args:
        policies (mapping): those of the session, by their names among the fields of `Policies`.
        operations (mapping): for each operation's name the keywords of its calls; see `Session`.
        tell (callable): ``tell(change)`` is called with each `CircuitChange` and `HostChange`.
        find_states (callable or None): ``find_states(transport)`` returns the `PolicyStates` to
            use; None: the session has its own.
        live_transports (callable): returns those of IOLoops that are not closed.
        make_hosts (callable or None): ``make_hosts(states)`` returns the `Hosts` to choose from.
    Raises: TypeError, ValueError.
    """

    def __init__(self, policies, operations, tell, live_transports, find_states=None,
                 make_hosts=None):
        # type: (Mapping[str, Any], Optional[Mapping[str, Any]], Callable[[Any], None], Callable[[], Any], Optional[Callable], Optional[Callable]) -> None  # noqa: E501
        self.policies = NO_POLICIES.replaced_by(policies)
        self.operations = checked_operations(operations, self.policies)
        self._tell = tell
        self._live_transports = live_transports
        self._find_states = find_states
        self._make_hosts = make_hosts
        self._pid = os.getpid()
        self._of_transports = {}  # type: Dict[Any, _TransportGuards]

    def __bool__(self):
        # type: () -> bool
        """Whether any call may have policies, without bringing them."""
        return bool(self.policies or self.operations or self._make_hosts)

    __nonzero__ = __bool__  # py2

    def operation(self, name):
        # type: (Any) -> Optional[Operation]
        """The operation of this name, if it has keywords of its own."""
        return self.operations.get(name)

    def guards(self, transport, operation, chosen):
        # type: (Any, Optional[Operation], Mapping[str, Any]) -> Guards
        """The guards of a call on ``transport``.

        Args:
            operation (Operation or None): the call's.
            chosen (mapping): the policies that the call itself has brought.
        Raises: TypeError, ValueError.
        """
        of_transport = self._of_transports.get(transport)
        if of_transport is None:
            if self._pid != os.getpid():
                self._pid = os.getpid()
                self._of_transports.clear()
            self.forget_all_but(self._live_transports())
            states = self._find_states(transport) if self._find_states else PolicyStates()
            hosts = self._make_hosts and self._make_hosts(states)
            of_transport = self._of_transports[transport] = _TransportGuards(
                states, hosts, self._tell)
        policies = self.policies if operation is None else operation.policies
        if chosen:
            return of_transport.for_call(policies.replaced_by(chosen))
        return of_transport.usual.get(id(policies)) or of_transport.add(policies)

    def count_in(self, counts, transport):
        # type: (PolicyCounts, Any) -> PolicyCounts
        """Add all states that calls on ``transport`` have, and return ``counts``."""
        of_transport = self._of_transports.get(transport)
        if of_transport is not None:
            for guards in of_transport.all():
                counts.add(guards.known(), guards.hosts)
        return counts

    def forget_all_but(self, transports):
        # type: (Any) -> None
        """Forget the guards of all transports but ``transports``; those of closed IOLoops."""
        for transport in [each for each in self._of_transports if each not in transports]:
            del self._of_transports[transport]

    def close(self):
        # type: () -> None
        """Have nothing retried from now on, and fail the calls that wait."""
        of_transports, self._of_transports = self._of_transports, {}
        if self._pid != os.getpid():  # After a fork: they are calls of the parent.
            return
        for each in of_transports.values():
            each.calls.close()


class _TransportGuards(object):
    """The guards of calls on one transport, and so on one IOLoop."""

    def __init__(self, states, hosts, tell):
        # type: (PolicyStates, Any, Callable[[Any], None]) -> None
        self._states = states
        self._hosts = hosts
        self._tell = tell
        self.calls = SessionCalls()
        #: By the identity of policies that live as long as the session.
        self.usual = {}  # type: Dict[int, Guards]
        self._overrides = {}  # type: Dict[Policies, Guards]

    def add(self, policies):
        # type: (Policies) -> Guards
        guards = self.usual[id(policies)] = self._make(policies)
        return guards

    def for_call(self, policies):
        # type: (Policies) -> Guards
        found = self._overrides.get(policies)
        if found is None:
            found = keep(self._overrides, policies, self._make(policies), _OVERRIDES)
        return found

    def all(self):
        # type: () -> list
        return list(self.usual.values()) + list(self._overrides.values())

    def _make(self, policies):
        return Guards(policies, self._states, self._hosts, self.calls, self._tell)
