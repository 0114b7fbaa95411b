"""`Limits`: what it takes, and what it refuses."""

from __future__ import absolute_import, division, print_function

import pytest

from waterspout import Limits


@pytest.mark.parametrize("name", Limits.__slots__)
@pytest.mark.parametrize("value", [0, -1, float("nan"), "5", True])
def test_limit_that_allows_nothing_is_refused(name, value):
    """Every call would wait without end, or every answer would be too large."""
    with pytest.raises(ValueError) as caught:
        Limits(**{name: value})
    assert name in str(caught.value)


@pytest.mark.parametrize("name", Limits.__slots__)
def test_each_limit_is_kept_as_it_was_given(name):
    """The other limits keep their defaults."""
    given, default = Limits(**{name: 7}), Limits()
    changed = [one for one in Limits.__slots__ if getattr(given, one) != getattr(default, one)]
    assert getattr(given, name) == 7 and name in changed
    assert set(changed) <= {name, "max_connections_per_origin"}


def test_all_connections_may_go_to_one_origin():
    """Unless ``max_connections_per_origin`` says otherwise."""
    assert Limits(max_connections=3).max_connections_per_origin == 3
    assert Limits(max_connections=3, max_connections_per_origin=2).max_connections_per_origin == 2
