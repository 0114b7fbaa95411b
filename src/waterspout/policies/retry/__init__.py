"""Retry: which failed attempts are repeated, after how long, and how many of them in all.

`Retry` is the value that users make, with urllib3's names. `RetryCount` is the state of one call,
`BudgetState` that of one upstream. None of them waits, sends or reads a clock.
"""

from __future__ import absolute_import, division, print_function

from waterspout.policies.retry.attempt import Attempt
from waterspout.policies.retry.budget import BudgetState, RetryBudget
from waterspout.policies.retry.idempotency_key import vouched_by_key
from waterspout.policies.retry.retry import IDEMPOTENT, Retry
from waterspout.policies.retry.retry_after import retry_after
from waterspout.policies.retry.retry_count import RetryCount

__all__ = ["IDEMPOTENT", "Attempt", "BudgetState", "Retry", "RetryBudget", "RetryCount",
           "retry_after", "vouched_by_key"]
