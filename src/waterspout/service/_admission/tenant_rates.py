"""TenantRates: when each tenant may send its next request."""

from __future__ import absolute_import, division, print_function

import collections

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Dict, Hashable  # noqa: F401

    from waterspout.service._admission.rate_limit import RateLimit  # noqa: F401


class TenantRates(object):
    """A token bucket for each tenant, as one number: the time at which its bucket is full again.

    Args:
        limit (RateLimit).
    """

    __slots__ = ("_interval", "_slack", "_max_tenants", "_full_at")

    def __init__(self, limit):
        # type: (RateLimit) -> None
        self._interval = 1 / limit.per_second
        # A thousandth of a token more than there is: a token must not be missing by rounding.
        self._slack = (limit.burst - 0.999) * self._interval
        self._max_tenants = limit.max_tenants
        #: In the order of the tenants' last requests. One whose bucket is full need not be here.
        self._full_at = collections.OrderedDict()  # type: Dict[Hashable, float]

    def __len__(self):
        # type: () -> int
        """The number of tenants that are remembered."""
        return len(self._full_at)

    def take(self, tenant, now):
        # type: (Hashable, float) -> float
        """Take a token of a tenant.

        Args:
            now (float seconds): of a clock that does not go backwards.
        Returns: 0 if there was one; otherwise in how many seconds there will be one.
        """
        full_at = self._full_at.pop(tenant, now)
        if full_at < now:
            full_at = now
        missing = full_at - now - self._slack
        if missing <= 0:
            full_at += self._interval
            missing = 0.0
        self._full_at[tenant] = full_at
        if len(self._full_at) > self._max_tenants:
            del self._full_at[next(iter(self._full_at))]
        return missing
