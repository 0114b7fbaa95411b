"""`Balancer`: what it takes, and what it refuses."""

from __future__ import absolute_import, division, print_function

import copy

import pytest

from waterspout.policies.balancer import Balancer


class NoResolver(object):
    """Its ``resolve`` is no method."""

    resolve = "10.0.0.1"


class Resolver(object):
    def resolve(self, name, port):
        raise NotImplementedError


def fails(response, error):
    return error is not None


def test_a_balancer_has_the_documented_defaults():
    """Its repr shows them all."""
    assert repr(Balancer()) == (
        "Balancer(resolver=None, ttl=30.0, max_failures=3, pause=1.0, pause_max=30.0, "
        "healthy_floor=0.5, is_failure=None)")


def test_balancers_with_equal_arguments_are_equal():
    """Copied ones too, with one hash."""
    given = Balancer(None, 5, 2, 0.5, 8, 1, fails)
    assert given == copy.copy(given) == Balancer(
        ttl=5.0, max_failures=2, pause=0.5, pause_max=8.0, healthy_floor=1.0, is_failure=fails)
    assert hash(given) == hash(copy.copy(given)) and given != Balancer()


def test_a_resolver_of_another_class_makes_another_balancer():
    """Any object with the method is taken."""
    one, other = Resolver(), Resolver()
    assert Balancer(one).resolver is one
    assert Balancer(one) == Balancer(one) != Balancer(other)


@pytest.mark.parametrize("name", ["ttl", "max_failures", "pause", "pause_max", "healthy_floor"])
@pytest.mark.parametrize("value", [0, -1, float("nan"), "5", True, None, []])
def test_number_that_makes_no_sense_is_refused_by_its_name(name, value):
    """Not silently taken as another number."""
    with pytest.raises((TypeError, ValueError)) as caught:
        Balancer(**{name: value})
    assert str(caught.value).startswith("%s=" % name)


@pytest.mark.parametrize("changes, error", [
    (dict(max_failures=2.5), TypeError), (dict(healthy_floor=1.01), ValueError),
    (dict(pause=31), ValueError), (dict(pause_max=0.5), ValueError),
    (dict(resolver=object()), TypeError), (dict(resolver=NoResolver()), TypeError),
    (dict(is_failure=500), TypeError),
])
def test_argument_of_the_wrong_kind_is_refused(changes, error):
    """The text names it."""
    with pytest.raises(error) as caught:
        Balancer(**changes)
    assert list(changes)[0] in str(caught.value)
