"""The strict JSON decoder: which bodies it accepts, and how it refuses the others."""

from __future__ import absolute_import, division, print_function

import collections
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from refused_bodies import REFUSED, nested

from waterspout.service import InvalidInput
from waterspout.service._json_bodies.checks import MAX_DEPTH, MAX_INTEGER_DIGITS
from waterspout.service._json_bodies.strict_decoder import (
    decode_json_array,
    decode_json_object,
)


@pytest.mark.parametrize("object_type", [dict, collections.OrderedDict])
@pytest.mark.parametrize("name", sorted(REFUSED))
def test_body_that_breaks_a_rule_is_refused_with_the_reason(name, object_type):
    """The sentence names the rule."""
    body, hint = REFUSED[name]
    with pytest.raises(InvalidInput) as caught:
        decode_json_object(body, object_type)
    assert hint in str(caught.value)
    assert caught.value.status_code == 400


ACCEPTED = {
    "empty": (b"{}", {}),
    "spaced": (b' \n{ "a" : 1 }\r\n', {"a": 1}),
    "raw UTF-8": (u'{"a": "\u4e2d\U0001f600"}'.encode("utf-8"), {"a": u"\u4e2d\U0001f600"}),
    "an escaped pair": (b'{"a": "\\ud83d\\ude00"}', {"a": u"\U0001f600"}),
    "what only looks like an escape": (b'{"a": "\\\\ud83d"}', {"a": u"\\ud83d"}),
    "an escaped NUL": (b'{"a": "\\u0000"}', {"a": u"\0"}),
    "long digits": (
        b'{"a": ' + b"9" * MAX_INTEGER_DIGITS + b"}",
        {"a": int("9" * MAX_INTEGER_DIGITS)},
    ),
    "the same name in two objects": (b'{"a": {"a": 1}}', {"a": {"a": 1}}),
    "deep enough": (nested(MAX_DEPTH), json.loads(nested(MAX_DEPTH).decode())),
}


@pytest.mark.parametrize("name", sorted(ACCEPTED))
def test_valid_body_is_decoded(name):
    """Values are those of the JSON text."""
    body, value = ACCEPTED[name]
    assert decode_json_object(body) == value


def test_many_siblings_do_not_count_as_depth():
    """A bulk import consists of many objects side by side."""
    value = {"datas": [{"a": [i]} for i in range(10000)]}
    assert decode_json_object(json.dumps(value).encode()) == value


def test_ordered_dict_keeps_the_order_of_names():
    """The order of the body, on every Python."""
    names = [u"z", u"a", u"m", u"b", u"y", u"c"]
    body = b"{" + b",".join(b'"' + name.encode() + b'":{"q":1}' for name in names) + b"}"
    value = decode_json_object(body, collections.OrderedDict)
    assert list(value) == names
    assert type(value[u"z"]) is collections.OrderedDict


@given(st.binary() | st.text(alphabet=u'{}[]",:\\u0dDaAeE19.- ntf').map(lambda t: t.encode()))
def test_any_bytes_give_a_dict_or_invalid_input(body):
    """No other exception."""
    for data in (body, b'{"a":' + body + b"}"):
        try:
            assert isinstance(decode_json_object(data), dict)
        except InvalidInput:
            pass


@pytest.mark.parametrize(
    "body, hint",
    [
        (b"", "JSON array"),
        (b"{}", "not an array"),
        (b"1", "not an array"),
        (b"[1] x", "not JSON"),
        (b"[NaN]", "NaN"),
        (b'[{"a": 1, "a": 2}]', "twice"),
        (b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), "deeper"),
    ],
)
def test_array_is_decoded_as_strictly_as_an_object(body, hint):
    """The same rules and sentences."""
    assert decode_json_array(b'[{"a": [1]}, null]') == [{"a": [1]}, None]
    with pytest.raises(InvalidInput) as caught:
        decode_json_array(body)
    assert hint in str(caught.value)
