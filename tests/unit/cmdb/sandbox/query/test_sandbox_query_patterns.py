# -*- coding: utf-8 -*-
"""``$like`` on texts and patterns of any length: correct, and in a short time."""

from __future__ import absolute_import, division, print_function

import random
import sqlite3
import time

import pytest
from sandbox_data import Data
from sandbox_reference import matches

from waterspout_cmdb.sandbox.operations.searching import search
from waterspout_cmdb.sandbox.query import patterns
from waterspout_cmdb.sandbox.query.parser import MAX_PATTERN

pytestmark = pytest.mark.slow

#: A text of a size that a request may bring.
LONG = u"a" * 4000000


@pytest.fixture
def connection():
    connection = sqlite3.connect(":memory:")
    patterns.define_function(connection)
    yield connection
    connection.close()


def in_long_text(connection, text, pattern):
    sql = "SELECT %s(?, ?)" % patterns.LONG_TEXT_FUNCTION
    return connection.execute(sql, [text, patterns.to_glob(pattern)]).fetchone()[0]


@pytest.mark.parametrize("seed", range(20))
def test_both_ways_to_match_agree(connection, seed, monkeypatch):
    """GLOB and our own search, which is also run with the smallest window."""
    monkeypatch.setattr(patterns, "_WINDOW", 1)
    dice = random.Random(seed)
    for _ in range(200):
        text = u"".join(dice.choice(u"ab[]*?\n中😀") for _ in range(dice.randrange(12)))
        pattern = u"".join(dice.choice(u"ab[]*?%%\n中😀") for _ in range(dice.randrange(7)))
        wanted = matches({"x": {"$like": pattern}}, {"x": text})
        glob = connection.execute("SELECT ? GLOB ?", [text, patterns.to_glob(pattern)])
        assert bool(glob.fetchone()[0]) == wanted, (text, pattern)
        assert bool(in_long_text(connection, text, pattern)) == wanted, (text, pattern)


@pytest.mark.parametrize(
    "pattern, expected",
    [
        (u"%" + u"a" * 9000 + u"b%", False),
        (u"%" + u"a" * 9000 + u"%b", False),
        (u"%" + u"a" * 9000 + u"%", True),
        (u"a%" * 2000 + u"b", False),
        (u"%" + u"ab" * 4000 + u"%", False),
        (u"a" * MAX_PATTERN, False),
        (u"%" * MAX_PATTERN, True),
    ],
    ids=["found nowhere", "twice", "found", "many wildcards", "other", "whole", "wildcards"],
)
def test_long_pattern_on_a_long_text_is_matched_quickly(data, pattern, expected):
    """GLOB would compare up to 4e10 pairs of characters, which takes a minute."""
    data.create("HOST", name=u"h", owner=LONG)
    start = time.time()
    for operator, total in (("$like", int(expected)), ("$nlike", 1 - expected)):
        query = {"owner": {operator: pattern}}
        assert data.search("HOST", query=query, fields={"name": 1})["total"] == total
    assert time.time() - start < 20


def test_long_text_is_found_by_each_kind_of_field(data):
    """Elements of lists and values of any type use the same test."""
    pattern = u"%" + u"x" * 50 + u"%"
    long_text = u"-" * (patterns.glob_limit(pattern) + 1)
    data.create("HOST", name=u"h", owner=long_text + u"x" * 50, tags=[1, long_text + u"x" * 51])
    data.create("HOST", name=u"i", owner=long_text + u"x" * 49, tags=[1, u"x" * 49])
    data.create("HOST", name=u"j", owner=u"x" * 50, tags=[u"x" * 50])
    data.create("HOST", name=u"k")
    for field in ("owner", "tags"):
        assert data.names("HOST", query={field: {"$like": pattern}}) == [u"j", u"h"]
        assert data.names("HOST", query={field: {"$nlike": pattern}}) == [u"k", u"i"]


def test_common_patterns_use_glob_alone():
    """They do not test the length of each text."""
    long_one = u"%" + u"x" * 30 + u"%"
    for pattern in (u"%", u"web-%", u"%web%", u"web-%-prod%", u"%10.0.0.%", long_one):
        assert patterns.glob_limit(pattern) is None


def test_several_wildcards_do_not_use_the_glob_of_old_sqlite(monkeypatch):
    """Before 3.16 GLOB backtracks to all earlier wildcards."""
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 15, 2))
    assert patterns.glob_limit(u"%web%") is None
    assert patterns.glob_limit(u"a%b%c") == 0


def test_cache_of_patterns_is_bounded(connection):
    """A connection lives as long as the store."""
    matcher = patterns._LongTextMatcher()
    for number in range(2 * patterns._KEPT + 1):
        assert matcher(u"%d" % number, u"%d" % number)
    assert len(matcher._compiled) <= patterns._KEPT


def test_organisations_do_not_wait_for_a_long_pattern(store):
    """Four such searches at once could block all organisations for minutes."""
    greedy, other = Data(store, org=1), Data(store, org=2)
    greedy.create("HOST", name=u"h", owner=LONG)
    body = {"query": {"owner": {"$like": u"%" + u"a" * 9900 + u"b%"}}}
    start = time.time()
    searches = [store.read(1, u"u", search, u"HOST", body) for _ in range(8)]
    assert other.search("HOST", page_size=1)["total"] == 0
    assert [one.result()["total"] for one in searches] == [0] * 8
    assert time.time() - start < 20
