# -*- coding: utf-8 -*-
"""Paths over relations as SQL: parameters, indexes, limits."""

from __future__ import absolute_import, division, print_function

import sqlite3

import pytest

from waterspout_cmdb.sandbox.query.compiler import compile_query
from waterspout_cmdb.sandbox.query.parser import MAX_PATH, MAX_TESTS, parse_query
from waterspout_cmdb.sandbox.wire_format.api_errors import InvalidArgument

DEEPEST = u"boss." * (MAX_PATH - 1) + u"name"


def compiled(data, object_id, query):
    def compile_it(transaction):
        model = transaction.table(object_id).model
        return compile_query(parse_query(query), model, transaction.table)

    return data.read(compile_it)


@pytest.mark.parametrize(
    "condition", [u"needle", {"$in": [u"needle"]}, {"$like": u"%needle%"}, {"$gt": u"needle"}]
)
def test_values_are_bound_parameters_over_relations(related, condition):
    """At any distance from the instance."""
    where = compiled(related, u"HOST", {"apps.owner.boss.name": condition})
    assert "needle" not in where.sql
    assert where.sql.count("?") == len(where.values) >= 1


def plan(data, object_id, query):
    """What SQLite does for a query, as one text."""
    where = compiled(data, object_id, query)

    def explain(transaction):
        table = transaction.table(object_id)
        sql = "EXPLAIN QUERY PLAN SELECT id FROM %s WHERE %s" % (table.name, where.sql)
        return "\n".join(str(row[-1]) for row in table.query(sql, where.values))

    return data.read(explain)


def test_peers_are_found_by_their_indexes(related):
    """From the unique name of a user back to the hosts; no table is scanned."""
    steps = plan(related, u"HOST", {"apps.owner.name": u"ann"})
    assert "SCAN" not in steps.replace("SCAN CONSTANT ROW", "")
    assert "USING INDEX instances_" in steps or "USING COVERING INDEX instances_" in steps


def test_query_as_deep_and_wide_as_allowed_is_answered(related):
    """Whatever SQLite's limits of nesting are."""
    related.create(u"USER", name=u"a")
    widest = MAX_TESTS // MAX_PATH
    many = {"$or": [{DEEPEST: u"%d" % number} for number in range(widest)]}
    assert related.search(u"USER", query=many)["total"] == 0
    many = {"$and": [{DEEPEST: {"$in": [u"x", None]}} for number in range(widest)]}
    assert related.search(u"USER", query=many)["total"] == 1
    nested = {DEEPEST: {"$ne": u"x"}}
    for number in range(20):
        nested = {"$and" if number % 2 else "$or": [nested, {"name": u"a"}]}
    assert related.search(u"USER", query=nested)["total"] == 1


def test_query_over_the_limits_is_refused(related):
    """Longer paths, more conditions, and queries that SQLite itself refuses."""
    for query in (
        {u"boss." + DEEPEST: u"x"},
        {"$or": [{DEEPEST: u"x"}] * (MAX_TESTS // MAX_PATH + 1)},
    ):
        with pytest.raises(InvalidArgument):
            related.search(u"USER", query=query)

    def too_deep(transaction):
        return transaction.table(u"USER").count("(" * 2000 + "1" + ")" * 2000, [])

    with pytest.raises((InvalidArgument, sqlite3.OperationalError)) as caught:
        related.read(too_deep)
    assert caught.type is InvalidArgument


def test_relations_of_another_organisation_are_not_followed(related):
    """It has the same models, with its own relations, links and instances."""
    other = type(related)(related.store, org=888888)
    ours = related.create(u"APP", name=u"web")["instanceId"]
    theirs = other.create(u"APP", name=u"web")["instanceId"]
    related.create(u"HOST", name=u"a", apps=[ours])
    other.create(u"HOST", name=u"b", apps=[theirs])
    for data, name in ((related, u"a"), (other, u"b")):
        assert data.names(u"HOST", query={"apps.name": u"web"}) == [name]
        app = data.search(u"APP")["list"][0]
        assert [host["name"] for host in app["hosts"]] == [name]
