"""`CircuitBreaker`: what it takes, what it refuses, and that it is a value."""

from __future__ import absolute_import, division, print_function

import copy
import pickle

import pytest

from waterspout.policies.circuit_breaker import CircuitBreaker, is_failure

INFINITE = float("inf")
NAN = float("nan")

REFUSED = [
    ("failure_rate", 0), ("failure_rate", -0.5), ("failure_rate", 1.01), ("failure_rate", NAN),
    ("minimum_calls", 0), ("minimum_calls", -1),
    ("window", 0), ("window", -1), ("window", NAN), ("window", INFINITE), ("window", 0.001),
    ("open_seconds", 0), ("open_seconds", -1), ("open_seconds", NAN), ("open_seconds", INFINITE),
]
WRONG_TYPES = [
    (name, value)
    for name in ("failure_rate", "minimum_calls", "window", "open_seconds")
    for value in (None, True, "1", b"1", [1])
] + [
    ("minimum_calls", 1.5), ("minimum_calls", INFINITE), ("is_failure", "500"), ("is_failure", 500),
    ("listeners", None), ("listeners", print), ("listeners", "print"), ("listeners", [None]),
]


def noted(change):
    """A listener that can be pickled."""


@pytest.mark.parametrize("name, value", REFUSED)
def test_circuit_breaker_refuses_a_number_out_of_range_and_names_it(name, value):
    """A ValueError says which argument, what it was, and what to give."""
    with pytest.raises(ValueError) as caught:
        CircuitBreaker(**{name: value})
    assert str(caught.value).startswith("%s=%r: give " % (name, value))


@pytest.mark.parametrize("name, value", WRONG_TYPES)
def test_circuit_breaker_refuses_another_type_and_names_it(name, value):
    """A TypeError says which argument."""
    with pytest.raises(TypeError) as caught:
        CircuitBreaker(**{name: value})
    assert str(caught.value).startswith(name)


def test_circuit_breaker_keeps_what_it_is_given():
    """Its fields have the arguments' names; the listeners become a tuple."""
    policy = CircuitBreaker(1, 1, 60, 5, is_failure, [noted])
    assert policy.failure_rate == 1.0 and type(policy.failure_rate) is float
    assert policy.minimum_calls == 1
    assert policy.window == 60.0 and type(policy.window) is float
    assert policy.open_seconds == 5.0
    assert policy.is_failure is is_failure
    assert policy.listeners == (noted,)


def test_circuit_breaker_has_defaults_for_all():
    """Half of 20 calls within 10 s, and 2 s of rest."""
    assert CircuitBreaker() == CircuitBreaker(0.5, 20, 10.0, 2.0, None, ())


def test_equal_circuit_breakers_are_one_value():
    """They are compared, hashed, copied and pickled by their fields."""
    policy = CircuitBreaker(window=20, is_failure=is_failure, listeners=[noted])
    same = CircuitBreaker(window=20.0, is_failure=is_failure, listeners=(noted,))
    assert policy == same and not policy != same and hash(policy) == hash(same)
    assert policy != CircuitBreaker(window=21) and policy != "a policy"
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(policy, protocol)) == policy
    assert copy.deepcopy(policy) == policy


def test_circuit_breaker_cannot_be_changed():
    """Calls that share one cannot change it for each other."""
    policy = CircuitBreaker()
    with pytest.raises(AttributeError):
        policy.window = 5
    with pytest.raises(AttributeError):
        del policy.window
    with pytest.raises(AttributeError):
        policy.another = 5


def test_the_repr_of_a_circuit_breaker_makes_it_again():
    """It shows each argument."""
    policy = CircuitBreaker(0.25, 5)
    assert repr(policy) == (
        "CircuitBreaker(failure_rate=0.25, minimum_calls=5, window=10.0, open_seconds=2.0, "
        "is_failure=None, listeners=())")
    assert eval(repr(policy)) == policy
