# -*- coding: utf-8 -*-
from __future__ import absolute_import, division, print_function

import pytest

from waterspout_cmdb.sandbox.query.parser import MAX_PATTERN, MAX_TESTS, parse_query
from waterspout_cmdb.sandbox.query.tree import (
    EQ,
    EXISTS,
    GT,
    GTE,
    IN,
    LIKE,
    LT,
    LTE,
    SIZE,
    All,
    Either,
    Not,
    Test,
)
from waterspout_cmdb.sandbox.wire_format.api_errors import InvalidArgument


def on_a(operator, operand=None):
    return Test((u"a",), operator, operand)


PARSED = [
    (None, All([])),
    ({}, All([])),
    ({"a": u"x"}, on_a(EQ, u"x")),
    ({"a": None}, on_a(EQ, None)),
    ({"a": [1.0, True]}, on_a(EQ, [1, True])),
    ({"a": {"$eq": 1}}, on_a(EQ, 1)),
    ({"a": {"$ne": 1}}, Not(on_a(EQ, 1))),
    ({"a": {"$in": [1, None]}}, on_a(IN, [1, None])),
    ({"a": {"$nin": []}}, Not(on_a(IN, []))),
    ({"a": {"$gt": 1}}, on_a(GT, 1)),
    ({"a": {"$gte": 0.5}}, on_a(GTE, 0.5)),
    ({"a": {"$lt": u"b"}}, on_a(LT, u"b")),
    ({"a": {"$lte": 1}}, on_a(LTE, 1)),
    ({"a": {"$like": u"%x%"}}, on_a(LIKE, u"%x%")),
    ({"a": {"$nlike": u"x"}}, Not(on_a(LIKE, u"x"))),
    ({"a": {"$exists": True}}, on_a(EXISTS)),
    ({"a": {"$exists": 0}}, Not(on_a(EXISTS))),
    ({"a": {"$size": 2}}, All([on_a(SIZE, (EQ, 2))])),
    ({"a": {"$size": {"$gt": 2.0}}}, All([on_a(SIZE, (GT, 2))])),
    ({"a": {"$size": {"$ne": 2}}}, All([Not(on_a(SIZE, (EQ, 2)))])),
    ({"a.b": 1}, Test((u"a", u"b"), EQ, 1)),
    ({"$and": [{"a": 1}, {}]}, All([on_a(EQ, 1), All([])])),
    ({"$or": [{"a": 1}, {"$or": [{"a": 2}]}]}, Either([on_a(EQ, 1), Either([on_a(EQ, 2)])])),
]

#: A query and what its refusal mentions.
REFUSED = [
    ([], "map"),
    (u"a", "map"),
    ({"$and": [{"a": 1}, u"a"]}, "map"),
    ({"$or": []}, "$or"),
    ({"$and": {"a": 1}}, "$and"),
    ({"$not": {"a": 1}}, "$not"),
    ({"$regex": u"x"}, "$regex"),
    ({"a": {"$regex": u"x"}}, "$regex"),
    ({"a": {"$elemMatch": {}}}, "$elemMatch"),
    ({"a": {"$eq": 1, "b": 2}}, "operator b"),
    ({"a": {}}, "a is empty"),
    ({"a": {"$eq": {"b": 1}}}, "$eq on a"),
    ({"a": [[1]]}, "$eq on a"),
    ({"a": [None]}, "$eq on a"),
    ({"a": u"\x00"}, "U+0000"),
    ({"a": {"$in": 1}}, "$in on a must be a list"),
    ({"a": {"$in": [[1]]}}, "$in on a"),
    ({"a": {"$gt": None}}, "$gt on a"),
    ({"a": {"$gt": True}}, "$gt on a"),
    ({"a": {"$lt": [1]}}, "$lt on a"),
    ({"a": {"$lt": 2**64}}, "64 bits"),
    ({"a": {"$like": 1}}, "$like on a must be text"),
    ({"a": {"$like": u"x" * (MAX_PATTERN + 1)}}, "shorter"),
    ({"a": {"$exists": u"yes"}}, "$exists on a"),
    ({"a": {"$size": u"2"}}, "$size on a"),
    ({"a": {"$size": {}}}, "$size on a"),
    ({"a": {"$size": {"$in": 1}}}, "$in"),
    ({"a": {"$size": {"$gt": 1.5}}}, "integer"),
    ({"a b": 1}, '"a b"'),
    ({"": 1}, '""'),
    ({"a.": 1}, '""'),
    ({u"名": 1}, "attribute"),
    ({"a'b": 1}, "a'b"),
]


@pytest.mark.parametrize("query, tree", PARSED)
def test_query_becomes_a_tree(query, tree):
    """Every operator has its node; negating operators are Not around another node."""
    assert parse_query(query) == tree


def test_keys_of_a_map_are_anded():
    """The keys of a query and the operators on one attribute, in any order."""
    both = parse_query({"a": {"$gte": 1, "$lte": 5}, "b": 1})
    assert len(both.parts) == 2
    ranges = [part for part in both.parts if isinstance(part, All)]
    assert sorted(map(repr, ranges[0].parts)) == sorted(map(repr, [on_a(GTE, 1), on_a(LTE, 5)]))


@pytest.mark.parametrize("query, mentioned", REFUSED)
def test_invalid_query_is_refused_by_name(query, mentioned):
    """The text names the operator or attribute."""
    with pytest.raises(InvalidArgument) as caught:
        parse_query(query)
    assert mentioned in caught.value.text


def test_number_of_conditions_is_limited():
    """The caller gets an error before SQLite's limit of parameters is reached."""
    parse_query({"$or": [{"a": 1}] * MAX_TESTS})
    with pytest.raises(InvalidArgument) as caught:
        parse_query({"$or": [{"a": 1}] * (MAX_TESTS + 1)})
    assert str(MAX_TESTS) in caught.value.text
