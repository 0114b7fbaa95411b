"""CircuitChange: what the listeners of a circuit breaker are told."""

from __future__ import absolute_import, division, print_function

import collections
import logging

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, Callable, Iterable  # noqa: F401

_log = logging.getLogger("waterspout.policies")


class CircuitChange(
        collections.namedtuple("CircuitChange", "origin before after calls failures time")):
    """One change of the state of a circuit breaker.

    Attributes:
        origin: the upstream.
        before, after (native str): ``"closed"``, ``"open"`` or ``"half-open"``.
        calls, failures (int): the calls that were counted when it opened last from closed, and how
            many of them had failed.
        time (float): monotonic seconds.
    """

    __slots__ = ()


def tell(listeners, change):
    # type: (Iterable[Callable[[CircuitChange], Any]], CircuitChange) -> None
    """Call each listener. What one raises is logged: the others and the call go on."""
    for listener in listeners:
        try:
            listener(change)
        except Exception:
            _log.error("a listener of the circuit breaker of %s raised", change.origin,
                       exc_info=True)
