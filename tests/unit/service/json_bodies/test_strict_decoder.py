"""The strict JSON decoder: which bodies it accepts, and how it refuses the others."""

from __future__ import absolute_import, division, print_function

import collections
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from json_texts import TEXTS, damaged

from waterspout._json_text import reader as json_reader
from waterspout.service import InvalidInput
from waterspout.service._json_bodies import large_body
from waterspout.service._json_bodies.checks import MAX_DEPTH, MAX_INTEGER_DIGITS
from waterspout.service._json_bodies.encoder import encode_json
from waterspout.service._json_bodies.large_body import LargeBody
from waterspout.service._json_bodies.strict_decoder import (
    as_object,
    decode_json_array,
    decode_json_object,
)


def nested(depth):
    """An object that is ``depth`` containers deep."""
    return b'{"a":' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}"


REFUSED = {
    "nothing": (b"", "empty"),
    "white space": (b" \r\n\t ", "empty"),
    "a word": (b"hello", "not JSON"),
    "a form": (b"a=1&b=2", "not JSON"),
    "cut short": (b'{"a": [1, 2', "not JSON"),
    "something after it": (b'{"a": 1} {"b": 2}', "not JSON"),
    "a trailing comma": (b'{"a": 1,}', "not JSON"),
    "single quotes": (b"{'a': 1}", "not JSON"),
    "a raw newline in a string": (b'{"a": "b\nc"}', "not JSON"),
    "a raw NUL in a string": (b'{"a": "b\0c"}', "not JSON"),
    "a bad escape": (b'{"a": "\\x41"}', "not JSON"),
    "an array": (b"[]", "not an object"),
    "a string": (b'"a"', "not an object"),
    "a number": (b"1", "not an object"),
    "null": (b"null", "not an object"),
    "a byte order mark": (b"\xef\xbb\xbf{}", "byte order mark"),
    "UTF-16": (u"{}".encode("utf-16"), "not UTF-8"),
    "latin-1": (b'{"a": "\xe9"}', "not UTF-8"),
    "an overlong form": (b'{"a": "\xc0\xaf"}', "not UTF-8"),
    "beyond Unicode": (b'{"a": "\xf5\x80\x80\x80"}', "not UTF-8"),
    "a raw surrogate": (b'{"a": "\xed\xa0\x80"}', "not UTF-8"),
    "half a pair": (b'{"a": "\\ud83d"}', "surrogate"),
    "the other half": (b'{"a": "\\uDE00"}', "surrogate"),
    "a pair the wrong way round": (b'{"a": "\\ude00\\ud83d"}', "surrogate"),
    "half a pair as a name": (b'{"\\ud83d": 1}', "surrogate"),
    "a name twice": (b'{"a": 1, "a": 2}', "twice"),
    "a name twice further in": (b'{"x": [{"a": 1, "b": 0, "a": 1}]}', "twice"),
    "a name twice, once escaped": (b'{"a": 1, "\\u0061": 2}', "twice"),
    "NaN": (b'{"a": NaN}', "NaN"),
    "Infinity": (b'{"a": -Infinity}', "Infinity"),
    "an overflowing number": (b'{"a": 1e999}', "out of range"),
    "a negative one": (b'{"a": -1e999}', "out of range"),
    "an endless integer": (b'{"a": ' + b"9" * 100000 + b"}", "digits"),
    "one level too many": (nested(MAX_DEPTH + 1), "deeper"),
    "one object too many": (
        b'{"a":' * (MAX_DEPTH + 1) + b"1" + b"}" * (MAX_DEPTH + 1),
        "deeper",
    ),
    "very deep": (nested(5000), "deeper"),
    "very deep and unclosed": (b'{"a":' + b"[" * 100000, "deeper"),
}


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


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
    max_leaves=20,
)


@given(st.dictionaries(st.text(), JSON_VALUES))
def test_encoded_value_decodes_to_an_equal_one(value):
    """encode_json and decode_json_object are inverse."""
    assert decode_json_object(encode_json(value)) == value


@given(st.binary() | st.text(alphabet=u'{}[]",:\\u0dDaAeE19.- ntf').map(lambda t: t.encode()))
def test_any_bytes_give_a_dict_or_invalid_input(body):
    """No other exception."""
    for data in (body, b'{"a":' + body + b"}"):
        try:
            assert isinstance(decode_json_object(data), dict)
        except InvalidInput:
            pass


