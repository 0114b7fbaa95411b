"""Places: which requests run, which wait, and which are refused."""

from __future__ import absolute_import, division, print_function

import functools
import sys

from waterspout._compat import TYPE_CHECKING
from waterspout.exceptions import BulkheadFull
from waterspout.policies.bulkhead import Bulkhead, BulkheadState

if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Hashable, List, Optional  # noqa: F401

    from waterspout.service._admission.ticket import Ticket  # noqa: F401

#: The request has a place.
RUNS = "runs"

#: It waits for one.
WAITS = "waits"

#: It gets none: too many requests are under way.
FULL = "overload"

#: It gets none: too many requests of its tenant are under way.
TENANT_FULL = "tenant overload"


class Places(object):
    """Gives places to requests; those of tenants that wait take turns.

    It is a bulkhead, as for calls, with one rule more. When no more requests may wait, the newest
    one of the tenant with the most waiting requests makes room for one of a tenant that has fewer.
    So a tenant that sends much is refused, and keeps out no one who sends little.

    Args:
        max_running, max_running_of_tenant (int or None): None: unlimited.
        max_waiting (int): of all tenants.
    """

    def __init__(self, max_running, max_running_of_tenant, max_waiting):
        # type: (Optional[int], Optional[int], int) -> None
        self._state = BulkheadState(
            Bulkhead(
                max_concurrent=max_running or sys.maxsize,
                max_queued=max_waiting,
                tenant_header="tenant",  # There are tenants; `enter` gets them.
                max_concurrent_per_tenant=max_running_of_tenant,
            ), "requests")
        #: Of each tenant that waits: its tickets, the oldest first.
        self._waiting = {}  # type: Dict[Hashable, List[Ticket]]

    def __repr__(self):
        return "<Places: %d requests run, %d wait>" % (self.running, self.waiting)

    @property
    def running(self):
        # type: () -> int
        """Requests that have a place."""
        return self._state.running

    @property
    def waiting(self):
        # type: () -> int
        """Requests that wait for one."""
        return self._state.queued

    def enter(self, ticket):
        # type: (Ticket) -> str
        """Give a request a place, now or later. If it gets one it has to `leave`.

        Args:
            ticket (Ticket): of that request, which has no place and does not wait.
        Returns: one of the four outcomes. If it waits, the caller sets ``ticket.decided`` to a
            function. That is called once, with `RUNS`, `FULL` or `TENANT_FULL`, but not after
            `leave`.
        """
        start = functools.partial(self._start, ticket)
        try:
            waiter = self._state.enter(ticket.tenant, start)
        except BulkheadFull:
            if not self._make_room(ticket.tenant):
                return self._why_none(ticket.tenant)
            waiter = self._state.enter(ticket.tenant, start)
        if waiter is None:
            ticket.runs = True
            return RUNS
        ticket.waiter = waiter
        self._waiting.setdefault(ticket.tenant, []).append(ticket)
        return WAITS

    def leave(self, ticket):
        # type: (Ticket) -> None
        """The request has ended, or waits no more. Idempotent."""
        if ticket.runs:
            ticket.runs = False
            self._state.leave(ticket.tenant)
        elif ticket.waiter is not None:
            self._end_waiting(ticket)

    def give_up(self, ticket):
        # type: (Ticket) -> None
        """The request has waited too long: refuse it, unless it waits no more."""
        if ticket.waiter is not None:
            self._end_waiting(ticket)(self._why_none(ticket.tenant))

    def _start(self, ticket):
        """The bulkhead has a place for a request that waits."""
        ticket.runs = True
        self._end_waiting(ticket)(RUNS)

    def _make_room(self, tenant):
        # type: (Hashable) -> bool
        """Refuse a waiting request of a tenant that has more of them than ``tenant`` will have."""
        if not self._waiting:
            return False
        longest = max(self._waiting.values(), key=len)
        if len(longest) <= len(self._waiting.get(tenant, ())) + 1:
            return False
        ticket = longest[-1]
        self._end_waiting(ticket)(self._why_none(ticket.tenant))
        return True

    def _end_waiting(self, ticket):
        # type: (Ticket) -> Callable[[str], Any]
        """Returns: what to tell about the request."""
        tickets = self._waiting[ticket.tenant]
        tickets.remove(ticket)
        if not tickets:
            del self._waiting[ticket.tenant]
        self._state.give_up(ticket.waiter)  # Does nothing if it has its place.
        decided, ticket.decided, ticket.waiter = ticket.decided, None, None
        return decided

    def _why_none(self, tenant):
        return FULL if self._state.may_run(tenant) else TENANT_FULL
