"""Short JSON texts are decoded as `json.loads` decodes them."""

from __future__ import absolute_import, division, print_function

import json

import pytest

from waterspout._json_text.loads import loads

VALUES = [u"{}", u"[1, 2.5, null]", u'"text"', u"1", u"NaN", u'{"a": {"b": [true, ""]}}']
SPACES = [u"", u" ", u"\n", u"\r\n", u"\t \n", u"\x0b", u"\xa0", u"\x00", u"\ufeff"]
WRONG = [u"", u"{", u"[1,]", u"{}x", u"[1] [2]", u"1 2", u"nul", u"'a'", u"[" * 100000]


def outcome(decode, text):
    try:
        return repr(decode(text))
    except (ValueError, RuntimeError) as error:
        return type(error), str(error)


@pytest.mark.parametrize("value", VALUES)
def test_whitespace_around_a_value_is_what_json_allows(value):
    """Four characters, before and after it."""
    for before in SPACES:
        for after in SPACES:
            text = before + value + after
            assert outcome(loads, text) == outcome(json.loads, text)


@pytest.mark.parametrize("text", WRONG)
def test_errors_are_those_of_json(text):
    """The same class and text."""
    assert isinstance(outcome(loads, text), tuple)
    assert outcome(loads, text) == outcome(json.loads, text)
