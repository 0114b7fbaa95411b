# -*- coding: utf-8 -*-
"""How rows become batches, and how failed ones are found again."""

from __future__ import absolute_import, division, print_function

import pytest

from waterspout_cmdb.bulk.sending import Batch, Batcher, Limits
from waterspout_cmdb.bulk.sending.failed_rows import find_failed


class Wanting(object):
    def __init__(self, wanted_rows, **limits):
        self.wanted_rows = wanted_rows
        self.limits = Limits(**limits)


def rows(*sizes):
    return [(number, (number,), b"x" * size) for number, size in enumerate(sizes, 2)]


@pytest.mark.parametrize("sizes, wanted, max_bytes, expected", [
    ([1] * 5, 2, 100, [2, 2, 1]),
    ([1] * 4, 2, 100, [2, 2]),
    ([60, 50, 50, 1], 9, 100, [1, 2, 1]),
    ([500, 1, 500], 9, 100, [1, 1, 1]),
    ([500], 9, 100, [1]),
    ([500, 500], 1, 100, [1, 1]),
    ([60, 60, 60], 1, 100, [1, 1, 1]),
    ([], 9, 100, []),
])
def test_by_rows_and_by_bytes(sizes, wanted, max_bytes, expected):
    """No row is left out or changes its place; a long one is alone."""
    batches = list(Batcher(Wanting(wanted, max_bytes=max_bytes)).batches(rows(*sizes)))
    assert [len(batch) for batch in batches] == expected
    assert [row for batch in batches for row in batch.rows] == rows(*sizes)
    assert sum(batch.size for batch in batches) == sum(sizes)


def test_the_sender_is_asked_for_each_row():
    """It may have become slower since the batch was begun."""
    sender = Wanting(3)
    batcher = Batcher(sender)
    assert batcher.add(1, (1,), b"a") is None
    sender.wanted_rows = 1
    batch = batcher.add(2, (2,), b"b")
    assert batch.rows == [(1, (1,), b"a")]
    assert batcher.rest().rows == [(2, (2,), b"b")] and batcher.rest() is None


def test_a_batch_says_which_rows_it_has():
    """By their numbers in the file."""
    batch = Batch(rows(3, 4))
    assert (batch.first_row, batch.last_row, batch.size, len(batch)) == (2, 3, 7, 2)
    assert repr(batch) == "<Batch of rows 2 to 3: 2 rows, 7 bytes>"


def sent(*keys):
    return [(number, key, b"{}") for number, key in enumerate(keys, 2)]


@pytest.mark.parametrize("key, shown, is_found", [
    ((u"主",), {u"n": u"主"}, True), ((4,), {"n": 4.0}, True), ((4,), {"n": u"4"}, True),
    ((4.0,), {"n": u"4"}, True), ((u"4",), {"n": 4}, True), ((u"4.0",), {"n": 4}, True),
    ((True,), {"n": u"true"}, True), ((True,), {"n": True}, True), ((1,), {"n": True}, False),
    ((u"a",), {"n": u"A"}, False), ((u"a",), {}, False), ((u"a",), {"n": [u"a"]}, False),
    ((u"a",), None, False), ((u"a",), {"n": {"x": 1}}, False), ((u"a",), {"n": None}, False),
    ((2**63,), {"n": 2**63}, True), ((0.5,), {"n": u"0.5"}, True), ((1e300,), {"n": 1e300}, True),
])
def test_a_failed_row_is_found_by_its_key(key, shown, is_found):
    """Also as the CMDB has converted it; not by what only looks alike."""
    batch = sent((u"other",), key)
    expected = ({1: "no"}, []) if is_found else ({}, ["no"])
    assert find_failed(batch, ["n"], [(1, u"no", shown)]) == expected


def test_all_parts_of_a_key_count():
    """Their order is that of the keys."""
    batch = sent((u"a", 1), (u"a", 2), (u"b", 1))
    assert find_failed(batch, ["n", "m"], [(1, u"no", {"m": 2, "n": u"a", "x": 3})]) == (
        {1: "no"}, [])


def test_in_doubt_a_row_is_not_found():
    """Two rows may be meant, or one is shown twice."""
    batch = sent((4,), (u"4",), (u"5",))
    failures = [(1, u"exact", {"n": 4}), (1, u"like both", {"n": u"4.0"}),
                (1, u"first", {"n": u"5"}), (1, u"second", {"n": 5})]
    assert find_failed(batch, ["n"], failures) == (
        {0: "exact", 2: "first"}, ["like both", "second"])
    same = sent((u"a",), (u"a",))
    assert find_failed(same, ["n"], [(1, u"no", {"n": u"a"})]) == ({}, ["no"])
