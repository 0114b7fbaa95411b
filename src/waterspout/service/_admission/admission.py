"""Admission: the check of a request's head against the limits of an application."""

from __future__ import absolute_import, division, print_function

import functools
import math

from tornado.concurrent import Future
from tornado.ioloop import IOLoop

from waterspout._compat import TYPE_CHECKING, monotonic, resolve
from waterspout.service._admission import places
from waterspout.service._admission.body_bytes import BodyBytes
from waterspout.service._admission.overload import Overload
from waterspout.service._admission.tenant_rates import TenantRates
from waterspout.service._admission.tenants import usual_tenant
from waterspout.service._admission.ticket import Ticket
from waterspout.service._server.head_checks import announced_length
from waterspout.service.exceptions import Refusal

if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Hashable, Optional, Union  # noqa: F401

    from tornado.httputil import HTTPServerRequest  # noqa: F401

#: The attribute of a request that keeps its ticket.
_ATTRIBUTE = "_waterspout_ticket"


class Admission(object):
    """
    Args:
        overload (Overload): the limits.
        max_body_bytes (int): of one request.
        is_streamed (callable): ``is_streamed(request)`` returns whether its body is never in memory
            as a whole. None: no body is.
        clock (callable): returns seconds, and never goes backwards.
        io_loop (IOLoop or None): has the timers of requests that wait. None: the current one.
    Raises: TypeError: it is no Overload; ValueError: no body of ``max_body_bytes`` is possible.
    """

    def __init__(
        self, overload, max_body_bytes, is_streamed=None, clock=monotonic, io_loop=None
    ):
        # type: (Any, int, Optional[Callable[[Any], Any]], Callable[[], float], Any) -> None
        if not isinstance(overload, Overload):
            raise TypeError("overload=%r: give a waterspout.service.Overload, such as "
                            "Overload(max_requests=100)" % (overload,))
        most = overload.max_body_bytes_in_flight
        if most is not None and most < max_body_bytes:
            raise ValueError(
                "max_body_bytes_in_flight=%d is less than max_body_bytes=%d of the application: "
                "no request could ever have such a body" % (most, max_body_bytes))
        self._is_streamed = is_streamed
        self._clock = clock
        self._io_loop = io_loop
        self._tenant = overload.tenant
        self._exempt = frozenset(overload.exempt)
        self._max_wait = overload.max_wait
        limit = overload.rate_limit
        self._rates = None if limit is None else TenantRates(limit)
        self._bytes = None if most is None else BodyBytes(most)
        self._places = None  # type: Optional[places.Places]
        if overload.has_places:
            self._places = places.Places(
                overload.max_requests, overload.max_requests_per_tenant, overload.max_waiting)
        later = {"Retry-After": "%d" % overload.retry_after}
        self._refusals = {
            places.FULL: Refusal(
                503, "the service has too many requests to answer", later, kind=places.FULL),
            places.TENANT_FULL: Refusal(
                429, "too many of your requests are under way", later, kind=places.TENANT_FULL),
        }
        self._no_memory = Refusal(
            503, "the service has too many large requests to answer", later, kind="body memory")

    def __repr__(self):
        return "<Admission %r>" % self.stats()

    @property
    def body_check(self):
        # type: () -> Optional[Callable[[HTTPServerRequest, int], Optional[Refusal]]]
        """``body_check(request, count)`` is to be called when bytes of a body have arrived, and
        returns None, or a Refusal if they are too many. None: that is not needed.
        """
        return None if self._bytes is None else self._received

    def check(self, request):
        # type: (HTTPServerRequest) -> Optional[Union[Refusal, Future[Optional[Refusal]]]]
        """Head check: take what the request needs. `ended` gives it back.

        Returns: None; or a Refusal; or a Future of these, while the request waits.
        """
        if request.path in self._exempt:
            return None
        tenant = None if self._tenant is None else self._tenant(request)
        if tenant is None:
            tenant = usual_tenant(request)
        if self._rates is not None:
            seconds = self._rates.take(tenant, self._clock())
            if seconds:
                return Refusal(429, "you send more requests than you may", {
                    "Retry-After": "%d" % math.ceil(seconds)}, kind="rate limit")
        ticket = vars(request)[_ATTRIBUTE] = Ticket(tenant)
        if self._bytes is not None:
            length = announced_length(request.headers)
            if self._is_streamed is not None and self._is_streamed(request):
                length = None
            if length is not None and not self._bytes.reserve(ticket, length):
                return self._no_memory
        return None if self._places is None else self._enter(ticket)

    def ended(self, request):
        # type: (HTTPServerRequest) -> None
        """The request was answered, or never will be: give back what it has. Idempotent."""
        ticket = vars(request).pop(_ATTRIBUTE, None)
        if ticket is None:
            return
        if self._bytes is not None:
            self._bytes.release(ticket)
        if self._places is not None:
            self._places.leave(ticket)

    def stats(self):
        # type: () -> Dict[str, int]
        """Return numbers of now: requests that run and wait, bytes of bodies, known tenants.

        Only those that are limited.
        """
        numbers = {}
        if self._places is not None:
            numbers["requests_running"] = self._places.running
            numbers["requests_waiting"] = self._places.waiting
        if self._bytes is not None:
            numbers["body_bytes"] = self._bytes.used
        if self._rates is not None:
            numbers["rate_tenants"] = len(self._rates)
        return numbers

    def _received(self, request, count):
        # type: (HTTPServerRequest, int) -> Optional[Refusal]
        ticket = vars(request).get(_ATTRIBUTE)
        if ticket is None or self._bytes.received(ticket, count):
            return None
        return self._no_memory

    def _enter(self, ticket):
        outcome = self._places.enter(ticket)
        if outcome == places.RUNS:
            return None
        if outcome != places.WAITS:
            return self._refused(ticket, outcome)
        future = Future()  # type: Future[Optional[Refusal]]
        ticket.decided = functools.partial(self._decided, ticket, future)
        loop = self._io_loop or IOLoop.current()
        timer = loop.call_later(self._max_wait, self._places.give_up, ticket)
        future.add_done_callback(lambda future: loop.remove_timeout(timer))
        return future

    def _decided(self, ticket, future, outcome):
        resolve(future, None if outcome == places.RUNS else self._refused(ticket, outcome))

    def _refused(self, ticket, outcome):
        # type: (Ticket, str) -> Refusal
        if self._bytes is not None:
            self._bytes.release(ticket)  # The body, if it is short, is read and dropped.
        return self._refusals[outcome]
