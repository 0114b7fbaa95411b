"""Overload: the limits of what a process does at once."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING, string_types
from waterspout.policies.value import PolicyValue, count, function, optional, seconds
from waterspout.service._admission.rate_limit import RateLimit

if TYPE_CHECKING:
    from typing import Any, Callable, Hashable, Iterable, Optional, Tuple  # noqa: F401


class Overload(PolicyValue):
    """What a process takes on at once; further requests are refused before their body is read.

    A request counts from its head to its response. All limits are for each process, and None is no
    limit. A refusal has a ``Retry-After``, and asking again is safe: nothing was done.

    =========================================  =============================================
    refused with                               because
    =========================================  =============================================
    503, kind ``overload``                     ``max_requests`` are under way
    503, kind ``body memory``                  the body would exceed ``max_body_bytes_in_flight``
    429, kind ``tenant overload``              ``max_requests_per_tenant`` of this tenant are
    429, kind ``rate limit``                   this tenant sends more than its ``rate_limit``
    =========================================  =============================================

    Requests that may wait do so with nothing but their head in memory. The tenants that wait take
    turns. When no more may wait, the tenant with the most waiting requests is refused one, so that
    a bulk import does not keep out others.

    Args:
        max_requests (int): that run at once.
        max_requests_per_tenant (int): that run at once for one tenant.
        max_waiting (int): requests that wait for one of these places. 0: they are refused at once.
        max_wait (float seconds): how long.
        max_body_bytes_in_flight (int): bytes of all bodies in memory, by their Content-Length,
            or as they arrive in chunks. Bodies of 64 KiB or less are counted but not refused.
            At least the application's ``max_body_bytes``.
        rate_limit (RateLimit): for each tenant.
        tenant (callable): ``tenant(request)`` returns who sends a request, a hashable value. None,
            also as its result: the name of ``request.principal``, if a head check has set that;
            otherwise the client's address, or the first 64 bits of an IPv6 address.
        exempt (iterable of native str): paths that no limit holds for. The pages of
            ``Application(operations=...)`` need not be here.
        retry_after (int seconds): in the ``Retry-After`` of refusals, but not of those for a rate.
    Raises: TypeError, ValueError: for an argument, which the text names.
    """

    __slots__ = ("max_requests", "max_requests_per_tenant", "max_waiting", "max_wait",
                 "max_body_bytes_in_flight", "rate_limit", "tenant", "exempt", "retry_after")

    if TYPE_CHECKING:
        max_requests = None  # type: Optional[int]
        max_requests_per_tenant = None  # type: Optional[int]
        max_waiting = 0  # type: int
        max_wait = 0.0  # type: float
        max_body_bytes_in_flight = None  # type: Optional[int]
        rate_limit = None  # type: Optional[RateLimit]
        tenant = None  # type: Optional[Callable[[Any], Optional[Hashable]]]
        exempt = ()  # type: Tuple[str, ...]
        retry_after = 0  # type: int

    def __init__(
        self,
        max_requests=None,
        max_requests_per_tenant=None,
        max_waiting=0,
        max_wait=1.0,
        max_body_bytes_in_flight=None,
        rate_limit=None,
        tenant=None,
        exempt=(),
        retry_after=1
    ):
        # type: (Optional[int], Optional[int], int, float, Optional[int], Optional[RateLimit], Optional[Callable[[Any], Optional[Hashable]]], Iterable[str], int) -> None  # noqa: E501
        self._set(
            max_requests=optional(count, "max_requests", max_requests),
            max_requests_per_tenant=optional(
                count, "max_requests_per_tenant", max_requests_per_tenant),
            max_waiting=count("max_waiting", max_waiting, 0),
            max_wait=seconds("max_wait", max_wait),
            max_body_bytes_in_flight=optional(
                count, "max_body_bytes_in_flight", max_body_bytes_in_flight),
            rate_limit=optional(_rate_limit, "rate_limit", rate_limit),
            tenant=optional(function, "tenant", tenant),
            exempt=_paths(exempt),
            retry_after=count("retry_after", retry_after),
        )
        if self.max_waiting and not self.has_places:
            raise ValueError(
                "max_waiting=%r: give max_requests or max_requests_per_tenant as well, the places "
                "that requests wait for" % max_waiting)

    @property
    def has_places(self):
        # type: () -> bool
        """Whether the number of requests is limited."""
        return self.max_requests is not None or self.max_requests_per_tenant is not None


def _rate_limit(name, value):
    # type: (str, Any) -> RateLimit
    if not isinstance(value, RateLimit):
        raise TypeError("%s=%r: give a waterspout.service.RateLimit" % (name, value))
    return value


def _paths(paths):
    # type: (Any) -> Tuple[str, ...]
    if isinstance(paths, string_types):
        raise TypeError("exempt=%r: give a list of paths" % paths)
    paths = tuple(paths)
    for path in paths:
        if not isinstance(path, string_types) or not path.startswith("/"):
            raise ValueError("exempt=%r: a path begins with a slash" % (path,))
    return paths
