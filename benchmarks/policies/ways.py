"""The ways to call that are compared: each policy alone, and all of them."""

from __future__ import absolute_import, division, print_function

from benchmarks.call_costs import Way
from waterspout import (
    Balancer,
    BaseSDK,
    Bulkhead,
    CallContext,
    CircuitBreaker,
    Deadline,
    DeadlineHeader,
    Retry,
)

_HEADER = DeadlineHeader()


def with_deadline(number):
    """The context of a call with a deadline that is sent on, as by ``self.upstream(...)``."""
    return CallContext(deadline=Deadline.after(10.0, header=_HEADER))


def in_context(number):
    """A context that carries nothing."""
    return CallContext()


def of(url):
    # type: (str) -> list[Way]
    """Return the ways, the plain one first."""
    # The same server by another name, as a second host.
    hosts = [url, url.replace("127.0.0.1", "localhost")]
    retry, breaker = Retry(), CircuitBreaker()
    bulkhead = Bulkhead(max_concurrent=200, tenant_header="org")
    every = {"retry": retry, "breaker": breaker, "bulkhead": bulkhead}
    return [
        Way("plain", BaseSDK(url, org=1), None),
        Way("a context without anything", BaseSDK(url, org=1), in_context),
        Way("a deadline, sent on", BaseSDK(url, org=1), with_deadline),
        Way("retry", BaseSDK(url, org=1, retry=retry), None),
        Way("circuit breaker", BaseSDK(url, org=1, breaker=breaker), None),
        Way("bulkhead with tenants", BaseSDK(url, org=1, bulkhead=bulkhead), None),
        Way("balancer, two hosts", BaseSDK(hosts, org=1, balancer=Balancer()), None),
        Way("retry, circuit breaker, bulkhead", BaseSDK(url, org=1, **every), None),
        Way("every policy", BaseSDK(hosts, org=1, balancer=Balancer(), **every), with_deadline),
    ]
