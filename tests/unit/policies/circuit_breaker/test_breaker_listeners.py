"""What the listeners of a circuit breaker get, and what they cannot break."""

from __future__ import absolute_import, division, print_function

import logging

from waterspout.policies.circuit_breaker import (
    ADMITTED,
    PROBE,
    REFUSED,
    BreakerState,
    CircuitBreaker,
    CircuitChange,
)

ORIGIN = "http://10.0.0.7:8079"


def listened(*listeners):
    return BreakerState(
        CircuitBreaker(minimum_calls=2, listeners=listeners), ORIGIN)


def fail(state, now):
    state.ended(state.admit(now), True, now)


def test_listeners_get_each_change_in_order():
    """With the counts that opened the breaker."""
    changes = []
    state = listened(changes.append)
    fail(state, 1.0)
    assert changes == []
    fail(state, 2.0)
    fail(state, 4.5)
    state.ended(state.admit(7.0), False, 7.5)
    assert changes == [
        CircuitChange(ORIGIN, "closed", "open", 2, 2, 2.0),
        CircuitChange(ORIGIN, "open", "half-open", 2, 2, 4.5),
        CircuitChange(ORIGIN, "half-open", "open", 2, 2, 4.5),
        CircuitChange(ORIGIN, "open", "half-open", 2, 2, 7.0),
        CircuitChange(ORIGIN, "half-open", "closed", 2, 2, 7.5),
    ]
    assert changes[0].origin == ORIGIN and changes[0].time == 2.0


def test_looking_is_no_change():
    """The state of an open breaker whose time is over is half-open, but no call was made yet."""
    changes = []
    state = listened(changes.append)
    fail(state, 1.0)
    fail(state, 1.0)
    del changes[:]
    assert state.state_at(9.0) == "half-open" and state.would_admit(9.0) and state.stats(9.0)
    assert changes == []


def test_what_a_listener_raises_is_logged_and_changes_nothing(caplog):
    """The other listeners and the call go on."""
    changes = []

    def broken(change):
        raise ZeroDivisionError("of the listener")

    state = listened(broken, changes.append)
    with caplog.at_level(logging.ERROR, "waterspout.policies"):
        fail(state, 1.0)
        fail(state, 1.0)
    assert state.state_at(1.0) == "open" and len(changes) == 1
    record, = caplog.records
    assert record.name == "waterspout.policies" and ORIGIN in record.getMessage()
    assert record.exc_info[0] is ZeroDivisionError


def test_listeners_may_use_the_breaker():
    """All is updated before they are called."""
    seen = []

    def listener(change):
        now = change.time
        seen.append((change.after, state.state_at(now), state.opened, state.would_admit(now)))
        seen.append(state.admit(now))

    state = listened(listener)
    fail(state, 1.0)
    fail(state, 1.0)
    assert state.admit(3.0) == PROBE
    state.ended(PROBE, False, 3.0)
    assert seen == [
        ("open", "open", 1, False), REFUSED,
        ("half-open", "half-open", 1, False), REFUSED,
        ("closed", "closed", 1, True), ADMITTED]
