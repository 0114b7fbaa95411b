"""BalancerState: picks the host of a call, and learns from how the call ended."""

from __future__ import absolute_import, division, print_function

import math

from waterspout._compat import TYPE_CHECKING
from waterspout.policies.balancer.host_state import (
    EJECTED,
    HEALTHY,
    PROBATION,
    HostChange,
    HostState,
)

if TYPE_CHECKING:
    from typing import Any, Callable, Container, Dict, Iterable, List, Optional, Tuple  # noqa: F401

    from waterspout.policies.balancer.balancer_policy import Balancer  # noqa: F401

_NEVER = float("inf")


class BalancerState(object):
    """The hosts of one upstream, on one IOLoop. Not for several threads.

    ``now`` is monotonic seconds and never less than that of the call before.

    Args:
        keys (iterable of hashable): one for each host; equal ones are one host.

    Attributes:
        hosts (tuple of HostState): in the order of their keys.
    """

    __slots__ = ("hosts", "_policy", "_known", "_ready", "_waiting", "_due", "_healthy", "_least")

    def __init__(self, policy, keys):
        # type: (Balancer, Iterable[Any]) -> None
        self._policy = policy
        #: Those of `hosts`, and former ones with pending calls.
        self._known = {}  # type: Dict[Any, HostState]
        self.hosts = ()  # type: Tuple[HostState, ...]
        self.update(keys)

    def pick(self, now, dice, avoid=()):
        # type: (float, Callable[[], float], Container[HostState]) -> Optional[HostState]
        """The host for one call, which is pending there from now on; call `ended` afterwards.

        If all hosts but those to avoid are ejected, it is the one whose pause ends first.

        Args:
            dice: like ``random.random``.
            avoid: hosts that this call has tried, or that would refuse it.

        Returns: None if all are to be avoided.
        """
        if now >= self._due:
            self._end_pauses(now)
        ready = self._ready
        if avoid:
            ready = [host for host in ready if host not in avoid]
        number = len(ready)
        if number > 1:
            first = int(dice() * number)
            second = int(dice() * (number - 1))
            if second >= first:  # Two different hosts, each pair equally likely.
                second += 1
            host = ready[first]
            if ready[second].pending < host.pending:
                host = ready[second]
        elif number:
            host = ready[0]
        else:
            last = self._first_to_return(avoid)
            if last is None:
                return None
            host = last
        host.pending += 1
        host.calls += 1
        if host.ejected_until is not None and host.probe is None and now >= host.ejected_until:
            host.probe = now
            self._ready.remove(host)
        return host

    def ended(self, host, failed, now, picked=None):
        # type: (HostState, Optional[bool], float, Optional[float]) -> Optional[HostChange]
        """A call to ``host`` has ended. Returns its change of state, or None.

        Args:
            failed: None if it says nothing about the host, such as a cancelled call.
            picked: the ``now`` of its `pick`. With it, a call that was picked before the host was
                ejected does not decide the probation: else each of many calls that wait for a
                dead host would prolong its pause when it times out.
        """
        host.pending -= 1
        if failed:
            host.failed += 1
        if not host.listed:
            if host.pending <= 0:
                self._known.pop(host.key, None)
            return None
        if host.ejected_until is not None:
            return self._ended_out_of_turn(host, failed, now, picked)
        if not failed:
            if failed is not None:
                host.failures = 0
            return None
        if picked is not None and picked <= host.ejected_at:
            return None
        host.failures += 1
        if host.failures < self._policy.max_failures or self._healthy <= self._least:
            return None
        self._healthy -= 1
        return self._eject(host, HEALTHY, now)

    def update(self, keys):
        # type: (Iterable[Any]) -> None
        """These are the hosts from now on. Those that stay keep their state, new ones are healthy.

        The `ended` of calls to former hosts still works, and one that comes back before its last
        call has ended has its state again.
        """
        hosts, seen = [], set()
        for key in keys:
            if key not in seen:
                seen.add(key)
                hosts.append(self._known.get(key) or HostState(key))
        for host in self.hosts:
            host.listed = False
        for host in hosts:
            host.listed = True
            self._known[host.key] = host
        for host in self.hosts:
            if not host.listed:
                host.probe = None
                if host.pending <= 0:
                    self._known.pop(host.key, None)
        self.hosts = tuple(hosts)
        self._arrange()

    def stats(self, now):
        # type: (float) -> Dict[Any, Dict[str, Any]]
        """``{key: {"pending": 2, "state": "ejected", "failures": 3, ...}}``."""
        return dict((host.key, host.stats(now)) for host in self.hosts)

    def _arrange(self):
        # type: () -> None
        healthy = [host for host in self.hosts if host.ejected_until is None]
        #: Hosts to choose from: healthy ones, and those in probation that have no probe.
        self._ready = list(healthy)  # type: List[HostState]
        #: Hosts whose pause has not ended, as far as `pick` knows.
        self._waiting = [host for host in self.hosts
                         if host.ejected_until is not None and host.probe is None]  # type: List[HostState]
        self._due = self._next_due()
        self._healthy = len(healthy)
        # Without the subtraction 0.07 * 100 would be rounded up to 8.
        self._least = int(math.ceil(self._policy.healthy_floor * len(self.hosts) - 1e-9))

    def _next_due(self):
        # type: () -> float
        """When the next pause ends."""
        due = _NEVER
        for host in self._waiting:
            due = min(due, host.ejected_until)  # type: ignore[assignment, type-var]
        return due

    def _end_pauses(self, now):
        # type: (float) -> None
        waiting = []  # type: List[HostState]
        for host in self._waiting:
            (waiting if now < host.ejected_until else self._ready).append(host)  # type: ignore[operator]
        self._waiting = waiting
        self._due = self._next_due()

    def _first_to_return(self, avoid):
        # type: (Container[HostState]) -> Optional[HostState]
        found = None  # type: Any
        for host in self.hosts:
            if host not in avoid and (
                    found is None or host.ejected_until < found.ejected_until):
                found = host
        return found

    def _ended_out_of_turn(self, host, failed, now, picked):
        # type: (HostState, Optional[bool], float, Optional[float]) -> Optional[HostChange]
        """A call to a host that is ejected or in probation has ended."""
        if now >= self._due:
            self._end_pauses(now)
        if now < host.ejected_until:  # type: ignore[operator]
            return None  # A call from before, or of a caller that had no other host.
        if failed is None:
            if host.probe is not None and (picked is None or picked == host.probe):
                host.probe = None
                self._ready.append(host)
            return None
        if host.probe is None if picked is None else picked <= host.ejected_at:
            return None  # A call from before.
        if failed:
            host.failures += 1
            if host.probe is None:
                self._ready.remove(host)
            return self._eject(host, PROBATION, now)
        if host.probe is not None:
            self._ready.append(host)
        host.probe = host.ejected_until = None
        host.failures = host.pauses = 0
        self._healthy += 1
        return HostChange(host.key, PROBATION, HEALTHY, 0.0, now)

    def _eject(self, host, before, now):
        # type: (HostState, str, float) -> HostChange
        policy = self._policy
        host.pause = min(host.pause * 2, policy.pause_max) if host.pauses else policy.pause
        host.pauses += 1
        host.ejections += 1
        host.ejected_at = now
        host.ejected_until = until = now + host.pause
        host.probe = None
        if before == HEALTHY:
            self._ready.remove(host)
        self._waiting.append(host)
        self._due = min(self._due, until)
        return HostChange(host.key, before, EJECTED, host.pause, now)
