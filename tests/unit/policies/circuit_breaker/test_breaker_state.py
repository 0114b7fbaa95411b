"""`BreakerState`: each rule of closed, open and half-open."""

from __future__ import absolute_import, division, print_function

import pytest

from waterspout.policies.circuit_breaker import (
    ADMITTED,
    PROBE,
    REFUSED,
    BreakerState,
    CircuitBreaker,
    is_failure,
)

ORIGIN = "http://10.0.0.7:8079"


def closed(**options):
    """A breaker that opens when 2 of at least 4 calls failed."""
    options.setdefault("minimum_calls", 4)
    return BreakerState(CircuitBreaker(**options), ORIGIN)


def run(state, results, now=0.0):
    """Make a call for each letter: F fails, S succeeds, N says nothing."""
    for letter in results:
        assert state.admit(now) == ADMITTED
        state.ended(ADMITTED, {"F": True, "S": False, "N": None}[letter], now)


def opened(now=0.0, **options):
    state = closed(**options)
    run(state, "FFFF", now)
    assert state.state_at(now) == "open"
    return state


def test_the_tickets_are_what_the_flow_tests():
    """Only a refused call has a ticket that is false."""
    assert (REFUSED, ADMITTED, PROBE) == (0, 1, 2)


def test_new_breaker_is_closed():
    """It admits, and waits for nothing."""
    state = closed()
    assert state.state_at(0.0) == "closed"
    assert state.would_admit(0.0) and state.admit(0.0) == ADMITTED
    assert state.retry_after(0.0) == 0.0


def test_too_few_calls_do_not_open_it():
    """However many of them fail."""
    state = closed()
    run(state, "FFF")
    assert state.state_at(0.0) == "closed"


@pytest.mark.parametrize("results", ["FFFF", "SSFF", "FFSS", "SFFF", "SSSFFF"])
def test_enough_failures_of_enough_calls_open_it(results):
    """The last call may be a success: it makes the calls enough."""
    state = closed()
    run(state, results)
    assert state.state_at(0.0) == "open" and state.opened == 1
    assert state.admit(0.0) == REFUSED


@pytest.mark.parametrize("results", ["SSSS", "SSSF", "FSSS", "SFSSFSSF"])
def test_fewer_failures_do_not_open_it(results):
    """Less than the rate."""
    state = closed()
    run(state, results)
    assert state.state_at(0.0) == "closed"


def test_the_rate_is_not_rounded_up():
    """7 of 100 are 0.07, although 0.07 * 100 is a little more than 7 as a float."""
    state = closed(failure_rate=0.07, minimum_calls=100)
    run(state, "S" * 93 + "F" * 6)
    assert state.state_at(0.0) == "closed"
    run(state, "F")
    assert state.state_at(0.0) == "open"


def test_rate_of_one_needs_every_call_to_fail():
    """A single success keeps it closed."""
    state = closed(failure_rate=1)
    run(state, "SFFFFFFF")
    assert state.state_at(0.0) == "closed"
    assert opened(failure_rate=1).opened == 1


def test_results_that_say_nothing_are_not_counted():
    """Cancelled calls neither open it nor make the calls enough."""
    state = closed()
    run(state, "NNNNFFF")
    assert state.stats(0.0)["circuit_calls"] == 3
    run(state, "F")
    assert state.state_at(0.0) == "open"


def test_failures_before_the_window_are_forgotten():
    """Four failures in four windows are no outage."""
    state = closed(window=10)
    for now in (0.0, 10.0, 20.0, 30.0):
        run(state, "F", now)
    assert state.state_at(30.0) == "closed"
    assert state.stats(30.0)["circuit_calls"] == 1
    assert state.stats(40.0)["circuit_calls"] == 0


def test_open_breaker_refuses_until_its_time_is_over():
    """Then it is half-open, without a call."""
    state = opened(100.0, open_seconds=2)
    for now in (100.0, 101.0, 101.99):
        assert state.state_at(now) == "open"
        assert not state.would_admit(now) and state.admit(now) == REFUSED
    assert state.state_at(102.0) == "half-open" and state.would_admit(102.0)
    assert state.refused == 3


def test_would_admit_takes_no_place():
    """A balancer asks it for several upstreams and calls one."""
    state = opened()
    assert state.would_admit(2.0) and state.would_admit(2.0)
    assert state.admit(2.0) == PROBE
    assert not state.would_admit(2.0)
    assert state.refused == 0


def test_half_open_breaker_tries_one_call_at_a_time():
    """All others are refused as long as the probe runs, however long."""
    state = opened()
    assert state.admit(2.0) == PROBE
    assert state.admit(2.0) == REFUSED and state.admit(500.0) == REFUSED
    assert state.state_at(500.0) == "half-open" and state.refused == 2


def test_success_of_the_probe_closes_it_with_an_empty_window():
    """The failures that opened it do not count twice."""
    state = opened(window=100)
    state.ended(state.admit(2.0), False, 2.5)
    assert state.state_at(2.5) == "closed"
    assert state.stats(2.5)["circuit_calls"] == 0
    run(state, "FFF", 2.5)
    assert state.state_at(2.5) == "closed"
    run(state, "F", 2.5)
    assert state.state_at(2.5) == "open"


