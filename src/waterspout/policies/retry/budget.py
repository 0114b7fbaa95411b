"""RetryBudget: how many retries one upstream gets, as a share of its calls; and its state.

If all calls to an upstream that is overloaded were retried twice, it would get three times the
load. With a budget it gets 1.1 times the load, and ``burst`` requests more, at most. Source: the
retry budgets of Finagle and of gRPC's retry throttling.
"""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout.policies.value import PolicyValue, count, share

if TYPE_CHECKING:
    from typing import Any, Dict  # noqa: F401

#: A token is whole if less than this is missing: ten times 0.1 is less than 1 in binary.
_WHOLE = 1 - 1e-9


class RetryBudget(PolicyValue):
    """How many retries an upstream gets in all, whatever each call may have.

    Args:
        ratio (float): retries for each call in the long run: above 0, 1 at most.
        burst (int): retries at once, from 1 on; as many are free at the beginning.

    Raises: TypeError, ValueError.
    """

    __slots__ = ("ratio", "burst")

    if TYPE_CHECKING:
        ratio = 0.1  # type: float
        burst = 10  # type: int

    def __init__(self, ratio=0.1, burst=10):
        # type: (float, int) -> None
        self._set(ratio=share("ratio", ratio), burst=count("burst", burst))


class BudgetState(object):
    """The budget of one upstream: a bucket of tokens that starts full. For one IOLoop only.

    Attributes:
        tokens (float): retries that are possible now, from 0 to ``burst``.
        retries (int): tokens taken.
        refused (int): retries that found no token.
    """

    __slots__ = ("tokens", "retries", "refused", "_ratio", "_burst")

    def __init__(self, policy):
        # type: (RetryBudget) -> None
        self._ratio = policy.ratio
        self._burst = self.tokens = float(policy.burst)
        self.retries = 0
        self.refused = 0

    @property
    def is_unused(self):
        # type: () -> bool
        """Whether it is as full as a new one."""
        return self.tokens == self._burst

    def call_begun(self):
        # type: () -> None
        """Count a call, not its retries: it adds ``ratio`` of a token."""
        tokens = self.tokens + self._ratio
        self.tokens = tokens if tokens < self._burst else self._burst

    def stats(self, now):
        # type: (float) -> Dict[str, Any]
        """Retries made and refused from the beginning."""
        return {"retries": self.retries, "retries_refused": self.refused}

    def take(self):
        # type: () -> bool
        """Take the token of one retry. False if there is none: then do not retry."""
        tokens = self.tokens
        if tokens < _WHOLE:
            self.refused += 1
            return False
        self.tokens = tokens - 1.0 if tokens > 1.0 else 0.0
        self.retries += 1
        return True
