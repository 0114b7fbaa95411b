"""`BreakerState` against a model that keeps every result and looks through all of them."""

from __future__ import absolute_import, division, print_function

from hypothesis import given
from hypothesis import strategies as st

from waterspout.policies.circuit_breaker import (
    ADMITTED,
    PROBE,
    REFUSED,
    BreakerState,
    CircuitBreaker,
)

WINDOW, OPEN_SECONDS = 10, 2

# Eighths of a second are exact, so that the model rounds nothing.
pauses = st.one_of(st.just(0), st.integers(0, 10), st.integers(0, 120)).map(lambda each: each / 8)
outcomes = st.sampled_from([True, True, False, None])
steps = st.lists(
    st.tuples(pauses, st.sampled_from(["call", "begin", "begin", "end", "end"]), outcomes,
              st.integers(0, 100)),
    min_size=20, max_size=150)


class Model(object):
    """The rules in the plainest words: no buckets, no totals."""

    def __init__(self, rate, minimum):
        self.rate, self.minimum = rate, minimum
        self.results = []  # Since it was closed: (time, failed).
        self.opened_at = None
        self.probes = 0

    def state(self, now):
        if self.opened_at is None:
            return "closed"
        return "open" if now < self.opened_at + OPEN_SECONDS else "half-open"

    def admit(self, now):
        if self.state(now) == "closed":
            return ADMITTED
        if self.state(now) == "half-open" and not self.probes:
            self.probes += 1
            return PROBE
        return REFUSED

    def ended(self, ticket, failed, now):
        if ticket == PROBE:
            self.probes -= 1
            if failed:
                self.opened_at = now
            elif failed is not None:
                self.opened_at, self.results = None, []
        elif self.state(now) == "closed" and failed is not None:
            self.results.append((now, failed))
            lately = self.lately(now)
            if len(lately) >= self.minimum and sum(lately) / len(lately) >= self.rate:
                self.opened_at = now

    def lately(self, now):
        """The results within the window, which moves in steps of a second."""
        return [failed for time, failed in self.results if int(time) > int(now) - WINDOW]


@given(st.sampled_from([0.1, 0.5, 1.0]), st.integers(1, 8), st.integers(0, 50), steps)
def test_breaker_decides_as_the_model_does(rate, minimum, start, steps):
    """After any calls, which overlap, end in any order, and of which some say nothing."""
    changes = []
    state = BreakerState(
        CircuitBreaker(rate, minimum, WINDOW, OPEN_SECONDS, listeners=[changes.append]), "origin")
    model, running, refused, now = Model(rate, minimum), [], 0, float(start)
    for pause, what, failed, which in steps:
        now += pause
        if what != "end":
            assert state.would_admit(now) == (
                model.state(now) == "closed" or model.state(now) == "half-open"
                and not model.probes)
            ticket = state.admit(now)
            assert ticket == model.admit(now)
            if ticket != REFUSED:
                running.append(ticket)
            refused += ticket == REFUSED
        if running and what != "begin":
            ticket = running.pop(-1 if what == "call" else which % len(running))
            state.ended(ticket, failed, now)
            model.ended(ticket, failed, now)
        stats = state.stats(now)
        assert state.state_at(now) == stats["circuit"] == model.state(now)
        assert stats["circuit_refused"] == refused
        assert running.count(PROBE) <= 1
        if model.opened_at is None:
            assert state.retry_after(now) == 0
            lately = model.lately(now)
            assert stats["circuit_calls"] == len(lately)
            assert stats["circuit_failures"] == sum(lately)
        else:
            assert state.retry_after(now) == max(0, model.opened_at + OPEN_SECONDS - now)
            assert model.state(now) in state.refusal(now)
    # Each change begins where the one before it ended.
    assert [each.before for each in changes] == (["closed"] + [
        each.after for each in changes])[:len(changes)]
    assert stats["circuit_opened"] == sum(each.after == "open" for each in changes)
