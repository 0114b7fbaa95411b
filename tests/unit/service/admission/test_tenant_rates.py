"""Rates of tenants, against token buckets in exact arithmetic."""

from __future__ import absolute_import, division, print_function

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waterspout.service import RateLimit
from waterspout.service._admission.tenant_rates import TenantRates


class Bucket(object):
    """A token bucket as textbooks have it."""

    def __init__(self, rate, burst, now):
        self.rate, self.burst, self.tokens, self.at = rate, burst, Fraction(burst), now

    def take(self, now):
        self.tokens = min(Fraction(self.burst), self.tokens + (now - self.at) * self.rate)
        self.at = now
        if self.tokens >= 1:
            self.tokens -= 1
            return 0
        return (1 - self.tokens) / self.rate


# Times in eighths and rates that are powers of two: floats hold both exactly.
EVENTS = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 12)), max_size=60)


@given(EVENTS, st.sampled_from([0.25, 1.0, 2.0, 8.0]), st.integers(1, 5))
def test_each_tenant_has_a_token_bucket(events, rate, burst):
    """What is allowed, and after how many seconds the next one is."""
    rates, buckets, now = TenantRates(RateLimit(rate, burst)), {}, Fraction(1000)
    for tenant, eighths in events:
        now += Fraction(eighths, 8)
        bucket = buckets.setdefault(tenant, Bucket(Fraction(rate), burst, now))
        expected = bucket.take(now)
        assert rates.take(tenant, float(now)) == pytest.approx(float(expected), abs=0.01 / rate)
        assert len(rates) == len(buckets)


@pytest.mark.parametrize("rate", [0.1, 3.0, 7.3, 1000.0 / 3])
@pytest.mark.parametrize("now", [0.0, 12345.678, 9e6 + 0.1])
def test_burst_is_allowed_whole_for_any_rate(rate, now):
    """Rounding must not cost a token."""
    rates = TenantRates(RateLimit(rate, 100))
    assert [rates.take("a", now) for _ in range(100)] == [0] * 100
    assert rates.take("a", now) == pytest.approx(1 / rate, rel=0.01)


def test_refused_request_costs_no_token():
    """A client that asks too often gets its rate all the same."""
    rates = TenantRates(RateLimit(1, 1))
    allowed = sum(not rates.take("a", 1000 + n / 8.0) for n in range(8 * 60))
    assert allowed == 60


@given(st.lists(st.integers(0, 8), max_size=40))
def test_only_the_last_tenants_are_remembered(tenants):
    rates = TenantRates(RateLimit(0.001, 1, max_tenants=3))
    last = []  # The remembered tenants, the last one at the end.
    for tenant in tenants:
        assert (rates.take(tenant, 1000.0) > 0) == (tenant in last)
        if tenant in last:
            last.remove(tenant)
        last = (last + [tenant])[-3:]
        assert len(rates) == len(last)
