"""The first so many names, and "other" for the rest."""

from __future__ import absolute_import, division, print_function

from waterspout.instrumentation.bounded_names import BoundedNames


def test_names_beyond_the_limit_are_other():
    """Those that came before stay themselves."""
    names = BoundedNames(2)
    assert [names.of(each) for each in "abcabd"] == ["a", "b", "other", "a", "b", "other"]


def test_none_is_allowed_with_zero():
    """All are "other"."""
    assert BoundedNames(0).of("a") == "other"
