"""Ticket: what one request has taken of an application's limits."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, Callable, Hashable, Optional  # noqa: F401

    from waterspout.policies.bulkhead import Waiter  # noqa: F401


class Ticket(object):
    """
    Attributes:
        tenant (hashable): who sends the request.
        runs (bool): it has a place.
        waiter (Waiter or None): it waits for one.
        decided (callable or None): while it waits: to be called once, with `Places.RUNS` or why it
            gets no place.
        body_bytes (int): bytes of its body that are counted.
        received_bytes (int): that have arrived.
    """

    __slots__ = ("tenant", "runs", "waiter", "decided", "body_bytes", "received_bytes")

    def __init__(self, tenant):
        # type: (Hashable) -> None
        self.tenant = tenant
        self.runs = False
        self.waiter = None  # type: Optional[Waiter]
        self.decided = None  # type: Optional[Callable[[str], Any]]
        self.body_bytes = 0
        self.received_bytes = 0
