"""Admission: what one attempt has taken from the policies, and gives back at its end."""

from __future__ import absolute_import, division, print_function

import logging

from waterspout._compat import TYPE_CHECKING
from waterspout._flows.commands import Turn
from waterspout.exceptions import BulkheadFull, CircuitOpen, StreamClosed
from waterspout.models.failures import failure

_log = logging.getLogger("waterspout.policies")

if TYPE_CHECKING:
    from typing import Any, Callable, Optional  # noqa: F401

    from waterspout.models.call_options import CallOptions  # noqa: F401
    from waterspout.models.prepared_request import PreparedRequest  # noqa: F401
    from waterspout.models.response import Response  # noqa: F401
    from waterspout.policies.guards import OriginGuards  # noqa: F401


class Admission(object):
    """The pass of one attempt through a circuit breaker and a bulkhead.

    Args:
        guards (OriginGuards): those of the attempt's origin.
    """

    __slots__ = ("_guards", "_ticket", "_tenant", "_has_place", "_waiter")

    def __init__(self, guards):
        # type: (OriginGuards) -> None
        self._guards = guards
        self._ticket = 0
        self._tenant = None  # type: Optional[str]
        self._has_place = False
        self._waiter = None  # type: Any

    def enter(self, request, options, now):
        # type: (PreparedRequest, CallOptions, float) -> Optional[Turn]
        """Take what the attempt needs. If it has to wait for its place, return how to.

        Raises: CircuitOpen, BulkheadFull.
        """
        breaker, bulkhead = self._guards.breaker, self._guards.bulkhead
        if breaker is not None:
            self._ticket = breaker.admit(now)
            if not self._ticket:
                error = failure(CircuitOpen, request, breaker.refusal(now), "pool", 0)
                error.retry_after = breaker.retry_after(now)  # type: ignore[attr-defined]
                raise error
        if bulkhead is None:
            return None
        if self._guards.tenant_header is not None:
            self._tenant = request.headers.get(self._guards.tenant_header)
        turn = Turn(request, options, self._guards.max_wait)
        try:
            self._waiter = bulkhead.enter(self._tenant, turn.begin)
        except BulkheadFull as error:
            raise failure(BulkheadFull, request, str(error), "pool", 0)
        if self._waiter is None:
            self._has_place = True
            return None
        return turn

    def has_turn(self):
        # type: () -> None
        """It has waited, and has its place."""
        self._waiter = None
        self._has_place = True

    def end(self, response, error, clock):
        # type: (Optional[Response], Optional[BaseException], Callable[[], float]) -> None
        """Give everything back. Both arguments are None if the attempt was cancelled. Idempotent.

        The place in the bulkhead is given back last: the next call begins at once.
        """
        if self._ticket:
            self._tell(self._judged(response, error), clock())
        self._leave()

    def end_with_body(self, response, clock, on_loop):
        # type: (Response, Callable[[], float], Callable) -> None
        """The same at the end of the body of ``response``, which is streamed.

        Args:
            on_loop (callable): as for `Response.when_ended`.
        """
        failed = self._judged(response, None)

        def end(_, error):  # It must not refer to the response.
            if self._ticket:
                broken = error is not None and not isinstance(error, StreamClosed)
                self._tell(self._judged(None, error) if broken else failed, clock())
            self._leave()

        response.when_ended(end, on_loop)

    def _judged(self, response, error):
        breaker = self._guards.breaker
        if breaker is None or response is None and error is None:
            return None
        try:
            return breaker.is_failure(response, error)
        except Exception:  # Of the program's function. The place must be given back.
            _log.error("is_failure of a circuit breaker raised", exc_info=True)
            return None

    def _tell(self, failed, now):
        ticket, self._ticket = self._ticket, 0
        self._guards.breaker.ended(ticket, failed, now)

    def _leave(self):
        bulkhead = self._guards.bulkhead
        if self._has_place:
            self._has_place = False
            bulkhead.leave(self._tenant)
        elif self._waiter is not None:
            waiter, self._waiter = self._waiter, None
            bulkhead.give_up(waiter)
