"""Waiter: one call that waits for its place."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, Callable, Hashable, Optional  # noqa: F401


class Waiter(object):
    """A call that waits.

    Attributes:
        tenant (hashable).
        start (callable or None): called once, when it has its place; None from then on.
        waiting (bool): False once it has its place or has given up.
    """

    __slots__ = ("tenant", "start", "waiting")

    def __init__(self, tenant, start):
        # type: (Hashable, Callable[[], Any]) -> None
        self.tenant = tenant
        self.start = start  # type: Optional[Callable[[], Any]]
        self.waiting = True

    def end(self):
        # type: () -> Optional[Callable[[], Any]]
        """It waits no more. Return ``start``, and drop it: it may hold the whole call."""
        self.waiting = False
        start, self.start = self.start, None
        return start
