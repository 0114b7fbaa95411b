# -*- coding: utf-8 -*-
from __future__ import absolute_import, division, print_function

import itertools

import hypothesis
import pytest
from hypothesis import strategies as st
from sandbox_data import Data
from sandbox_models import attribute

from waterspout_cmdb.sandbox.operations import (
    defining_attributes,
    editing_batches,
    editing_instances,
)
from waterspout_cmdb.sandbox.operations.importing_rows import import_instances
from waterspout_cmdb.sandbox.operations.searching import count
from waterspout_cmdb.sandbox.storage import Store

MODEL = {
    "objectId": "THING",
    "attrList": [
        dict(attribute("name", "str"), unique="true"),
        attribute("text", "str"),
        attribute("count", "int"),
        attribute("ratio", "float"),
        attribute("active", "bool"),
        attribute("env", "enum", regex=["dev", "prod"]),
        attribute("tags", "arr"),
    ],
    "indexList": [{"propertyIds": ["tags"]}, {"propertyIds": ["env", "text"]}],
}

#: It has more attributes than get an index: the last ones have none.
WIDE = {
    "objectId": "WIDE",
    "attrList": [dict(attribute("name", "str"), unique="true")]
    + [attribute("x%d" % number, "str") for number in range(12)],
}

NAMES = st.sampled_from([u"a", u"b", u"c", u"d"])
ROWS = st.fixed_dictionaries(
    {
        "name": NAMES | st.none(),  # None: a row that fails
        "text": st.sampled_from([u"", u"x", u"中文 \U0001f600", u"'"]) | st.none(),
        "count": st.sampled_from([0, 1, 2**63 - 1]) | st.none(),
        "ratio": st.sampled_from([0.0, 0.1, 1e30, -0.0, 0.1 + 0.2]) | st.none(),
        "active": st.booleans() | st.none(),
        "env": st.sampled_from([u"dev", u"prod", u"odd"]) | st.none(),  # odd: another that fails
        "tags": st.lists(st.sampled_from([1, u"x"]), max_size=2),
    }
)
IMPORTS = st.tuples(st.just("import"), st.lists(ROWS, min_size=1, max_size=5))
FAILED = st.tuples(st.just("fail"), st.lists(ROWS, min_size=1, max_size=5))
DELETES = st.tuples(st.just("delete"), st.lists(NAMES, min_size=1, max_size=3))
WITHOUT = st.tuples(st.just("drop"), st.sampled_from([u"text", u"count"]))
KEYS = st.tuples(st.just("key"), st.sampled_from([u"text", u"count", u"env"]))


@pytest.fixture(scope="module")
def store(tmpdir_factory):
    """One for all examples; each has an organisation of its own."""
    path = str(tmpdir_factory.mktemp("tallies").join("sandbox.db"))
    store = Store.open(path, seed=[MODEL, WIDE])
    yield store
    store.close()


ORGANISATIONS = itertools.count(1)


@hypothesis.settings(suppress_health_check=[hypothesis.HealthCheck.too_slow], max_examples=60)
@hypothesis.given(steps=st.lists(IMPORTS | FAILED | DELETES | WITHOUT | KEYS, max_size=6))
def test_tallies_equal_the_stored_data(store, steps):
    """After any writes, refusals, rollbacks, deletions and new indexes."""
    data = Data(store, org=next(ORGANISATIONS))
    for name, argument in [("import", [{"name": u"a", "count": 1, "env": u"dev"}])] + steps:
        STEPS[name](data, argument)
    kept, stored = data.read(tallies)
    assert kept == stored


def load(data, rows):
    data.load("THING", [u"name"], rows)


def load_and_fail(data, rows):
    def write(transaction):
        import_instances(transaction, "THING", {"keys": [u"name"], "datas": rows})
        raise KeyError

    with pytest.raises(KeyError):
        data.write(write)


def delete(data, names):
    found = data.search("THING", query={"name": {"$in": names}})["list"]
    data.write(editing_batches.delete, "THING", [instance["instanceId"] for instance in found])


def drop(data, name):
    """An attribute goes with its values, and comes back without."""
    attribute = data.write(defining_attributes.get_attribute, "THING", name)
    for index in (u"env_text",) if name == u"text" else ():
        data.write(defining_attributes.delete_index, "THING", index)
    data.write(defining_attributes.delete_attribute, "THING", name)
    data.write(defining_attributes.create_attribute, "THING", attribute)
    if name == u"text":
        body = {"propertyIds": ["env", "text"], "unique": False}
        data.write(defining_attributes.create_index, "THING", body)


