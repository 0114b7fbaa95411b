"""Balancer: how calls are spread over the hosts of an upstream, as a value."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout.policies.value import PolicyValue, count, function, optional, seconds, share

if TYPE_CHECKING:
    from typing import Any, Callable, Optional  # noqa: F401


class Balancer(PolicyValue):
    """How calls are spread over the hosts of an upstream. An immutable value.

    A call goes to the host with the fewest pending calls of two random ones. A host that fails
    again and again is ejected: it gets no calls for a while, then one at a time.

    Args:
        resolver (object or None): finds the addresses of a host's name. Its ``resolve(name, port)``
            returns a Future of (list of (family, address), seconds that they hold or None). None:
            `waterspout.DNSResolver`. Several hosts are used as they are given.
        ttl (float): seconds that addresses hold if the resolver does not say.
        max_failures (int): failures in a row after which a host is ejected.
        pause (float): seconds of a first ejection; each further one in a row takes twice as long.
        pause_max (float): seconds that an ejection takes at most.
        healthy_floor (float): above 0, 1 at most: the share of the hosts, rounded up, that are
            never ejected. With 1 none is.
        is_failure (function or None): ``is_failure(response, error)`` says whether a call failed;
            one of the two is None. None: as the circuit breaker decides.

    Raises: TypeError, ValueError: an argument is not as described.

    Source: "The Power of Two Choices in Randomized Load Balancing" (Mitzenmacher, 2001); ejection
        as Envoy's outlier detection, whose ``consecutive_5xx``, ``base_ejection_time``,
        ``max_ejection_time`` and ``max_ejection_percent`` correspond.
    """

    __slots__ = ("resolver", "ttl", "max_failures", "pause", "pause_max", "healthy_floor",
                 "is_failure")

    if TYPE_CHECKING:
        resolver = None  # type: Any
        ttl = pause = pause_max = healthy_floor = 1.0
        max_failures = 1
        is_failure = None  # type: Optional[Callable[[Any, Any], bool]]

    def __init__(self, resolver=None, ttl=30.0, max_failures=3, pause=1.0, pause_max=30.0,
                 healthy_floor=0.5, is_failure=None):
        # type: (Any, float, int, float, float, float, Optional[Callable[[Any, Any], bool]]) -> None
        if resolver is not None and not callable(getattr(resolver, "resolve", None)):
            raise TypeError(
                "resolver=%r has no method resolve(name, port) that returns a Future" % (resolver,))
        self._set(
            resolver=resolver,
            ttl=seconds("ttl", ttl),
            max_failures=count("max_failures", max_failures),
            pause=seconds("pause", pause),
            pause_max=seconds("pause_max", pause_max),
            healthy_floor=share("healthy_floor", healthy_floor),
            is_failure=optional(function, "is_failure", is_failure),
        )
        if self.pause_max < self.pause:
            raise ValueError("pause_max=%r: give at least pause=%r, which is the first one" % (
                pause_max, pause))
