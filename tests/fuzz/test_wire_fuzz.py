from __future__ import absolute_import, division, print_function

import itertools
import random

import fuzz_requests
import fuzz_wire
import pytest
import request_fragments
import wire_fragments
from hypothesis import given
from hypothesis import strategies as st

choices = st.integers(min_value=0, max_value=0xffff)


class Role(object):
    """One side of a connection: what checks its bytes, and what they are made of."""

    def __init__(self, check, material):
        self.check = check
        self.seeds = material.SEEDS
        self.fragments = material.FRAGMENTS
        self.messages = st.lists(st.sampled_from(material.FRAGMENTS), max_size=25).map(b"".join)


CLIENT = Role(fuzz_wire.check, wire_fragments)
SERVER = Role(fuzz_requests.check, request_fragments)
both_roles = pytest.mark.parametrize("role", [CLIENT, SERVER], ids=["client", "server"])


@both_roles
@given(choice=choices, data=st.binary(max_size=60))
def test_any_bytes_in_any_slices(role, choice, data):
    """Events or RemoteProtocolError, nothing else, and the same however they are sliced."""
    role.check(choice, data)


@both_roles
@given(choice=choices, data=st.data())
def test_any_fragments_in_any_slices(role, choice, data):
    """The same with bytes that come further."""
    role.check(choice, data.draw(role.messages))


@both_roles
@given(choice=choices, data=st.data())
def test_any_bytes_behind_a_message(role, choice, data):
    """The same behind the end, and inside of bodies that have none."""
    role.check(choice, data.draw(st.sampled_from(role.seeds)) + data.draw(role.messages))


@both_roles
@given(choice=choices, data=st.data())
def test_any_damage_to_a_message(role, choice, data):
    """The same with a piece cut out and another put in its place."""
    seed = data.draw(st.sampled_from(role.seeds))
    start = data.draw(st.integers(0, len(seed)))
    stop = data.draw(st.integers(start, min(len(seed), start + 5)))
    role.check(choice, seed[:start] + data.draw(role.messages | st.binary(max_size=3))
               + seed[stop:])


@pytest.mark.parametrize("role, seed", [
    (role, seed) for role in (CLIENT, SERVER) for seed in range(len(role.seeds))])
def test_many_small_mutations(role, seed):
    """A thousand mutations of each seed, the same ones in every run."""
    dice = random.Random(seed)
    for choice, _ in itertools.product(range(0, 128, 16), range(120)):
        data = bytearray(role.seeds[seed])
        for _ in range(dice.randrange(1, 4)):
            at = dice.randrange(len(data))
            data[at:at + dice.randrange(3)] = bytearray(dice.choice(role.fragments))
        role.check(choice + dice.randrange(3) + 256 * dice.randrange(7), bytes(data))
