"""A call's parameters over the session's."""

from __future__ import absolute_import, division, print_function

import pytest

from waterspout.models.merging import merge_params


@pytest.mark.parametrize("defaults, given, merged", [
    (None, None, None), ({}, None, None), ({"a": 1}, None, {"a": 1}), (None, {"a": 1}, {"a": 1}),
    ({"a": 1, "b": 1}, {"a": 2}, {"a": 2, "b": 1}), ({"a": 1, "b": 1}, {"a": None}, {"b": 1}),
    ({"a": 1}, "b=2", "b=2"), ([("a", 1)], {"b": 2}, {"b": 2}), ({"a": 1}, {}, {"a": 1}),
    ({"a": 1}, [("b", 2)], [("b", 2)]),
])
def test_parameters_are_merged_where_both_are_mappings(defaults, given, merged):
    """As in requests; otherwise the call's count alone."""
    assert (merge_params(defaults, given) or None) == merged


def test_nothing_that_is_merged_is_changed():
    """Both may be used again."""
    defaults, given = {"a": 1}, {"a": None, "b": 2}
    assert merge_params(defaults, given) == {"b": 2}
    assert (defaults, given) == ({"a": 1}, {"a": None, "b": 2})
