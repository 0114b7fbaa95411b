from __future__ import absolute_import, division, print_function

import contextlib
import re
import sqlite3

import pytest
from sandbox_data import Data

from waterspout_cmdb.sandbox.models.definition_checks import model_definition
from waterspout_cmdb.sandbox.models.model import Model
from waterspout_cmdb.sandbox.operations import (
    defining_attributes,
    defining_models,
    defining_relations,
)
from waterspout_cmdb.sandbox.operations.importing_rows import import_instances
from waterspout_cmdb.sandbox.operations.searching import search
from waterspout_cmdb.sandbox.storage import Store
from waterspout_cmdb.sandbox.storage.indexes import MAX_KEY_INDEXES, MAX_SEARCH_INDEXES
from waterspout_cmdb.sandbox.wire_format.api_errors import AlreadyExists

pytestmark = pytest.mark.slow

ROWS = [
    {"name": u"host-%d" % n, "ip": u"10.0.0.%d" % n, "cpu": n % 4, "env": u"dev", "owner": u"me"}
    for n in range(40)
]


@pytest.fixture
def hosts(data):
    data.load("HOST", [u"name"], ROWS)
    return data


class Explaining(object):
    """A connection that notes how SQLite means to carry out what goes through it."""

    def __init__(self, connection):
        self._connection = connection
        self.plans = []

    def execute(self, sql, parameters=()):
        rows = self._connection.execute("EXPLAIN QUERY PLAN " + sql, parameters)
        self.plans.append([row[-1] for row in rows])
        return self._connection.execute(sql, parameters)


def explained(transaction, function, *args):
    """The steps of each statement on the table of HOSTs that ``function`` executes.

    Except fetching documents whose numbers are known, and putting a page of them in order.
    """
    explaining = transaction._connection = Explaining(transaction._connection)
    function(transaction, *args)
    return [
        [step for step in plan if "PRIMARY KEY" not in step and "LIST SUBQUERY" not in step]
        for plan in explaining.plans
        if "instances_" in str(plan)
    ]


@pytest.mark.parametrize(
    "query",
    [
        {"name": u"host-7"},
        {"name": {"$in": [u"host-7", u"host-8"]}},
        {"name": {"$gt": u"host-3"}},
        {"name": {"$like": u"host-3%"}},
        {"name": {"$like": u"%ost-3%"}},
        {"ip": u"10.0.0.7"},
        {"cpu": {"$gte": 1, "$lt": 3}},
        {"cpu": 2.0},
        {"env": u"dev"},
        {"env": u"dev", "tags": {"$exists": False}},
        {"$and": [{"owner": u"me"}, {"memory": None}]},
        {"instanceId": {"$gt": u"0"}},
    ],
)
def test_search_by_an_attribute_uses_its_index(hosts, query):
    """For the page, and for the total if it has to be counted."""
    for plan in hosts.read(explained, search, "HOST", {"query": query, "page_size": 1}):
        assert plan[0].startswith("SEARCH ") and " INDEX " in plan[0], plan


@pytest.mark.parametrize(
    "query",
    [
        {"env": u"dev"},
        {"env": {"$in": [u"dev", u"prod"]}},
        {"env": {"$ne": u"prod"}},
        {"env": {"$exists": True}},
        {"cpu": 2.0},
        {"cpu": {"$gte": 1, "$lt": 3}},
        {"$or": [{"cpu": 1}, {"cpu": {"$gt": 2}}]},
        {"$and": [{"cpu": {"$gt": 0}}, {"cpu": {"$lte": 2}}]},
    ],
)
def test_total_of_a_query_on_one_attribute_is_not_counted(hosts, query):
    """The number of instances with each value is stored."""
    plans = hosts.read(explained, search, "HOST", {"query": query, "page_size": 1})
    assert len(plans) == 1, "only the page is read"


@pytest.mark.parametrize("direction", [1, -1])
def test_sort_by_an_attribute_uses_its_index(hosts, direction):
    """SQLite sorts nothing, so a page costs only its own rows."""
    plans = hosts.read(explained, search, "HOST", {"sort": {"cpu": direction}, "page_size": 1})
    assert len(plans) == 1
    walk, page_in_order = plans[0]
    assert walk.startswith("SCAN ") and " INDEX " in walk
    assert page_in_order.startswith("USE TEMP B-TREE")