def test_text_is_encoded_as_utf8_without_escapes():
    """Half a surrogate pair, which UTF-8 cannot represent, stays escaped."""
    assert encode_json({"a": u"\u4e2d"}) == u'{"a":"\u4e2d"}'.encode("utf-8")
    assert json.loads(encode_json([u"\ud83d\u4e2d"]).decode("utf-8")) == [u"\ud83d\u4e2d"]


def test_nan_is_not_encoded():
    """JSON has no NaN."""
    with pytest.raises(ValueError):
        encode_json({"a": float("nan")})


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


@pytest.fixture
def small_steps():
    """Call it with a length: steps so short that every text takes many."""
    usual = json_reader.STEP_CHARACTERS, large_body._STEP_BYTES

    def shorten(step):
        json_reader.STEP_CHARACTERS = large_body._STEP_BYTES = step

    yield shorten
    shorten(usual[0])
    large_body._STEP_BYTES = usual[1]


def outcome(decode, body, *args):
    """The decoded value as text, in which 1, 1.0 and true differ; or the refusal."""
    try:
        return json.dumps(decode(body, *args), sort_keys=True)
    except InvalidInput as error:
        return error.why


def decode_in_steps(body, object_type=dict):
    work = LargeBody(body, object_type)
    for _ in work.steps():
        pass
    return as_object(work.result())


@pytest.mark.parametrize("step", [16, 50, 16384])
@pytest.mark.parametrize("name", sorted(REFUSED))
def test_decoding_in_steps_refuses_with_the_same_sentence(small_steps, name, step):
    """An empty body is not decoded in steps."""
    small_steps(step)
    body = REFUSED[name][0]
    if body.strip():
        assert outcome(decode_in_steps, body) == outcome(decode_json_object, body)
    body = b'{"a": [' + b"%s, " % json.dumps("x" * 50).encode() * 9 + body + b"]}"
    assert outcome(decode_in_steps, body) == outcome(decode_json_object, body)


@given(TEXTS | damaged(), st.sampled_from([16, 24, 64, 1024]), st.booleans())
def test_decoding_in_steps_gives_the_same_value_for_any_text(text, step, ordered):
    """Value, order of names and refusal, wherever the text is cut."""
    json_reader.STEP_CHARACTERS = large_body._STEP_BYTES = step
    try:
        object_type = collections.OrderedDict if ordered else dict
        body = (u'{"a": %s}' % text).encode("utf-8")
        assert outcome(decode_in_steps, body, object_type) == outcome(
            decode_json_object, body, object_type)
        if ordered:
            assert names_of(decode_in_steps, body) == names_of(decode_json_object, body)
    finally:
        json_reader.STEP_CHARACTERS, large_body._STEP_BYTES = 16 * 1024, 256 * 1024


def names_of(decode, body):
    try:
        return json.dumps(decode(body, collections.OrderedDict))
    except InvalidInput:
        return None


@given(st.binary(max_size=60), st.sampled_from([4, 7, 64]))
def test_decoding_in_steps_gives_the_same_outcome_for_any_bytes(data, step):
    """Including partly valid UTF-8, cut within a character."""
    large_body._STEP_BYTES = step
    try:
        body = b'{"a": "' + data + b'"}'
        assert outcome(decode_in_steps, body) == outcome(decode_json_object, body)
    finally:
        large_body._STEP_BYTES = 256 * 1024


@pytest.mark.parametrize("levels", [MAX_DEPTH - 1, MAX_DEPTH, MAX_DEPTH + 1, 900])
@pytest.mark.parametrize("inside", [b"", b'"%s"' % (b"x" * 20000), b"1," * 9000 + b"1"])
def test_decoding_in_steps_counts_depth_the_same(levels, inside):
    """Whether containers were walked through or decoded at once."""
    body = b'{"a":' + b"[" * (levels - 1) + inside + b"]" * (levels - 1) + b"}"
    assert outcome(decode_in_steps, body) == outcome(decode_json_object, body)


def test_decoding_in_steps_refuses_endless_nesting():
    """Before memory runs out."""
    assert "deeper" in outcome(decode_in_steps, b'{"a":' + b"[" * 1000000)
