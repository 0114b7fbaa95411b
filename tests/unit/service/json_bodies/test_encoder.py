"""JSON of responses."""

from __future__ import absolute_import, division, print_function

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waterspout import EncodedJSON
from waterspout.service._json_bodies.encoder import encode_json
from waterspout.service._json_bodies.strict_decoder import decode_json_object

pytestmark = pytest.mark.slow

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


def test_text_is_encoded_as_utf8_without_escapes():
    """Half a surrogate pair, which UTF-8 cannot represent, stays escaped."""
    assert encode_json({"a": u"\u4e2d"}) == u'{"a":"\u4e2d"}'.encode("utf-8")
    assert json.loads(encode_json([u"\ud83d\u4e2d"]).decode("utf-8")) == [u"\ud83d\u4e2d"]


def test_nan_is_not_encoded():
    """JSON has no NaN."""
    with pytest.raises(ValueError):
        encode_json({"a": float("nan")})


def test_json_that_is_encoded_already_is_returned_as_it_is():
    """A handler passes on what another service has answered."""
    content = b'{"a" : 1.10}'
    assert encode_json(EncodedJSON(content)) is content


@pytest.mark.parametrize("text", [u"\ud800", u"a\udfff", u"\ud800\u4e2d"])
def test_half_a_surrogate_pair_is_an_escape(text):
    """Its bytes would not be UTF-8; Python 2 writes them nevertheless."""
    encoded = encode_json([text])
    assert json.loads(encoded.decode("ascii")) == [text]
