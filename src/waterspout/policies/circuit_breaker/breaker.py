"""CircuitBreaker: when an upstream is no longer asked, and for how long."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout.policies.value import PolicyValue, count, seconds, share

if TYPE_CHECKING:
    from typing import Any, Callable, Optional, Sequence, Tuple  # noqa: F401

    from waterspout.policies.circuit_breaker.change import CircuitChange  # noqa: F401

#: The window is counted in tenths, which have to be longer than the steps of any clock.
_LEAST_WINDOW = 0.01

_INFINITE = float("inf")


class CircuitBreaker(PolicyValue):
    """Refuses calls to an upstream of which too many have failed, until one succeeds again.

    It is *closed* at first: every call is made, and the results of the last ``window`` seconds are
    counted. When too many of them are failures, it *opens*: calls fail at once with `CircuitOpen`,
    and nothing is sent. After ``open_seconds`` it is *half-open*: one call at a time is made to try
    the upstream. If that call succeeds, the circuit breaker closes and begins to count at zero; if
    it fails, the circuit breaker opens again.

    Each upstream (origin) is counted alone, in each process.

    Args:
        failure_rate: it opens when this share of the calls has failed: above 0, 1 at most.
        minimum_calls: it does not open before this many calls have ended within the window.
        window: float seconds, 0.01 at least. It moves in steps of a tenth, so that between 90%
            and 100% of this time is counted.
        open_seconds: float seconds from the opening to the next try.
        is_failure: ``is_failure(response, error)``, one of them None, says whether this outcome is
            the upstream's failure: True, False, or None if it says nothing about the upstream, so
            that it is not counted. The default is `circuit_breaker.is_failure`.
        listeners: callables, each called with a `CircuitChange` when the circuit breaker opens,
            tries and closes. They run on the IOLoop, and must not block.

    Raises: TypeError, ValueError: for an argument, which the text names.
    """

    __slots__ = ("failure_rate", "minimum_calls", "window", "open_seconds", "is_failure",
                 "listeners")

    if TYPE_CHECKING:
        failure_rate = 0.0  # type: float
        minimum_calls = 0  # type: int
        window = 0.0  # type: float
        open_seconds = 0.0  # type: float
        is_failure = None  # type: Optional[Callable[[Any, Any], Optional[bool]]]
        listeners = ()  # type: Tuple[Callable[[CircuitChange], Any], ...]

    def __init__(self, failure_rate=0.5, minimum_calls=20, window=10.0, open_seconds=2.0,
                 is_failure=None, listeners=()):
        # type: (float, int, float, float, Optional[Callable[[Any, Any], Optional[bool]]], Sequence[Callable[[CircuitChange], Any]]) -> None
        if is_failure is not None and not callable(is_failure):
            raise TypeError(
                "is_failure=%r: give a callable, is_failure(response, error), or None"
                % (is_failure,))
        self._set(
            failure_rate=share("failure_rate", failure_rate),
            minimum_calls=count("minimum_calls", minimum_calls),
            window=_finite("window", window, _LEAST_WINDOW),
            open_seconds=_finite("open_seconds", open_seconds),
            is_failure=is_failure,
            listeners=_callables("listeners", listeners),
        )


def _finite(name, value, least=0.0):
    checked = seconds(name, value)
    if checked < least:
        raise ValueError("%s=%r: give seconds from %s on" % (name, value, least))
    if checked == _INFINITE:  # An upstream that is never tried again would never be used again.
        raise ValueError("%s=%r: give a finite number of seconds" % (name, value))
    return checked


def _callables(name, value):
    if not isinstance(value, (tuple, list)):
        raise TypeError("%s=%r: give a tuple or list of callables" % (name, value))
    for each in value:
        if not callable(each):
            raise TypeError("%s: %r is not callable" % (name, each))
    return tuple(value)
