from __future__ import absolute_import, division, print_function

import itertools
import random

import pytest
from fuzz_wire import METHODS, check
from hypothesis import given
from hypothesis import strategies as st
from wire_fragments import FRAGMENTS, SEEDS

choices = st.integers(min_value=0, max_value=0xffff)
messages = st.lists(st.sampled_from(FRAGMENTS), max_size=25).map(b"".join)


@given(choices, st.binary(max_size=60))
def test_any_bytes_in_any_slices(choice, data):
    """Events or RemoteProtocolError, nothing else, and the same however they are sliced."""
    check(choice, data)


@given(choices, messages)
def test_any_fragments_in_any_slices(choice, data):
    """The same with bytes that come further."""
    check(choice, data)


@given(choices, st.sampled_from(SEEDS), messages)
def test_any_bytes_behind_a_response(choice, seed, data):
    """The same behind the end, and inside of bodies that have none."""
    check(choice, seed + data)


@given(choices, st.sampled_from(SEEDS), st.data())
def test_any_damage_to_a_response(choice, seed, data):
    """The same with a piece cut out and another put in its place."""
    start = data.draw(st.integers(0, len(seed)))
    stop = data.draw(st.integers(start, min(len(seed), start + 5)))
    check(choice, seed[:start] + data.draw(messages | st.binary(max_size=3)) + seed[stop:])


@pytest.mark.parametrize("seed", range(len(SEEDS)))
def test_many_small_mutations(seed):
    """A thousand mutations of each seed, the same ones in every run."""
    dice = random.Random(seed)
    for choice, _ in itertools.product(range(0, 128, 16), range(len(METHODS) * 40)):
        data = bytearray(SEEDS[seed])
        for _ in range(dice.randrange(1, 4)):
            at = dice.randrange(len(data))
            data[at:at + dice.randrange(3)] = bytearray(dice.choice(FRAGMENTS))
        check(choice + dice.randrange(3) + 256 * dice.randrange(7), bytes(data))
