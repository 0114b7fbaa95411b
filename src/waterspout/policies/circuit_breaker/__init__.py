"""The circuit breaker: do not ask an upstream that fails, and look now and then whether it does."""

from __future__ import absolute_import, division, print_function

from waterspout.policies.circuit_breaker.breaker import CircuitBreaker
from waterspout.policies.circuit_breaker.change import CircuitChange
from waterspout.policies.circuit_breaker.failures import is_failure
from waterspout.policies.circuit_breaker.state import (
    ADMITTED,
    CLOSED,
    HALF_OPEN,
    OPEN,
    PROBE,
    REFUSED,
    BreakerState,
)

__all__ = [
    "ADMITTED", "BreakerState", "CLOSED", "CircuitBreaker", "CircuitChange", "HALF_OPEN", "OPEN",
    "PROBE", "REFUSED", "is_failure",
]
