"""The widest query stays within the parameters of any SQLite."""

from __future__ import absolute_import, division, print_function

import pytest

from waterspout_cmdb.sandbox.operations import grouping
from waterspout_cmdb.sandbox.operations.searching import search
from waterspout_cmdb.sandbox.query.parser import MAX_TESTS, parse_query
from waterspout_cmdb.sandbox.wire_format.api_errors import InvalidArgument

#: What SQLite takes before version 3.32.
MAX_VALUES = 999

SIZES = {"$eq": 1, "$ne": 2, "$gt": 0, "$gte": 1, "$lt": 3, "$lte": 2}

#: For each way to have many values in one condition, the paths that take it.
GREEDY = [
    ({"$like": u"a%b"}, ["name", "tags", "chip.vendor", "apps.name", "apps.owner.boss.name"]),
    ({"$nlike": u"a"}, ["name", "tags"]),
    ({"$like": u"a%" + u"b" * 99}, ["name", "tags", "apps.name"]),
    ({"$nlike": u"%" + u"b" * 99}, ["name", "tags"]),
    ({"$in": [u"a", u"b", 1, 2, 0.5, True, False, None]}, ["name", "cpu", "tags", "apps.name"]),
    ({"$nin": [u"a", 1, True]}, ["name", "tags", "apps.owner.age"]),
    ({"$size": SIZES}, ["tags", "apps", "apps.owner", "apps.owner.reports"]),
    ({"$eq": [u"a", u"b"]}, ["tags"]),
    ({"$gt": 0.5, "$gte": 1, "$lt": 9, "$lte": 8, "$ne": 7}, ["cpu", "tags"]),
]


class Counting(object):
    """A connection that notes how many values are bound in what goes through it."""

    def __init__(self, connection):
        self._connection = connection
        self.numbers = []

    def execute(self, sql, parameters=()):
        self.numbers.append(len(parameters))
        return self._connection.execute(sql, parameters)


def most_bound(transaction, function, *args):
    counting = transaction._connection = Counting(transaction._connection)
    function(transaction, *args)
    return max(counting.numbers)


def is_accepted(query):
    try:
        parse_query(query)
    except InvalidArgument:
        return False
    return True


def widest(path, condition):
    """As often the same condition as a query may have it."""
    accepted, refused = 1, MAX_TESTS + 1
    while refused - accepted > 1:
        number = (accepted + refused) // 2
        if is_accepted({"$or": [{path: condition}] * number}):
            accepted = number
        else:
            refused = number
    return {"$or": [{path: condition}] * accepted}


@pytest.mark.parametrize("condition, paths", GREEDY, ids=[sorted(one)[0] for one, _ in GREEDY])
def test_widest_query_stays_within_the_parameters_of_any_sqlite(related, condition, paths):
    """In a search, for its page and its total, and in groups."""
    for path in paths:
        query = widest(path, condition)
        assert len(query["$or"]) >= MAX_TESTS // 50
        assert 1 < related.read(most_bound, search, u"HOST", {"query": query}) <= MAX_VALUES
        body = {"query": query, "group_field": u"cpu", "funcs": [{"op": u"count"}]}
        assert 1 < related.read(most_bound, grouping.group, u"HOST", body) <= MAX_VALUES
