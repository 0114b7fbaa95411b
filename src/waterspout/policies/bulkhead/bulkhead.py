"""Bulkhead: how many calls to one upstream may run and wait at once."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout.policies.value import PolicyValue, count, field_name, optional, seconds

if TYPE_CHECKING:
    from typing import Optional  # noqa: F401


class Bulkhead(PolicyValue):
    """Limits the calls to one upstream, so that a slow one does not take what others need.

    When ``max_concurrent`` calls are running, further ones wait; when ``max_queued`` wait, further
    ones fail at once with `BulkheadFull`. Each upstream (origin) has its own limits, in each
    process.

    With ``tenant_header`` the waiting tenants take turns, so that one that sends many calls does
    not hold up the others; a tenant's own calls are served in the order in which they came. All
    requests without this field are one tenant together.

    Args:
        max_concurrent: calls that run at once, 1 at least.
        max_queued: calls that wait at once; 0: none may wait.
        max_wait: float seconds that a call may wait; None: the call's ``timeout.pool``.
        tenant_header: the name of the request's field whose value is the tenant, such as
            ``"org"``; None: there are no tenants.
        max_concurrent_per_tenant, max_queued_per_tenant: the same limits for the calls of one
            tenant, which count for the others, too; None: only the others limit them.

    Raises: TypeError, ValueError: for an argument, which the text names.
    """

    __slots__ = ("max_concurrent", "max_queued", "max_wait", "tenant_header",
                 "max_concurrent_per_tenant", "max_queued_per_tenant")

    if TYPE_CHECKING:
        max_concurrent = 0  # type: int
        max_queued = 0  # type: int
        max_wait = None  # type: Optional[float]
        tenant_header = None  # type: Optional[str]
        max_concurrent_per_tenant = None  # type: Optional[int]
        max_queued_per_tenant = None  # type: Optional[int]

    def __init__(self, max_concurrent=50, max_queued=100, max_wait=None, tenant_header=None,
                 max_concurrent_per_tenant=None, max_queued_per_tenant=None):
        # type: (int, int, Optional[float], Optional[str], Optional[int], Optional[int]) -> None
        self._set(
            max_concurrent=count("max_concurrent", max_concurrent),
            max_queued=count("max_queued", max_queued, 0),
            max_wait=optional(seconds, "max_wait", max_wait),
            tenant_header=optional(field_name, "tenant_header", tenant_header),
            max_concurrent_per_tenant=optional(
                count, "max_concurrent_per_tenant", max_concurrent_per_tenant),
            max_queued_per_tenant=optional(
                count, "max_queued_per_tenant", max_queued_per_tenant, 0),
        )
        if tenant_header is None:
            for name in ("max_concurrent_per_tenant", "max_queued_per_tenant"):
                if getattr(self, name) is not None:
                    raise ValueError(
                        "%s=%r: give tenant_header as well, the field that names the tenant"
                        % (name, getattr(self, name)))
