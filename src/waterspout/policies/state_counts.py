"""What the states of policies count, for ``Session.stats`` and for metrics."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout.policies.circuit_breaker import CLOSED, HALF_OPEN, OPEN

if TYPE_CHECKING:
    from typing import Any, Dict, Iterable, List  # noqa: F401

    from waterspout.policies.guards import OriginGuards  # noqa: F401

#: Of several circuits of one origin the worst is shown.
_BAD = {CLOSED: 0, HALF_OPEN: 1, OPEN: 2}


class PolicyCounts(object):
    """The states of some sessions, each once: sessions and operations with equal policies share it.

    Attributes:
        states (dict): for each origin a list of states, which have ``stats(now)``.
        hosts (list of Hosts).
    """

    __slots__ = ("states", "hosts", "_seen")

    def __init__(self):
        # type: () -> None
        self.states = {}  # type: Dict[str, List[Any]]
        self.hosts = []  # type: List[Any]
        self._seen = set()  # type: set

    def add(self, origins, hosts):
        # type: (Iterable[OriginGuards], Any) -> None
        """Add what one `Guards` has."""
        for each in origins:
            for state in (each.budget, each.breaker, each.bulkhead):
                if state is not None and self._is_new(state):
                    self.states.setdefault(each.name, []).append(state)
        # Sessions with connections of their own may have equal hosts; SDKs share the state of them.
        if hosts is not None and self._is_new(hosts.state):
            self.hosts.append(hosts)

    def _is_new(self, state):
        if id(state) in self._seen:
            return False
        self._seen.add(id(state))
        return True

    def stats(self, now):
        # type: (float) -> Dict[str, Dict[str, Any]]
        """For each origin: the sums of what its states count."""
        found = {}  # type: Dict[str, Dict[str, Any]]
        for origin, states in self.states.items():
            counts = found[origin] = {}
            for state in states:
                _add(counts, state.stats(now))
        for hosts in self.hosts:
            for origin, counts in hosts.stats(now).items():
                found.setdefault(origin, {}).update(counts)
        return found


def _add(counts, more):
    # type: (Dict[str, Any], Dict[str, Any]) -> None
    for name, value in more.items():
        if name not in counts:
            counts[name] = value
        elif name == "circuit":
            counts[name] = max(counts[name], value, key=_BAD.__getitem__)
        else:
            counts[name] += value
