# -*- coding: utf-8 -*-
from __future__ import absolute_import, division, print_function

import sqlite3

import pytest
from sandbox_models import EVERYTHING
from sandbox_reference import insert_all

from waterspout_cmdb.sandbox.models.model import Model
from waterspout_cmdb.sandbox.query.compiler import compile_query
from waterspout_cmdb.sandbox.query.parser import MAX_PATTERN, MAX_TESTS, parse_query
from waterspout_cmdb.sandbox.query.patterns import define_function
from waterspout_cmdb.sandbox.wire_format.api_errors import InvalidArgument

MODEL = Model(EVERYTHING)


def compiled(query):
    return compile_query(parse_query(query), MODEL, None)


def found(query, *documents):
    """The positions of the documents that a query finds."""
    connection = sqlite3.connect(":memory:")
    define_function(connection)
    insert_all(connection, [dict(document, instanceId=u"x") for document in documents])
    where = compiled(query)
    rows = connection.execute("SELECT id FROM rows WHERE %s" % where.sql, where.values).fetchall()
    connection.close()
    return [number for number, in rows]


@pytest.mark.parametrize(
    "query",
    [
        {"name": u"needle"},
        {"name": {"$in": [u"needle"]}},
        {"name": {"$gt": u"needle"}},
        {"name": {"$like": u"%needle%"}},
        {"tags": [u"needle"]},
        {"blob": u"needle"},
    ],
)
def test_values_are_bound_parameters(query):
    """The SQL does not contain the text of a value."""
    where = compiled(query)
    assert "needle" not in where.sql
    assert where.sql.count("?") == len(where.values) > 0


@pytest.mark.parametrize(
    "query, matching",
    [
        ({"count": u"1"}, []),
        ({"count": {"$ne": u"1"}}, [0, 1]),
        ({"count": {"$lt": u"a"}}, []),
        ({"name": {"$gt": 0}}, []),
        ({"active": 1}, []),
        ({"active": True}, [0]),
        ({"count": True}, []),
        ({"count": 1.0}, [0]),
        ({"name": {"$in": [1, u"a", None]}}, [0, 1]),
        ({"tags": 1}, [0]),
        ({"tags": True}, []),
        ({"chip": u"a"}, []),
        ({"disks": u"a"}, []),
    ],
)
def test_values_of_different_kinds_are_not_equal_nor_ordered(query, matching):
    """SQLite alone would order numbers before texts, and treat true as 1."""
    row = {"count": 1, "name": u"a", "active": True, "tags": [1, u"x"], "chip": {}, "disks": [{}]}
    assert found(query, row, {}) == matching


@pytest.mark.parametrize(
    "query, matching",
    [
        ({"name": {"$exists": True}}, [0]),
        ({"name": {"$exists": False}}, [1, 2]),
        ({"tags": {"$exists": True}}, [0]),
        ({"tags": {"$exists": False}}, [1, 2]),
        ({"count": {"$exists": True}}, [0, 1]),
        ({"blob": {"$exists": True}}, [0]),
        ({"disks.label": {"$exists": True}}, [0]),
        ({"disks.label": {"$exists": False}}, [1, 2]),
        ({"disks": {"$exists": True}}, [0, 1]),
        ({"disks.label": None}, [1, 2]),
        ({"disks.label": {"$in": [None, u"root"]}}, [0, 1, 2]),
        ({"name": None}, [2]),
        ({"name": {"$ne": None}}, [0, 1]),
        ({"tags": {"$size": 0}}, [1, 2]),
        ({"tags": {"$size": {"$gt": 1, "$lt": 3}}}, [0]),
    ],
)
def test_null_empty_and_missing_mean_no_value(query, matching):
    """The first row has values, the second empty ones, the last nothing."""
    full = {
        "name": u"[]", "tags": [u"", u"b"], "count": 1, "blob": {}, "disks": [{"label": u"root"}],
    }
    empty = {"name": u"", "tags": [], "count": 0, "blob": [], "disks": [{}]}
    assert found(query, full, empty, {}) == matching


@pytest.mark.parametrize(
    "pattern, matching",
    [
        (u"%b%", [u"abc", u"b", u"b\nb"]),
        (u"b%", [u"b", u"b\nb"]),
        (u"%bc", [u"abc"]),
        (u"a%c", [u"abc", u"a*c", u"a_c"]),
        (u"b", [u"b"]),
        (u"%", [u"abc", u"b", u"b\nb", u"B", u"", u"a*c", u"[a]", u"a_c", u"中😀文"]),
        (u"", [u""]),
        (u"%*%", [u"a*c"]),
        (u"a_c", [u"a_c"]),
        (u"a?c", []),
        (u"[a]%", [u"[a]"]),
        (u"中%", [u"中😀文"]),
        (u"中😀%", [u"中😀文"]),
        (u"[a]", [u"[a]"]),
        (u"%😀文", [u"中😀文"]),
        (u"_😀_", []),
    ],
)
def test_percent_is_the_only_wildcard_of_like(pattern, matching):
    """Patterns are case-sensitive and match whole texts, line breaks included."""
    names = [u"abc", u"b", u"b\nb", u"B", u"", u"a*c", u"[a]", u"a_c", u"中😀文"]
    numbers = found({"name": {"$like": pattern}}, *[{"name": name} for name in names])
    assert [names[number] for number in numbers] == matching


def test_pattern_as_long_as_allowed_is_not_too_long_for_sqlite():
    """Even if every character is escaped or has four bytes."""
    for character in (u"*", u"\U0001f600"):
        text = character * (MAX_PATTERN // len(character))
        assert found({"name": {"$like": text}}, {"name": text}, {"name": u"*"}) == [0]


def test_as_many_conditions_as_allowed_are_not_too_many_for_sqlite():
    """A chain of ORs would exceed SQLite's limit of depth."""
    many = {"$or": [{"count": number} for number in range(MAX_TESTS)]}
    assert found(many, {"count": MAX_TESTS - 1}, {"count": MAX_TESTS}) == [0]


def test_list_of_any_length_is_one_parameter():
    """``$in`` often has thousands of values."""
    assert found({"count": {"$in": list(range(5000))}}, {"count": 4999}, {"count": 5000}) == [0]


def test_float_equals_itself():
    """SQLite's rounding of decimals affects both sides equally."""
    for number in (0.1, 0.1 + 0.2, 1e-7, 5e-324, 1.7976931348623157e308):
        assert found({"ratio": number}, {"ratio": number}) == [0]
        assert found({"ratio": {"$in": [number]}}, {"ratio": number}) == [0]


@pytest.mark.parametrize(
    "query",
    [
        {"typo": 1},
        {"chip.typo": 1},
        {"chip.cores.x": 1},
        {"name.x": 1},
        {"blob.x": 1},
        {"name": {"$size": 1}},
        {"chip": {"$size": 1}},
        {"disks.marks": {"$size": 1}},
    ],
)
def test_query_that_does_not_fit_the_model_is_refused(query):
    """A misspelt attribute is an error, not an empty result."""
    with pytest.raises(InvalidArgument) as caught:
        compiled(query)
    assert sorted(query)[0] in caught.value.text
