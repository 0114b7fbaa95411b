# -*- coding: utf-8 -*-
"""Rows with the key of an earlier row are found, whatever their number."""

from __future__ import absolute_import, division, print_function

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waterspout_cmdb.bulk.checking import SeenKeys, duplicate_problem, seen_keys

VALUES = st.text(max_size=3) | st.integers(-3, 3) | st.booleans() | st.sampled_from([0.5, 2.0])


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(seen_keys, "_BATCH", 3)


def test_the_first_row_is_named():
    """Each later row gets the number of the first one."""
    with SeenKeys() as seen:
        assert seen.add((u"web-01",), 2) is None
        assert seen.add((u"web-02",), 3) is None
        assert seen.add((u"web-01",), 9) == 2
        assert seen.add((u"web-01",), 10) == 2
        assert seen.add((u"Web-01",), 11) is None  # Another name, for the CMDB.


def test_keys_of_several_attributes():
    """All of them together are the key; 4 and 4.0 are the same, 1 and true are not."""
    with SeenKeys() as seen:
        assert seen.add((u"a", 4), 2) is None
        assert seen.add((u"a", 5), 3) is None
        assert seen.add((u"a", 4.0), 4) == 2
        assert seen.add((u"a", 1), 5) is None
        assert seen.add((u"a", True), 6) is None


@pytest.mark.parametrize("hash_of", [
    None, lambda text: 7, lambda text: 2 ** 63 - 1, lambda text: len(text) % 3 - 2 ** 63])
def test_keys_with_the_same_hash(small_batches, hash_of):
    """They are told apart, in memory and in the file, up to the last number there is."""
    with SeenKeys(hash_of=hash_of) as seen:
        names = [(u"host-%d" % number,) for number in range(300)]  # Merged twice.
        assert [seen.add(name, row) for row, name in enumerate(names, 2)] == [None] * 300
        assert [seen.add(name, 999) for name in names] == list(range(2, 302))


@given(st.lists(st.tuples(VALUES, st.text(max_size=2))), st.integers(1, 8))
def test_as_a_dict_would_find_them(keys, batch):
    """The same rows are found as with all keys in memory."""
    usual = seen_keys._BATCH
    seen_keys._BATCH = batch
    try:
        first, seen = {}, SeenKeys(hash_of=lambda text: len(text))
        for row, key in enumerate(keys):
            exact = (isinstance(key[0], bool), isinstance(key[0], type(u"")), key)
            expected = first.get(exact)
            first.setdefault(exact, row)
            assert seen.add(key, row) == expected
        seen.close()
    finally:
        seen_keys._BATCH = usual


def test_the_file_is_removed(tmp_path, small_batches):
    """One that a killed import has left is replaced."""
    path = tmp_path / "keys"
    path.write_bytes(b"not a database at all")
    seen = SeenKeys(str(path))
    for number in range(5):
        seen.add((u"%d" % number,), number)
    assert seen.add((u"3",), 9) == 3
    seen.close()
    seen.close()
    assert not os.path.exists(str(path))


def test_the_problem():
    """It is that of the later row."""
    problem = duplicate_problem(9, 2, [u"name", u"port"], (u"web-01", 80))
    assert problem == (
        9, None, None, u'row 2 has the same key, name "web-01", port 80: leave one out')
