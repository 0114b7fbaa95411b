"""Decoding in steps gives the same values and refusals as decoding at once."""

from __future__ import absolute_import, division, print_function

import collections
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from json_texts import TEXTS, damaged
from refused_bodies import REFUSED

from waterspout._json_text import reader as json_reader
from waterspout.service import InvalidInput
from waterspout.service._json_bodies import large_body
from waterspout.service._json_bodies.checks import MAX_DEPTH
from waterspout.service._json_bodies.large_body import LargeBody
from waterspout.service._json_bodies.strict_decoder import as_object, decode_json_object


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