def ensure_in_between(data, name):
    """Rows are written, then an index is asked for, then others are written."""

    def write(transaction):
        for values in ({"name": u"a", name: None}, {"name": u"b"}):
            import_instances(transaction, "THING", {"keys": [u"name"], "datas": [values]})
            transaction.table("THING").ensure_index([name])
            transaction.table("THING").model_changed()

    data.write(write)


STEPS = {
    "import": load, "fail": load_and_fail, "delete": delete, "drop": drop,
    "key": ensure_in_between,
}


def tallies(transaction):
    """What is kept, and what there is: (attribute, value, how often)."""
    table = transaction.table("THING")
    tallied = table._tallies.indexes(table._key)
    assert set(tallied) == {"text", "count", "ratio", "active", "env"}
    kept, stored = set(), set()
    for name, index in tallied.items():
        rows = table.query("SELECT value, instances FROM tallies WHERE index_id = ?", [index])
        kept.update((name,) + row for row in rows)
        sql = (
            "SELECT value, count(*) FROM (SELECT json_extract(document, '$.{0}') AS value"
            " FROM {1}) WHERE value IS NOT NULL GROUP BY value"
        )
        stored.update((name,) + row for row in table.query(sql.format(name, table.name), []))
    return kept, stored


@pytest.mark.parametrize("fails", [True, False])
def test_index_created_in_a_savepoint_that_is_rolled_back(store, fails):
    """Earlier changes are still counted; those of the savepoint only if it is kept."""
    data = Data(store, org=next(ORGANISATIONS))

    def write(transaction):
        editing_instances.create(transaction, "THING", {"name": u"a", "env": u"dev"})
        try:
            with transaction.savepoint():
                editing_instances.create(transaction, "THING", {"name": u"b", "env": u"dev"})
                transaction.table("THING").ensure_index([u"count", u"ratio"])
                editing_instances.create(transaction, "THING", {"name": u"c", "env": u"prod"})
                if fails:
                    raise KeyError
        except KeyError:
            pass
        editing_instances.create(transaction, "THING", {"name": u"d", "env": u"dev"})

    data.write(write)
    kept, stored = data.read(tallies)
    assert kept == stored
    assert ("env", u"dev", 2 if fails else 3) in kept


def undone(transaction, function, *args):
    """Call ``function(transaction, *args)`` in a part of the transaction, and undo that."""
    with pytest.raises(KeyError):
        with transaction.savepoint():
            function(transaction, *args)
            raise KeyError


def test_index_that_is_rolled_back(store):
    """Its values are not counted, and it can be created again."""
    data = Data(store, org=next(ORGANISATIONS))

    def index(transaction):
        transaction.table("WIDE").ensure_index([u"x11"])
        editing_instances.create(transaction, "WIDE", {"name": u"b", "x11": u"w"})

    def write(transaction):
        undone(transaction, index)
        editing_instances.create(transaction, "WIDE", {"name": u"a", "x11": u"v"})

    data.write(write)
    data.write(index)
    assert data.read(count, "WIDE", {"query": {"x11": u"v"}}) == 1


def test_change_of_a_model_that_is_rolled_back(store):
    """The transaction continues with the old model."""
    data = Data(store, org=next(ORGANISATIONS))

    def write(transaction):
        editing_instances.create(transaction, "WIDE", {"name": u"a", "x1": u"v"})
        undone(transaction, defining_attributes.delete_attribute, "WIDE", u"x1")
        editing_instances.create(transaction, "WIDE", {"name": u"b", "x1": u"v"})

    data.write(write)
    assert data.read(count, "WIDE", {"query": {"x1": u"v"}}) == 2


def test_totals_come_from_the_tallies(store):
    """For a query on one attribute; instances without a value are not counted."""
    data = Data(store, org=next(ORGANISATIONS))
    rows = [
        {"name": u"n%d" % n, "env": [u"dev", u"prod"][n % 2], "count": n % 3 or None}
        for n in range(12)
    ]
    data.load("THING", [u"name"], rows)
    for query, expected in [
        ({"env": u"dev"}, 6),
        ({"env": {"$ne": u"dev"}}, 6),
        ({"env": {"$in": [u"dev", u"prod", u"odd"]}}, 12),
        ({"count": {"$gte": 1}}, 8),
        ({"count": {"$ne": 1}}, 8),
        ({"count": {"$nin": [1, None]}}, 4),
        ({"count": None}, 4),
        ({"count": {"$exists": False}}, 4),
        ({"count": u"1"}, 0),
        ({"count": [1]}, 0),
        ({"$or": [{"count": 1}, {"count": 2}]}, 8),
        ({"$or": [{"count": 1}, {"env": u"dev"}]}, 8),
        ({"env": {"$like": u"%o%"}}, 6),
        ({"name": {"$like": u"n1%"}}, 3),
        ({"active": True}, 0),
    ]:
        assert data.read(count, "THING", {"query": query}) == expected, query
