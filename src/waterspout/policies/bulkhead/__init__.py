"""The bulkhead: how many calls to one upstream may run at once, and how many may wait."""

from __future__ import absolute_import, division, print_function

from waterspout.policies.bulkhead.bulkhead import Bulkhead
from waterspout.policies.bulkhead.state import BulkheadState
from waterspout.policies.bulkhead.waiter import Waiter

__all__ = ["Bulkhead", "BulkheadState", "Waiter"]
