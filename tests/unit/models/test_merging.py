"""A call's headers and parameters over the session's."""

from __future__ import absolute_import, division, print_function

import pytest

from waterspout.exceptions import InvalidHeader
from waterspout.models.merging import merge_headers, merge_params
from waterspout.structures import Headers


@pytest.mark.parametrize("given", [{"b": "2", "C": "3"}, [("b", "2"), ("C", "3")],
                                   Headers([("b", "2"), ("C", "3")])])
def test_a_header_of_the_call_replaces_the_sessions(given):
    """Whatever its case; the others stay, and the session's are not changed."""
    defaults = Headers([("A", "1"), ("B", "1")])
    assert dict(merge_headers(defaults, given).lower_items()) == {"a": "1", "b": "2", "c": "3"}
    assert dict(defaults) == {"A": "1", "B": "1"}


def test_none_removes_a_header():
    """Also one that the session does not have."""
    merged = merge_headers(Headers([("A", "1"), ("B", "1")]), {"a": None, "C": None})
    assert dict(merged) == {"B": "1"}


@pytest.mark.parametrize("name", ["", "a b", "a:b", "a\r\n", u"\xe9"])
def test_a_name_that_is_no_token_is_refused(name):
    """InvalidHeader."""
    with pytest.raises(InvalidHeader):
        merge_headers(Headers(), {name: "1"})


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
