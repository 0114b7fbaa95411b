"""BulkheadState: which calls to one upstream run, and which wait."""

from __future__ import absolute_import, division, print_function

import collections
import logging

from waterspout._compat import TYPE_CHECKING
from waterspout.exceptions import BulkheadFull
from waterspout.policies.bulkhead.tenant_queue import TenantQueue
from waterspout.policies.bulkhead.waiter import Waiter

if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Hashable, Optional  # noqa: F401

    from waterspout.policies.bulkhead.bulkhead import Bulkhead  # noqa: F401

_log = logging.getLogger("waterspout.policies")

_UNLIMITED = float("inf")


class BulkheadState(object):
    """The places for the calls to one upstream.

    A call takes a place with `enter`, at once or later, and gives it back with `leave`, exactly
    once and with the same tenant. One that does not want to wait any more says so with `give_up`.

    Tenants that could run are in a ring. The first one in it gets the next place and then stands at
    its end. A tenant at its own limit is not in the ring, and so holds up none of the others; when
    one of its calls has ended, it joins the ring at the end.

    Callbacks may use this object: all counts are updated before one runs. A tenant is kept only as
    long as it has calls.

    Args:
        policy (Bulkhead).
        name (native str): of the upstream, for errors.
    Attributes:
        running, queued (int): calls that have a place, and that wait for one.
        refused (int): calls that were refused, from the beginning.
    """

    __slots__ = ("name", "running", "queued", "refused", "_max_concurrent", "_max_queued",
                 "_max_of_tenant", "_max_queued_of_tenant", "_running_of", "_queues", "_ring",
                 "_starting")

    def __init__(self, policy, name):
        # type: (Bulkhead, str) -> None
        self.name = name
        self.running = 0
        self.queued = 0
        self.refused = 0
        self._max_concurrent = policy.max_concurrent
        self._max_queued = policy.max_queued
        self._max_of_tenant = _limit(policy.max_concurrent_per_tenant)
        self._max_queued_of_tenant = _limit(policy.max_queued_per_tenant)
        #: Running calls of each tenant that has one. None: there are no tenants.
        self._running_of = None  # type: Optional[Dict[Hashable, int]]
        if policy.tenant_header is not None:
            self._running_of = {}
        self._queues = {}  # type: Dict[Hashable, TenantQueue]  # Of each tenant that waits.
        #: Of those, the ones below their limits. If there is one, no new call may take a place.
        self._ring = collections.OrderedDict()  # type: Dict[Hashable, TenantQueue]
        self._starting = False  # `_run_waiting` is under way.

    @property
    def is_unused(self):
        # type: () -> bool
        """Whether no call runs or waits."""
        return not (self.running or self.queued)

    def enter(self, tenant, start):
        # type: (Hashable, Callable[[], Any]) -> Optional[Waiter]
        """Take a place for a call.

        Args:
            tenant: the value of the field, or None if the request has none; not used if the policy
                has no tenants.
            start: called without arguments when the call has its place, if it has to wait. What it
                raises is logged; the call has its place all the same, and has to `leave`.
        Returns: None if the call has its place now; otherwise a Waiter, for `give_up`.
        Raises: BulkheadFull: too many wait. Nothing is to be given back.
        """
        running_of = self._running_of
        if running_of is None:
            if self.running < self._max_concurrent and not self._ring:
                self.running += 1
                return None
            return self._wait(None, start)
        running = running_of.get(tenant, 0)
        if (running < self._max_of_tenant and self.running < self._max_concurrent
                and not self._ring):
            running_of[tenant] = running + 1
            self.running += 1
            return None
        return self._wait(tenant, start)

    def leave(self, tenant):
        # type: (Hashable) -> None
        """The call has ended: give its place to the next one that may run."""
        running_of = self._running_of
        if running_of is not None:
            running = running_of[tenant] - 1
            if running:
                running_of[tenant] = running
            else:
                del running_of[tenant]
            if tenant in self._queues:  # It is below its limit now, if it was not before.
                self._ring.setdefault(tenant, self._queues[tenant])
        self.running -= 1
        if self._ring and not self._starting:
            self._run_waiting()

    def give_up(self, waiter):
        # type: (Waiter) -> bool
        """The call does not wait any more.

        Returns: False if it does not wait, because it has its place, which it has to `leave`, or
            has given up before.
        """
        if not waiter.waiting:
            return False
        self._remove(waiter)
        return True

    def stats(self, now=0.0):
        # type: (float) -> Dict[str, int]
        """Calls that run and wait now, and that were refused from the beginning."""
        return {
            "bulkhead_running": self.running,
            "bulkhead_queued": self.queued,
            "bulkhead_refused": self.refused,
        }

    def may_run(self, tenant):
        # type: (Hashable) -> bool
        """Whether the tenant has less running calls than one may have."""
        return self._running_of is None or self._running_of.get(tenant, 0) < self._max_of_tenant

    def _wait(self, tenant, start):
        queue = self._queues.get(tenant)
        queued = 0 if queue is None else queue.count
        if self.queued >= self._max_queued or queued >= self._max_queued_of_tenant:
            self.refused += 1
            raise BulkheadFull(
                self._refusal(tenant, queued), phase="pool", may_have_been_sent=False)
        if queue is None:
            queue = self._queues[tenant] = TenantQueue()
        waiter = Waiter(tenant, start)
        queue.add(waiter)
        self.queued += 1
        if self.may_run(tenant):
            self._ring.setdefault(tenant, queue)
        return waiter

    def _run_waiting(self):
        """Start the waiting calls for which there are places.

        A call that ends within its own ``start`` leaves, which does not come here again: the loop
        goes on instead, so that its depth does not grow with the queue.
        """
        self._starting = True
        try:
            while self._ring and self.running < self._max_concurrent:
                start = self._take_next()
                try:
                    start()
                except Exception:
                    _log.error("the start of a call to %s raised", self.name, exc_info=True)
        finally:
            self._starting = False

    def _take_next(self):
        """Give a place to the next call, and return its ``start``."""
        tenant = next(iter(self._ring))
        start = self._remove(self._queues[tenant].first())
        self.running += 1
        if self._running_of is not None:
            self._running_of[tenant] = self._running_of.get(tenant, 0) + 1
        queue = self._ring.pop(tenant, None)
        if queue is not None and self.may_run(tenant):
            self._ring[tenant] = queue
        return start

    def _remove(self, waiter):
        """Take a waiter out of the queue, and a tenant without waiters out of the ring."""
        start = waiter.end()
        tenant = waiter.tenant
        queue = self._queues[tenant]
        queue.ended()
        self.queued -= 1
        if not queue.count:
            del self._queues[tenant]
            self._ring.pop(tenant, None)
        return start

    def _refusal(self, tenant, queued):
        """The text for a call that is refused. It never has the tenant, which may be a secret."""
        if queued >= self._max_queued_of_tenant:
            return "%s: %s running and %s, which is all that the bulkhead allows to one tenant" % (
                self.name, _calls(self._running_of.get(tenant, 0), " of this tenant"),
                _waiting(queued))
        if not self.may_run(tenant):
            return "%s: %s running, which is all that the bulkhead allows to one tenant, and %s, " \
                "which is all that it allows" % (
                    self.name, _calls(self._running_of[tenant], " of this tenant"),
                    _waiting(self.queued))
        return "%s: %s running and %s, which is all that the bulkhead allows" % (
            self.name, _calls(self.running), _waiting(self.queued))

    def __repr__(self):
        return "<BulkheadState of %s: %d running, %d queued>" % (
            self.name, self.running, self.queued)


def _limit(value):
    return _UNLIMITED if value is None else value


def _calls(number, whose=""):
    return "%d %s%s %s" % (number, "call" if number == 1 else "calls", whose,
                           "is" if number == 1 else "are")


def _waiting(number):
    return "%d %s" % (number, "waits" if number == 1 else "wait")
