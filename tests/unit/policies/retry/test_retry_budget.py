"""RetryBudget and BudgetState: how many retries an upstream gets."""

from __future__ import absolute_import, division, print_function

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waterspout.policies.retry import BudgetState, RetryBudget


def test_a_new_budget_has_a_burst_and_then_no_more():
    """Nothing is added without calls; each refusal is counted."""
    state = BudgetState(RetryBudget(ratio=0.5, burst=3))
    assert [state.take() for _ in range(5)] == [True, True, True, False, False]
    assert (state.tokens, state.retries, state.refused) == (0, 3, 2)


def test_calls_add_their_ratio_and_no_more_than_the_burst():
    """A quiet day does not save up retries for a storm."""
    state = BudgetState(RetryBudget(ratio=0.5, burst=3))
    for _ in range(1000):
        state.call_begun()
    assert state.tokens == 3
    assert state.take()
    state.call_begun()
    assert state.tokens == 2.5


def test_ten_calls_earn_one_retry_although_a_tenth_is_not_exact():
    """In binary ten times 0.1 is less than 1."""
    state = BudgetState(RetryBudget(ratio=0.1, burst=10))
    while state.take():
        pass
    for _ in range(100):
        for _ in range(9):
            state.call_begun()
            assert not state.take()
        state.call_begun()
        assert state.take()
        assert not state.take()
    assert state.tokens >= 0


def test_if_all_calls_fail_the_upstream_gets_a_tenth_more():
    """In the long run, with two retries wanted for each call."""
    state = BudgetState(RetryBudget())
    for _ in range(10000):
        state.call_begun()
        for _ in range(2):
            if not state.take():
                break
    assert 1000 <= state.retries <= 1010


def test_states_of_one_policy_are_independent():
    """The default budget is one object for all upstreams."""
    policy = RetryBudget()
    one, other = BudgetState(policy), BudgetState(policy)
    one.take()
    assert (one.tokens, other.tokens) == (9, 10)


@given(st.sampled_from([0.05, 0.1, 0.3, 1 / 3, 1]), st.integers(1, 5),
       st.lists(st.booleans(), max_size=200))
def test_a_budget_agrees_with_exact_counting(ratio, burst, steps):
    """Against a model whose shares are whole numbers."""
    state = BudgetState(RetryBudget(ratio, burst))
    unit = 60
    share = int(round(ratio * unit))
    tokens = burst * unit
    for is_call in steps:
        if is_call:
            state.call_begun()
            tokens = min(burst * unit, tokens + share)
        else:
            assert state.take() is (tokens >= unit)
            tokens -= unit if tokens >= unit else 0
        assert abs(state.tokens - tokens / unit) < 1e-6
        assert 0 <= state.tokens <= burst


@pytest.mark.parametrize("arguments, error", [
    ({"ratio": 0}, ValueError), ({"ratio": -0.1}, ValueError), ({"ratio": 1.1}, ValueError),
    ({"ratio": float("nan")}, ValueError), ({"ratio": True}, TypeError),
    ({"ratio": "0.1"}, TypeError), ({"ratio": None}, TypeError),
    ({"burst": 0}, ValueError), ({"burst": -1}, ValueError), ({"burst": 1.5}, TypeError),
    ({"burst": True}, TypeError), ({"burst": None}, TypeError)])
def test_a_budget_refuses_what_is_no_share_or_no_number(arguments, error):
    """The text has the argument."""
    with pytest.raises(error, match=list(arguments)[0] + "="):
        RetryBudget(**arguments)


def test_a_budget_is_a_value():
    """Compared, hashed, shown, pickled and copied by its arguments."""
    budget = RetryBudget(ratio=0.25, burst=4)
    assert repr(budget) == "RetryBudget(ratio=0.25, burst=4)"
    assert budget == RetryBudget(0.25, 4) != RetryBudget(0.25, 5)
    assert hash(budget) == hash(RetryBudget(0.25, 4))
    assert pickle.loads(pickle.dumps(budget, 2)) == copy.deepcopy(budget) == budget
    with pytest.raises(AttributeError, match="immutable"):
        budget.burst = 5