def test_failure_of_the_probe_opens_it_for_the_same_time():
    """Counted from the probe's end."""
    state = opened()
    state.ended(state.admit(2.0), True, 7.0)
    assert state.state_at(7.0) == "open" and state.opened == 2
    assert state.admit(8.9) == REFUSED
    assert state.admit(9.0) == PROBE


def test_probe_that_says_nothing_gives_its_place_to_the_next_call():
    """A cancelled probe neither closes it nor keeps the others out."""
    state = opened()
    state.ended(state.admit(2.0), None, 2.1)
    assert state.state_at(2.1) == "half-open" and state.would_admit(2.1)
    assert state.admit(2.1) == PROBE
    assert state.admit(2.1) == REFUSED


@pytest.mark.parametrize("failed", [True, False, None])
def test_calls_from_before_the_opening_do_not_decide(failed):
    """Neither while it is open, nor while it is half-open with or without a probe."""
    state = closed()
    late = [state.admit(0.0) for _ in range(3)]
    run(state, "FFFF")
    state.ended(late.pop(), failed, 1.0)
    assert state.state_at(1.0) == "open" and state.retry_after(1.0) == 1.0
    state.ended(late.pop(), failed, 2.0)
    assert state.state_at(2.0) == "half-open"
    probe = state.admit(2.0)
    state.ended(late.pop(), failed, 2.5)
    assert state.state_at(2.5) == "half-open" and state.admit(2.5) == REFUSED
    assert state.opened == 1
    state.ended(probe, False, 3.0)
    assert state.state_at(3.0) == "closed" and state.stats(3.0)["circuit_calls"] == 0


def test_result_of_a_refused_call_is_ignored():
    """It was not made."""
    state = closed()
    for _ in range(9):
        state.ended(REFUSED, True, 0.0)
    assert state.stats(0.0)["circuit_calls"] == 0


def test_result_of_a_probe_that_has_ended_is_ignored():
    """A bug of the caller cannot close it, nor open it again."""
    state = opened()
    probe = state.admit(2.0)
    state.ended(probe, False, 2.0)
    for _ in range(9):
        state.ended(probe, True, 2.0)
    assert state.state_at(2.0) == "closed" and state.opened == 1


def test_retry_after_is_the_time_to_the_next_probe():
    """0 as soon as it may be made."""
    state = opened(10.0, open_seconds=2)
    assert state.retry_after(10.0) == 2.0 and state.retry_after(11.5) == 0.5
    assert state.retry_after(12.0) == 0.0 and state.retry_after(99.0) == 0.0
    state.admit(12.0)
    assert state.retry_after(12.0) == 0.0


def test_the_refusal_says_why_and_until_when():
    """The numbers are those that opened it, also when their window is over."""
    state = closed(minimum_calls=50, open_seconds=30)
    run(state, "S" * 13 + "F" * 37)
    assert state.refusal(1.0) == (
        "the circuit breaker is open: 37 of 50 calls failed within 10 s; "
        "the next one is tried in 29.0 s")
    assert state.refusal(29.99).endswith("; the next one is tried in 0.1 s")
    state.admit(30.0)
    assert state.refusal(30.0) == (
        "the circuit breaker is half-open: 37 of 50 calls failed within 10 s; "
        "one is being tried now")
    state.ended(PROBE, True, 31.0)
    assert state.refusal(59.8) == (
        "the circuit breaker is open: 37 of 50 calls failed within 10 s, and 1 since then; "
        "the next one is tried in 1.2 s")
    assert state.refusal(61.0) == (
        "the circuit breaker is half-open: 37 of 50 calls failed within 10 s, and 1 since then; "
        "the next one is tried")
    state.ended(state.admit(61.0), False, 61.0)
    assert state.refusal(61.0) == "the circuit breaker is closed"


def test_the_refusal_forgets_the_probes_of_an_earlier_outage():
    """It tells of the failures since the last opening only."""
    state = opened()
    state.ended(state.admit(2.0), True, 2.0)
    state.ended(state.admit(4.0), False, 4.0)
    run(state, "FFFF", 5.0)
    assert state.refusal(5.0) == (
        "the circuit breaker is open: 4 of 4 calls failed within 10 s; "
        "the next one is tried in 2.0 s")


def test_the_stats_tell_the_state_and_the_counts():
    """Of the window while closed, and of the opening from then on."""
    state = closed(minimum_calls=50)
    run(state, "S" * 13 + "F" * 36)
    assert state.stats(0.0) == {
        "circuit": "closed", "circuit_calls": 49, "circuit_failures": 36, "circuit_refused": 0,
        "circuit_opened": 0}
    run(state, "F")
    state.admit(1.0)
    expected = {
        "circuit": "open", "circuit_calls": 50, "circuit_failures": 37, "circuit_refused": 1,
        "circuit_opened": 1}
    assert state.stats(1.0) == expected
    assert state.stats(2.0) == dict(expected, circuit="half-open")
    state.ended(state.admit(2.0), True, 2.0)
    assert state.stats(2.0) == dict(expected, circuit_opened=2)
    state.ended(state.admit(4.0), False, 4.0)
    assert state.stats(4.0) == {
        "circuit": "closed", "circuit_calls": 0, "circuit_failures": 0, "circuit_refused": 1,
        "circuit_opened": 2}


def test_the_state_has_the_function_that_judges_outcomes():
    """The policy's own, or the default one."""
    assert closed().is_failure is is_failure
    assert closed(is_failure=bool).is_failure is bool
    assert ORIGIN in repr(closed())