def test_total_of_all_instances_is_not_counted(hosts):
    """It is stored, and correct after failed rows, failed transactions and deletions."""
    assert len(hosts.read(explained, search, "HOST", {"page_size": 1})) == 1
    rows = [{"name": u"host-1"}, {"name": u"new"}, {"name": u"odd", "env": u"odd"}, {"cpu": 1}]
    hosts.load("HOST", [u"name"], rows)

    def fail(transaction):
        import_instances(transaction, "HOST", {"keys": [u"name"], "datas": [{"name": u"x"}]})
        raise KeyError

    with pytest.raises(KeyError):
        hosts.write(fail)
    hosts.delete("HOST", hosts.search("HOST")["list"][0]["instanceId"])
    hosts.delete("HOST", hosts.search("HOST")["list"][0]["instanceId"])
    assert hosts.search("HOST", page_size=1)["total"] == 39
    assert len(hosts.search("HOST", page_size=100)["list"]) == 39


@pytest.mark.parametrize("keys", [[u"name"], [u"cpu"], [u"env", u"owner"], [u"instanceId"]])
def test_import_finds_rows_by_an_index(hosts, keys):
    """For any keys; otherwise the time of an import would be quadratic."""
    found = hosts.search("HOST", query={"name": u"host-1"})["list"][0]
    body = {"keys": keys, "datas": [found]}
    hosts.load("HOST", keys, [found])
    plans = hosts.write(explained, import_instances, "HOST", body)
    assert plans[0][0].startswith("SEARCH ") and " INDEX " in plans[0][0]
    if len(keys) > 1:
        assert plans[0][0].count("=?") == len(keys)


def index_used(data, **query):
    plan = data.read(explained, search, "HOST", {"query": query})[0]
    return re.search("instances_[0-9]+_by_[0-9]+", plan[0]).group()


@pytest.mark.parametrize("other", [{"env": u"dev"}, {"owner": u"me"}, {"cpu": 1}])
def test_more_selective_index_is_used(data, other):
    """After a table has grown, SQLite has statistics about each index."""
    rows = [
        dict(row, name=u"host-%d" % n, ip=u"10.0.0.%d" % n)
        for n, row in enumerate([ROWS[1], {"env": u"prod"}, {"owner": u"you"}] * 1000)
    ]
    data.load("HOST", [u"name"], rows)
    data.write(lambda transaction: None)  # By then, what the import left to do is done.
    assert index_used(data, ip=u"10.0.0.8", **other) == index_used(data, ip=u"10.0.0.8")
    assert index_used(data, **other) != index_used(data, ip=u"10.0.0.8")


# Which indexes there are


def indexes(data, object_id="HOST"):
    """The attributes of each index, as text."""

    def read(transaction):
        existing = transaction.table(object_id)._indexes._existing().values()
        return {" ".join(i.attributes) + ", unique" * i.is_unique for i in existing}

    return data.read(read)


OF_HOST = {"name, unique", "cpu", "env", "ip", "memory", "owner"}


def test_plain_attributes_are_indexed(data):
    """Lists are not, because they have no order."""
    assert indexes(data) == OF_HOST


def attribute(name, type_name="str", **details):
    return dict(details, id=name, value={"type": type_name})


def test_declared_indexes_come_first_and_there_is_a_limit(tmpdir):
    """In a model with many attributes: its own indexes, then its first attributes."""
    wide = {
        "objectId": "WIDE",
        "attrList": [attribute("a%02d" % n) for n in range(20)],
        "indexList": [
            {"propertyIds": ["a18", "a19"], "unique": False},
            {"propertyIds": ["a17"], "unique": "true"},
        ],
    }
    store = Store.open(str(tmpdir.join("sandbox.db")), seed=[wide])
    found = indexes(Data(store), "WIDE")
    store.close()
    assert len(found) == 1 + MAX_SEARCH_INDEXES
    assert found.issuperset(["a17, unique", "a18 a19", "a00"])
    assert not found.intersection(["a16", "a17"])


def test_keys_without_an_index_get_one(data):
    """Once for each set of keys; not if a unique index has some of them."""
    for keys in ([u"ip", u"env"], [u"env", u"ip"], [u"name", u"ip"], [u"env"]):
        data.load("HOST", keys, [])
    assert indexes(data) == OF_HOST | {"env ip"}


def test_indexes_for_keys_are_limited(data):
    """Beyond the limit imports are slower, and correct."""
    names = [u"ip", u"cpu", u"memory", u"env", u"owner"]
    keys = [[a, b] for a in names for b in names if a < b]
    keys += [[a, b, c] for a, b in keys for c in names if b < c]
    assert len(keys) > MAX_SEARCH_INDEXES + MAX_KEY_INDEXES
    for some in keys:
        row = {"name": u"-".join(some), "ip": u"1", "cpu": 1, "memory": 1, "env": u"dev"}
        assert data.load("HOST", some, [dict(row, owner=u"x")])["failed_count"] == 0
    assert len(indexes(data)) == 1 + MAX_SEARCH_INDEXES + MAX_KEY_INDEXES


