"""Admission: what one attempt has taken from the policies, and gives back at its end."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout._flows.commands import Turn
from waterspout.exceptions import BulkheadFull, CircuitOpen, ConnectError, StreamClosed
from waterspout.models.failures import failure
from waterspout.policies.circuit_breaker.state import PROBE
from waterspout.policies.judging import judged

if TYPE_CHECKING:
    from typing import Any, Callable, Optional, Tuple  # noqa: F401

    from waterspout._flows.plan import Plan  # noqa: F401
    from waterspout.models.call_options import CallOptions  # noqa: F401
    from waterspout.models.prepared_request import PreparedRequest  # noqa: F401
    from waterspout.models.response import Response  # noqa: F401
    from waterspout.policies.balancer.hosts import Hosts  # noqa: F401
    from waterspout.policies.guards import Guards, OriginGuards  # noqa: F401


class Admission(object):
    """The pass of one attempt: a host, its circuit breaker, a place in its bulkhead.

    Args:
        plan (Plan)
        hosts (Hosts or None): to choose from.
    Attributes:
        options (CallOptions): to send the request with; set by `enter`.
        host (HostState or None): that was chosen.
    """

    __slots__ = ("options", "host", "_plan", "_hosts", "_of_origin", "_picked", "_ticket",
                 "_tenant", "_has_place", "_waiter", "_turn")

    def __init__(self, plan, hosts):
        # type: (Plan, Optional[Hosts]) -> None
        self.options = None  # type: Any
        self.host = None  # type: Any
        self._plan = plan
        self._hosts = hosts
        self._of_origin = None  # type: Any
        self._picked = 0.0
        self._ticket = 0
        self._tenant = None  # type: Optional[str]
        self._has_place = False
        self._waiter = None  # type: Any
        self._turn = None  # type: Optional[Turn]

    def enter(self, request, options, tried, now):
        # type: (PreparedRequest, CallOptions, Tuple[Any, ...], float) -> Optional[Turn]
        """Take what the attempt needs. If it has to wait for its place, return how to.

        Args:
            tried: the hosts of this call's attempts so far.
        Raises: CircuitOpen, BulkheadFull.
        """
        self.options = options
        if self._hosts is None:
            self._pass_breaker(request, now)
        else:
            self._choose(request, options, tried, now)
        of_origin = self._of_origin
        bulkhead = of_origin.bulkhead
        if bulkhead is None:
            return None
        if of_origin.tenant_header is not None:
            self._tenant = request.headers.get(of_origin.tenant_header)
        try:
            self._waiter = bulkhead.enter(self._tenant, self._begin)
        except BulkheadFull as error:
            raise failure(BulkheadFull, request, str(error), "pool", 0)
        if self._waiter is None:
            self._has_place = True
            return None
        self._turn = Turn(request, options, of_origin.max_wait)
        return self._turn

    def end(self, response, error):
        # type: (Optional[Response], Optional[BaseException]) -> None
        """Give everything back. Both arguments are None if the attempt was cancelled. Idempotent.

        The place in the bulkhead is given back last: the next call begins at once.
        """
        self._tell(self._judge(response, error))
        self._leave()

    def end_with_body(self, response, on_loop):
        # type: (Response, Callable) -> None
        """The same at the end of the body of ``response``, which is streamed.

        Args:
            on_loop (callable): as for `Response.when_ended`.
        """
        verdicts = self._judge(response, None)

        def end(_, error):  # It must not refer to the response.
            broken = error is not None and not isinstance(error, StreamClosed)
            self._tell(self._judge(None, error) if broken else verdicts)
            self._leave()

        if self._ticket == PROBE:  # Others are refused until it ends, and a body may take hours.
            host, self.host = self.host, None
            self._tell(verdicts)
            self.host = host
        response.when_ended(end, on_loop)

    def _begin(self):
        """It has waited, and has its place."""
        self._waiter = None
        self._has_place = True
        self._turn.begin()

    def _choose(self, request, options, tried, now):
        """Take a host whose circuit breaker admits the attempt, if possible one not tried yet."""
        state, dice = self._hosts.state, self._plan.means.dice
        refused, refusal = (), None  # type: Tuple[Any, ...], Optional[CircuitOpen]
        while True:
            host = state.pick(now, dice, tried + refused)
            if host is None:
                if tried:
                    tried = ()  # All others were tried, or refuse it.
                    continue
                raise refusal or failure(ConnectError, request, "no host", "connect", 0)
            self.host, self._picked = host, now  # From here on `end` gives it back.
            self.options = self._hosts.place(host, request, options)
            try:
                self._pass_breaker(request, now)
                return
            except CircuitOpen as error:
                self.host = None
                state.ended(host, None, now, now)
                refused, refusal = refused + (host,), error

    def _pass_breaker(self, request, now):
        guards = self._plan.guards
        self._of_origin = of_origin = guards.of(request.parsed_url.origin)
        breaker = of_origin.breaker
        if breaker is None:
            return
        before = breaker.change
        self._ticket = breaker.admit(now)
        if breaker.change is not before:
            guards.tell(breaker.change)
        if not self._ticket:
            error = failure(CircuitOpen, request, breaker.refusal(now), "pool", 0)
            error.retry_after = breaker.retry_after(now)  # type: ignore[attr-defined]
            raise error

    def _judge(self, response, error):
        """What the outcome says about the upstream, for circuit breaker and for host."""
        if response is None and error is None:
            return None, None
        return (self._ticket and judged(self._of_origin.breaker, response, error),
                self.host and judged(self._hosts, response, error))

    def _tell(self, verdicts):
        ticket, host = self._ticket, self.host
        if ticket or host is not None:
            now = self._plan.means.clock()
            if ticket:
                self._ticket = 0
                breaker = self._of_origin.breaker
                before = breaker.change
                breaker.ended(ticket, verdicts[0], now)
                if breaker.change is not before:
                    self._plan.guards.tell(breaker.change)
            if host is not None:
                self.host = None
                change = self._hosts.state.ended(host, verdicts[1], now, self._picked)
                if change is not None:
                    self._plan.guards.tell(change)

    def _leave(self):
        if self._has_place:
            self._has_place = False
            self._of_origin.bulkhead.leave(self._tenant)
        elif self._waiter is not None:
            waiter, self._waiter = self._waiter, None
            self._of_origin.bulkhead.give_up(waiter)
