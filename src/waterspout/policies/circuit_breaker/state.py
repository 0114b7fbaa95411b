"""BreakerState: whether calls to one upstream are made now."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout.policies.circuit_breaker.change import CircuitChange, tell
from waterspout.policies.circuit_breaker.failures import is_failure
from waterspout.policies.circuit_breaker.rolling_window import RollingWindow

if TYPE_CHECKING:
    from typing import Any, Dict, Optional  # noqa: F401

    from waterspout.policies.circuit_breaker.breaker import CircuitBreaker  # noqa: F401

#: The tickets of `BreakerState.admit`.
REFUSED, ADMITTED, PROBE = 0, 1, 2

#: The states.
CLOSED, OPEN, HALF_OPEN = "closed", "open", "half-open"


class BreakerState(object):
    """The `CircuitBreaker` of one upstream.

    Each call asks `admit`, and unless it was refused, tells `ended` its result exactly once.
    All times are monotonic float seconds. Nothing happens by time alone: an open circuit breaker
    becomes half-open with the first call after its time, which is then the probe.

    Everything is updated before a listener is called, which may use this object.

    Args:
        policy (CircuitBreaker).
        origin: the upstream, for listeners.
    Attributes:
        is_failure: the policy's function, or the default one.
        refused, opened (int): calls that were refused; times that it opened, after probes as well.
        change (CircuitChange or None): the last one.
    """

    __slots__ = ("origin", "is_failure", "refused", "opened", "change", "_policy", "_state",
                 "_window", "_minimum_calls", "_failure_rate", "_calls", "_failures", "_probe_at",
                 "_probing", "_failed_probes")

    def __init__(self, policy, origin):
        # type: (CircuitBreaker, Any) -> None
        self.origin = origin
        self.is_failure = is_failure if policy.is_failure is None else policy.is_failure
        self.refused = 0
        self.opened = 0
        self.change = None  # type: Optional[CircuitChange]
        self._policy = policy
        self._state = CLOSED
        self._window = RollingWindow(policy.window)
        self._minimum_calls = policy.minimum_calls
        self._failure_rate = policy.failure_rate
        self._calls = self._failures = 0  # That opened it.
        self._probe_at = 0.0  # While open: when the next probe is made.
        self._probing = False  # While half-open: a probe is under way.
        self._failed_probes = 0  # Since it was closed.

    @property
    def is_unused(self):
        # type: () -> bool
        """Whether it is closed."""
        return self._state is CLOSED

    def admit(self, now):
        # type: (float) -> int
        """Whether a call may be made: REFUSED (0), ADMITTED (1), or PROBE (2).

        The one that gets PROBE decides whether the circuit breaker closes; others are refused
        until it has ended.
        """
        if self._state is CLOSED:
            return ADMITTED
        if self._probing or self._state is OPEN and now < self._probe_at:
            self.refused += 1
            return REFUSED
        self._probing = True
        if self._state is OPEN:
            self._change(HALF_OPEN, now)
        return PROBE

    def would_admit(self, now):
        # type: (float) -> bool
        """Whether `admit` would not refuse a call. It changes and counts nothing."""
        return self._state is CLOSED or not (
            self._probing or self._state is OPEN and now < self._probe_at)

    def ended(self, ticket, failed, now):
        # type: (int, Optional[bool], float) -> None
        """Take the result of a call.

        Args:
            ticket: what `admit` returned for it. The result of a call that was REFUSED is ignored.
            failed: what ``is_failure`` returned; None if the call was cancelled, for example: it
                is not counted, and if it was the probe, the next call is.
        """
        if ticket == PROBE:
            if self._probing:
                self._probe_ended(failed, now)
        elif ticket and self._state is CLOSED and failed is not None:
            # A call that began before it opened, and ends before it is closed, has no say.
            window = self._window
            window.add(failed, now)
            # A success may be what makes the calls enough. Not "rate * calls", which is rounded:
            # 7 of 100 are 0.07, but 0.07 * 100 is more than 7.
            if (window.failures and window.calls >= self._minimum_calls
                    and window.failures / window.calls >= self._failure_rate):
                self._calls, self._failures = window.calls, window.failures
                window.clear()
                self._open(now)

    def state_at(self, now):
        # type: (float) -> str
        """``"closed"``, ``"open"`` or ``"half-open"``; half-open from when a probe may be made."""
        if self._state is OPEN and now >= self._probe_at:
            return HALF_OPEN
        return self._state

    def retry_after(self, now):
        # type: (float) -> float
        """Seconds until the next probe; 0.0 unless open."""
        return max(0.0, self._probe_at - now) if self._state is OPEN else 0.0

    def refusal(self, now):
        # type: (float) -> str
        """The text for the error of a call that was refused."""
        state = self.state_at(now)
        if state is CLOSED:
            return "the circuit breaker is closed"
        text = "the circuit breaker is %s: %d of %d calls failed within %g s" % (
            state, self._failures, self._calls, self._policy.window)
        if self._failed_probes:
            text += ", and %d since then" % self._failed_probes
        if state is OPEN:
            # Never "0.0 s", which would be now.
            return "%s; the next one is tried in %.1f s" % (text, max(0.1, self.retry_after(now)))
        return "%s; %s" % (
            text, "one is being tried now" if self._probing else "the next one is tried")

    def stats(self, now):
        # type: (float) -> Dict[str, Any]
        """The state, and the calls within the window and how many of them failed; unless closed,
        those that opened it. Refused calls and openings are counted from the beginning.
        """
        calls, failures = self._calls, self._failures
        if self._state is CLOSED:
            self._window.move_to(now)
            calls, failures = self._window.calls, self._window.failures
        return {
            "circuit": self.state_at(now),
            "circuit_calls": calls,
            "circuit_failures": failures,
            "circuit_refused": self.refused,
            "circuit_opened": self.opened,
        }

    def _probe_ended(self, failed, now):
        self._probing = False
        if failed is None:
            return
        if failed:
            self._failed_probes += 1
            self._open(now)
        else:
            self._failed_probes = 0
            self._change(CLOSED, now)

    def _open(self, now):
        self.opened += 1
        self._probe_at = now + self._policy.open_seconds
        self._change(OPEN, now)

    def _change(self, after, now):
        before, self._state = self._state, after
        self.change = change = CircuitChange(
            self.origin, before, after, self._calls, self._failures, now)
        listeners = self._policy.listeners
        if listeners:
            tell(listeners, change)

    def __repr__(self):
        return "<BreakerState of %s: %s>" % (self.origin, self._state)