@pytest.mark.parametrize(
    "attributes, expected",
    [
        ([attribute("name"), attribute("ip")], {"env", "env ip", "ip", "name"}),
        (
            [attribute("name", unique="true"), attribute("ip", unique="true")],
            {"env", "env ip", "ip, unique", "name, unique"},
        ),
    ],
    ids=["no longer unique", "unique now"],
)
def test_indexes_follow_the_model(data, attributes, expected):
    """Indexes for new unique keys are created, unneeded ones dropped; those of imports stay."""
    data.load("HOST", [u"env", u"ip"], [])

    def change(transaction):
        table = transaction.table("HOST")
        table.model = Model({"objectId": "HOST", "attrList": attributes + [attribute("env")]})
        table.model_changed()

    data.write(change)
    assert indexes(data) == expected


def test_attribute_with_equal_values_cannot_become_unique(hosts):
    """The model does not change."""

    def change(transaction):
        table = transaction.table("HOST")
        table.model = Model({"objectId": "HOST", "attrList": [attribute("env", unique="true")]})
        table.model_changed()

    with pytest.raises(AlreadyExists) as caught:
        hosts.write(change)
    assert caught.value.text == u"several instances have the same env"
    assert indexes(hosts) == OF_HOST


#: As the first release left it, with one instance.
VERSION_1 = """
PRAGMA application_id = 1465074509;
PRAGMA user_version = 1;
PRAGMA journal_mode = WAL;
CREATE TABLE models (id INTEGER PRIMARY KEY, org INTEGER NOT NULL, object_id TEXT NOT NULL,
    definition TEXT NOT NULL, UNIQUE (org, object_id));
CREATE TABLE indexes (id INTEGER PRIMARY KEY, model INTEGER NOT NULL REFERENCES models (id),
    attributes TEXT NOT NULL, is_unique INTEGER NOT NULL, UNIQUE (model, attributes));
CREATE TABLE instance_ids (last INTEGER NOT NULL);
INSERT INTO instance_ids (last) VALUES (1700000000000000);
INSERT INTO models VALUES (5, 777777, 'THING', '{"objectId": "THING", "attrList": [
    {"id": "a", "unique": "true", "value": {"type": "str"}}, {"id": "b", "value": {"type": "int"}}
    ]}');
CREATE TABLE instances_5 (id INTEGER PRIMARY KEY, instance_id TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL);
INSERT INTO indexes VALUES (1, 5, '["a"]', 1);
CREATE UNIQUE INDEX instances_5_by_1 ON instances_5 (json_extract(document, '$."a"'));
INSERT INTO instances_5 VALUES (1700000000000000, '60a24181e4000',
    '{"instanceId": "60a24181e4000", "a": "x", "b": 7, "_version": 1, "_ts": 1700000000}');
"""


@pytest.fixture
def first_release(tmpdir):
    """The data of such a file, opened."""
    path = str(tmpdir.join("first.db"))
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript(VERSION_1)
    store = Store.open(path)
    yield Data(store)
    store.close()


def test_file_of_the_first_release_gets_indexes_and_counts(first_release):
    """When it is opened; the stored data is kept."""
    data = first_release
    assert indexes(data, "THING") == {"a, unique", "b"}
    data.create("THING", a=u"y", b=8)
    page = data.search("THING", page_size=1)
    assert (page["total"], page["list"][0]["a"]) == (2, u"y")
    assert data.search("THING", query={"b": 7})["list"][0]["instanceId"] == u"60a24181e4000"
    assert data.search("HOST")["total"] == 0


def test_models_of_the_first_release_are_like_those_of_today(first_release):
    """They can be shown, changed and related."""
    data = first_release
    expected = dict(model_definition(data.read(defining_models.get, "THING")), relation_list=[])
    assert data.read(defining_models.get, "THING") == expected
    data.write(defining_attributes.create_attribute, "THING", dict(attribute("c"), name=u"C"))
    assert indexes(data, "THING") == {"a, unique", "b", "c"}
    body = {"left_object_id": "THING", "left_id": "on", "right_object_id": "HOST"}
    data.write(defining_relations.create, dict(body, right_id="things"))
    host = data.create("HOST", name=u"web-1", things=[u"60a24181e4000"])
    found = data.search("THING", query={"on.name": u"web-1", "c": None})["list"]
    assert [peer["instanceId"] for peer in found[0]["on"]] == [host["instanceId"]]
