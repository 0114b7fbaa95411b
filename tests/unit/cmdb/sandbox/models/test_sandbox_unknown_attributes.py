# -*- coding: utf-8 -*-
"""Attributes that a model does not have are not stored, and are reported in the answer."""

from __future__ import absolute_import, division, print_function

import pytest
from sandbox_data import Data

from waterspout_cmdb.sandbox.models.unknown_attributes import MAX_NAMES
from waterspout_cmdb.sandbox.operations import editing_batches
from waterspout_cmdb.sandbox.operations.importing_by_filter import import_items
from waterspout_cmdb.sandbox.storage import Store


@pytest.fixture
def structs(tmpdir):
    """The data of an organisation whose model has structs."""
    members = [{"id": "cores", "type": "int"}, {"id": "vendor", "type": "str"}]
    attributes = [
        {"id": "name", "value": {"type": "str"}, "unique": "true"},
        {"id": "chip", "value": {"type": "struct", "struct_define": members}},
        {"id": "disks", "value": {"type": "structs", "struct_define": members}},
    ]
    seed = [{"objectId": "BOX", "attrList": attributes}]
    store = Store.open(str(tmpdir.join("structs.db")), seed=seed)
    yield Data(store)
    store.close()


def test_import_reports_attributes_that_the_model_does_not_have(data):
    """The rows are stored without them; each name is reported once."""
    rows = [{"name": u"a", "cpus": 4, u"内存": 8}, {"name": u"b", "cpus": 2}]
    result = data.load("HOST", [u"name"], rows)
    assert sorted(result.pop("warnings")) == [
        u"HOST has no attribute cpus: not stored, in 2 rows",
        u"HOST has no attribute 内存: not stored, in 1 row",
    ]
    assert result == {"insert_count": 2, "update_count": 0, "failed_count": 0, "data": []}
    assert "cpus" not in data.search("HOST")["list"][0]


def test_known_names_are_not_reported(data):
    """System fields, path arguments and empty cells are not mistakes."""
    row = dict(data.create("HOST", name=u"a", tags=[u"x"]), cpu=4, objectId=u"HOST")
    rows = [row, dict(name=u"b", cpus=None), dict(name=u"c", cpus=u""), dict(name=u"d", apps=[])]
    rows.append({"name": u"e", "readAuthorizers": [u"easyops"]})
    result = data.load("HOST", [u"name"], rows)
    assert sorted(result) == ["data", "failed_count", "insert_count", "update_count"]


def test_unknown_attributes_of_failed_rows_are_not_reported(data):
    """Nothing of a failed row is stored."""
    result = data.load("HOST", [u"name"], [{"name": u"a", "cpu": u"x", "cpus": 4}])
    assert result["failed_count"] == 1
    assert "warnings" not in result


def test_unknown_members_of_structs_are_reported(structs):
    """In a single struct and in a list of structs; a row counts once."""
    disk = {"cores": 1, "speed": 7200}
    rows = [{"name": u"a", "chip": {"cores": 4, "ghz": 3}, "disks": [disk, disk, {}]}]
    result = structs.load("BOX", [u"name"], rows)
    assert sorted(result["warnings"]) == [
        u"BOX has no attribute chip.ghz: not stored, in 1 row",
        u"BOX has no attribute disks.speed: not stored, in 1 row",
    ]


def test_unknown_attributes_of_created_peers_are_reported(related):
    """They belong to another model."""
    rows = [{"name": u"a", "apps": [{"name": u"shop", "colour": u"red"}]}]
    result = related.load("HOST", [u"name"], rows)
    assert result["warnings"] == [u"APP has no attribute colour: not stored, in 1 row"]


def test_reported_names_are_limited(data):
    """Both their number and the length of each."""
    row = {u"x%d" % number: 1 for number in range(5000)}
    row.update({"name": u"a", u"y" * 100000: 1})
    warnings = data.load("HOST", [u"name"], [row])["warnings"]
    assert len(warnings) == MAX_NAMES + 1
    assert sum(map(len, warnings)) < 10000
    assert warnings[-1] == u"%d more names are unknown, too" % (5001 - MAX_NAMES)


def test_upsert_reports_unknown_attributes(data):
    """With the instances in its answer, and with their ids only."""
    for only_id in (False, True):
        body = {"datas": [{"name": u"a", "cpus": 4}], "only_instance_id": only_id}
        result = data.write(editing_batches.upsert, u"HOST", body, 10)
        assert result["warnings"] == [u"HOST has no attribute cpus: not stored, in 1 row"]
        assert len(result["list"]) == 1
    result = data.write(editing_batches.upsert, u"HOST", {"datas": [{"name": u"a"}]}, 10)
    assert sorted(result) == ["list"]


def test_import_by_filters_reports_unknown_attributes_of_each_item(data):
    """In the item's message, because the answer is a list."""
    items = [
        {"filter": {"name": u"a"}, "update": {"cpus": 4}, "upsert": True},
        {"filter": {"name": u"b"}, "update": {"cpus": 4, "cpu": u"x"}, "upsert": True},
        {"filter": {"name": u"a"}, "update": {"cpu": 4}},
        {"filter": {"name": u"nowhere"}, "update": {"cpus": 4}},
    ]
    results = data.write(import_items, u"HOST", items, 10)
    assert [(one["code"], one["message"]) for one in results] == [
        (0, u"HOST has no attribute cpus: not stored, in 1 row"),
        (100000, u"attribute cpu must be a number"),
        (0, u""),
        (0, u""),
    ]
