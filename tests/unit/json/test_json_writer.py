# -*- coding: utf-8 -*-
"""A value written in steps has the JSON, or the error, that the encoder gives it."""

from __future__ import absolute_import, division, print_function

import collections
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waterspout._encoding.bodies import LargeJSON
from waterspout._encoding.bodies import encode_json as encode_request
from waterspout._json_text import writer
from waterspout._json_text.writer import LargeValue, is_large
from waterspout.service._json_bodies.encoder import encode_json as encode_answer

SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=30), st.sampled_from([u"\ud83d", u"\u4e2d" * 40, float("nan"), b"bytes", ()]),
)
NAMES = st.text(max_size=4) | st.sampled_from([u"k" * 50, 1, None, True, 1.5])
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=8) | st.lists(inner, max_size=4).map(tuple)
    | st.lists(st.tuples(NAMES, inner), max_size=6).map(collections.OrderedDict)
    | st.dictionaries(NAMES, inner, max_size=6),
    max_leaves=40,
)


@pytest.fixture(autouse=True)
def _steps():
    usual = writer.STEP_CHARACTERS
    yield
    writer.STEP_CHARACTERS = usual


def outcome(function, *args):
    try:
        return json.loads(function(*args).decode("utf-8"), object_pairs_hook=sorted_pairs)
    except (ValueError, TypeError) as error:
        return type(error), str(error)


def sorted_pairs(pairs):
    return sorted(pairs, key=repr)  # Python 2's dict has no order that parts of it could keep.


def answer_in_steps(value):
    work = LargeValue(value, encode_answer, b",", b":")
    for _ in work.steps():
        pass
    return work.result()


def request_in_steps(value):
    work = LargeJSON(value)
    for _ in work.steps():
        pass
    return work.result().content


@given(VALUES, st.sampled_from([4, 16, 50, 1000]))
def test_json_and_error_are_those_of_json_dumps(value, step):
    """Wherever the value is taken apart."""
    writer.STEP_CHARACTERS = step
    assert outcome(answer_in_steps, value) == outcome(encode_answer, value)
    assert outcome(request_in_steps, value) == outcome(encode_request, value)


ROW = collections.OrderedDict([(u"name", u"\u4e2d"), (u"z", [1, {u"a": None}]), (u"b", u"x" * 99)])
LARGE = {
    "rows": {u"datas": [ROW] * 3000},
    "integers": [12] * 50000,
    "empty lists": [[], {}] * 30000,
    "names": collections.OrderedDict((u"%d" % n, n) for n in range(20000)),
    "one long string": u"x\n\u4e2d" * 50000,
    "a long name": {u"\u4e2d" * 100000: [u"a" * 100000]},
    "one inside the other": [[[[[u"x" * 70000, [1] * 70000]]]]],
}


@pytest.mark.parametrize("name", sorted(LARGE))
def test_large_values_are_encoded_to_the_same_bytes(name):
    """They are the same bytes, made in many steps."""
    value = LARGE[name]
    assert is_large(value)
    assert answer_in_steps(value) == encode_answer(value)
    assert request_in_steps(value) == encode_request(value)
    assert sum(1 for _ in LargeJSON(value).steps()) > 5


@pytest.mark.parametrize("value", [None, 1, u"x" * 1000, {}, {u"a": [1] * 1000}, [[[u"x"]]]])
def test_small_values_are_not_large(value):
    """They are encoded at once."""
    assert not is_large(value)


def test_a_value_that_contains_itself_is_refused():
    """In the words of the json module."""
    value = [u"x" * 70000]
    value.append(value)
    with pytest.raises(ValueError, match="Circular reference detected"):
        answer_in_steps(value)
