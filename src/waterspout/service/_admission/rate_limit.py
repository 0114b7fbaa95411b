"""RateLimit: how many requests a tenant may send in a time."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING, integer_types
from waterspout.policies.value import PolicyValue, count

if TYPE_CHECKING:
    from typing import Optional  # noqa: F401


class RateLimit(PolicyValue):
    """Limits the requests of each tenant to ``per_second`` on average, in each process.

    A tenant that was quiet may send ``burst`` requests at once (a token bucket). Further ones are
    answered with 429 and the ``Retry-After`` after which one is allowed.

    Args:
        per_second (float): above 0; may be a fraction.
        burst (int): None: as many as there are in one second, 1 at least.
        max_tenants (int): tenants that are remembered. If there are more, the one whose last
            request is longest ago is forgotten, and may send a burst again.
    Raises: TypeError, ValueError: for an argument, which the text names.
    """

    __slots__ = ("per_second", "burst", "max_tenants")

    if TYPE_CHECKING:
        per_second = 0.0  # type: float
        burst = 0  # type: int
        max_tenants = 0  # type: int

    def __init__(self, per_second, burst=None, max_tenants=10000):
        # type: (float, Optional[int], int) -> None
        if isinstance(per_second, bool) or not isinstance(per_second, (float,) + integer_types):
            raise TypeError("per_second=%r is not a number" % (per_second,))
        if not 0 < per_second < float("inf"):
            raise ValueError("per_second=%r: give a number above 0" % per_second)
        if burst is None:
            burst = max(1, int(per_second))
        self._set(
            per_second=float(per_second),
            burst=count("burst", burst),
            max_tenants=count("max_tenants", max_tenants),
        )
