# -*- coding: utf-8 -*-
from __future__ import absolute_import, division, print_function

import pytest
from sandbox_data import Data

from waterspout_cmdb.sandbox.operations import importing_rows
from waterspout_cmdb.sandbox.storage import Store
from waterspout_cmdb.sandbox.wire_format.api_errors import InvalidArgument, NotFound


def counts(result):
    return tuple(result[name] for name in ("insert_count", "update_count", "failed_count"))


def test_rows_are_inserted_and_found_again(data):
    """The answer has the documented form."""
    result = data.load("HOST", [u"name"], [{"name": u"a"}, {"name": u"b"}])
    assert result == {"insert_count": 2, "update_count": 0, "failed_count": 0, "data": []}
    assert data.names("HOST") == [u"b", u"a"]


def test_matching_row_is_merged(data):
    """Other attributes do not change, null clears, and the system fields record the change."""
    data.load("HOST", [u"name"], [{"name": u"a", "cpu": 4, "owner": u"x", "ip": u"10.0.0.1"}])
    result = data.load("HOST", [u"name"], [{"name": u"a", "cpu": 8, "owner": None}])
    assert counts(result) == (0, 1, 0)
    host = data.search("HOST")["list"][0]
    assert (host["cpu"], host["ip"], host["_version"]) == (8, u"10.0.0.1", 2)
    assert "owner" not in host


def test_row_that_changes_nothing_counts_as_update(data):
    """The version of the instance does not change."""
    data.load("HOST", [u"name"], [{"name": u"a", "cpu": 4}])
    assert counts(data.load("HOST", [u"name"], [{"name": u"a", "cpu": 4.0}])) == (0, 1, 0)
    assert data.search("HOST")["list"][0]["_version"] == 1


def test_same_key_twice_inserts_then_updates(data):
    """A row sees the changes of earlier rows."""
    result = data.load("HOST", [u"name"], [{"name": u"a", "cpu": 4}, {"name": u"a", "cpu": 8}])
    assert counts(result) == (1, 1, 0)
    assert data.search("HOST")["list"][0]["cpu"] == 8


def test_several_keys_identify_together(data):
    """An instance must match all keys; the order of the keys does not matter."""
    data.load("APP", [u"name"], [{"name": u"a", "language": u"go"}])
    rows = [{"name": u"b", "language": u"go"}, {"name": u"a", "language": u"go", "hosts": [u"h"]}]
    assert counts(data.load("APP", [u"language", u"name"], rows)) == (1, 1, 0)
    assert counts(data.load("APP", [u"name", u"language"], rows)) == (0, 2, 0)


def test_number_as_key_matches_by_value(data):
    """The key 8.0 finds the value 8."""
    data.load("HOST", [u"name"], [{"name": u"a", "cpu": 8}])
    assert counts(data.load("HOST", [u"cpu"], [{"cpu": 8.0, "owner": u"x"}])) == (0, 1, 0)


def test_row_that_matches_several_instances_fails(data):
    """Its code is FAILED_PRECONDITION, and no instance changes."""
    data.load("HOST", [u"name"], [{"name": u"a", "cpu": 4}, {"name": u"b", "cpu": 4}])
    row = {"cpu": 4, "owner": u"x"}
    result = data.load("HOST", [u"cpu"], [row])
    assert counts(result) == (0, 0, 1)
    assert result["data"] == [
        {"code": 100001, "error": u"several instances have this cpu", "data": [row]}
    ]
    assert data.search("HOST", query={"owner": {"$exists": True}})["total"] == 0


@pytest.mark.parametrize(
    "row, code, error",
    [
        ({"cpu": 4}, 100000, u"key attribute name is missing"),
        ({"name": None}, 100000, u"key attribute name is missing"),
        ({"name": u""}, 100000, u"key attribute name is missing"),
        ({"name": 1}, 100000, u"attribute name must be text"),
        ({"name": u"x", "cpu": u"4"}, 100000, u"attribute cpu must be a number"),
        ({"name": u"x", "env": u"live"}, 100000, u"attribute env must be one of dev, test, prod"),
        ({"name": u"x", "tags": u"a"}, 100000, u"attribute tags must be a list"),
        ({"name": u"x\x00"}, 100000, u"attribute name must not contain the character U+0000"),
    ],
)
def test_bad_row_fails_alone(data, row, code, error):
    """It is returned in a list with its code; the other rows are stored."""
    result = data.load("HOST", [u"name"], [{"name": u"before"}, row, {"name": u"after"}])
    assert counts(result) == (2, 0, 1)
    assert result["data"] == [{"code": code, "error": error, "data": [row]}]
    assert data.names("HOST") == [u"after", u"before"]


def test_taken_unique_value_fails_the_row(data):
    """A row that matches by another key may still conflict on the name."""
    data.load("HOST", [u"name"], [{"name": u"a", "ip": u"1"}, {"name": u"b", "ip": u"2"}])
    result = data.load("HOST", [u"ip"], [{"ip": u"2", "name": u"a"}, {"ip": u"3", "name": u"b"}])
    assert counts(result) == (0, 0, 2)
    assert [failure["code"] for failure in result["data"]] == [100007, 100007]


def test_missing_required_attribute_fails_an_insert_but_not_an_update(data):
    """An update does not have to repeat stored values."""
    data.load("HOST", [u"name"], [{"name": u"a", "ip": u"1"}])
    result = data.load("HOST", [u"ip"], [{"ip": u"1", "cpu": 4}, {"ip": u"2", "cpu": 4}])
    assert counts(result) == (0, 1, 1)
    assert result["data"][0]["error"] == u"attribute name is required"


def test_exported_instances_can_be_imported(data):
    """System fields in rows are ignored, so a changed export is an update."""
    data.load("HOST", [u"name"], [{"name": u"a", "cpu": 4}])
    exported = data.search("HOST")["list"][0]
    assert counts(data.load("HOST", [u"name"], [dict(exported, cpu=8, _version=99)])) == (0, 1, 0)
    now = data.search("HOST")["list"][0]
    assert (now["instanceId"], now["cpu"], now["_version"]) == (exported["instanceId"], 8, 2)


def test_instance_id_alone_is_a_key(data):
    """It updates the instance with this id; a row with an unknown id creates an instance."""
    made = data.create("HOST", name=u"a")
    rows = [
        {"instanceId": made["instanceId"], "cpu": 4},
        {"instanceId": u"0000000000000", "name": u"b"},
        {"name": u"c"},
        {"instanceId": [1], "name": u"d"},
    ]
    result = data.load("HOST", [u"instanceId"], rows)
    assert counts(result) == (1, 1, 2)
    assert data.get("HOST", made["instanceId"])["cpu"] == 4
    assert u"0000000000000" not in [host["instanceId"] for host in data.search("HOST")["list"]]


def test_default_of_the_model_fills_inserts_only(tmpdir):
    """An update does not restore a default that was cleared."""
    attributes = [
        {"id": "name", "value": {"type": "str"}},
        {"id": "ip", "value": {"type": "str", "default_type": "value", "default": "none"}},
    ]
    store = Store.open(str(tmpdir.join("x.db")), seed=[{"objectId": "A", "attrList": attributes}])
    data = Data(store)
    data.load("A", [u"name"], [{"name": u"x"}])
    assert data.search("A")["list"][0]["ip"] == u"none"
    data.load("A", [u"name"], [{"name": u"x", "ip": None}])
    data.load("A", [u"name"], [{"name": u"x"}])
    assert "ip" not in data.search("A")["list"][0]
    store.close()


def test_metadata_is_imported_only_when_asked_for(data):
    """With importMetadata rows set creator and ctime, and record a modifier."""
    row = {"name": u"a", "creator": u"carol", "ctime": u"2020-01-01 00:00:00"}
    data.load("HOST", [u"name"], [dict(row, name=u"b")])
    data.load("HOST", [u"name"], [row], importMetadata=True)
    imported, plain = data.search("HOST")["list"]
    assert (imported["creator"], imported["ctime"]) == (u"carol", u"2020-01-01 00:00:00")
    assert imported["modifier"] == u"easyops" and "mtime" in imported
    assert plain["creator"] == u"easyops" and "mtime" not in plain


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"keys": None},
        {"keys": []},
        {"keys": u"name"},
        {"keys": [1]},
        {"keys": [[u"name"]]},
        {"keys": [u"typo"]},
        {"keys": [u"tags"]},
        {"keys": [u"_ts"]},
        {"keys": [u"name", u"instanceId"]},
        {"keys": [u"name"], "datas": None},
        {"keys": [u"name"], "datas": {}},
        {"keys": [u"name"], "datas": [{"name": u"y"}, [u"z"]]},
        {"keys": [u"name"], "importMetadata": u"perhaps"},
    ],
)
def test_invalid_request_fails_as_a_whole(data, body):
    """Nothing is written, not even valid rows."""
    body.setdefault("datas", [{"name": u"x"}])
    with pytest.raises(InvalidArgument):
        data.write(importing_rows.import_instances, "HOST", body)
    assert data.search("HOST")["total"] == 0


def test_unknown_model_is_not_created(data):
    """The answer is NOT_FOUND."""
    with pytest.raises(NotFound):
        data.load("HOSTS", [u"name"], [{"name": u"x"}])


def test_rows_are_limited(data):
    """The default allows 3000 rows, which the vendor's users send; a lower limit is obeyed."""
    assert importing_rows.MAX_ROWS >= 3000
    body = {"keys": [u"name"], "datas": [{"name": u"a"}, {"name": u"b"}, {"name": u"c"}]}
    with pytest.raises(InvalidArgument) as caught:
        data.write(importing_rows.import_instances, "HOST", body, 2)
    assert u"3 rows, 2" in caught.value.text
    assert counts(data.write(importing_rows.import_instances, "HOST", body, 3)) == (3, 0, 0)


def test_empty_list_of_rows_is_accepted(data):
    """The counts are 0."""
    assert counts(data.load("HOST", [u"name"], [])) == (0, 0, 0)


def test_3000_rows_half_of_them_updates(data):
    """A common size of requests; the counts add up."""
    rows = [{"name": u"host-%d" % number, "cpu": number} for number in range(3000)]
    assert counts(data.load("HOST", [u"name"], rows[:1500])) == (1500, 0, 0)
    assert counts(data.load("HOST", [u"name"], rows)) == (1500, 1500, 0)
    assert data.search("HOST", query={"cpu": {"$gte": 2000}})["total"] == 1000


#: Of each type an attribute, and a value of it.
CELLS = [
    ({"type": "int"}, 1),
    ({"type": "float"}, 0.5),
    ({"type": "bool"}, True),
    ({"type": "enum", "regex": [u"dev"]}, u"dev"),
    ({"type": "enums", "regex": [u"dev"]}, [u"dev"]),
    ({"type": "date"}, u"2024-02-29"),
    ({"type": "datetime"}, u"2024-02-29 00:00:00"),
    ({"type": "ip"}, u"10.0.0.1"),
    ({"type": "arr"}, [u"a"]),
    ({"type": "struct", "struct_define": [{"id": "n", "type": "int"}]}, {u"n": 1}),
    ({"type": "structs", "struct_define": [{"id": "n", "type": "int"}]}, [{u"n": 1}]),
]


@pytest.mark.parametrize("definition, value", CELLS, ids=[one["type"] for one, _ in CELLS])
def test_empty_cell_means_no_value(tmpdir, definition, value):
    """Like null: an insert uses the default, an update clears, a required attribute is missing."""
    plain = {"id": "x", "value": definition}
    default = {"id": "y", "value": dict(definition, default_type="value", default=value)}
    required = {"id": "z", "value": definition, "required": "true"}
    name = {"id": "name", "value": {"type": "str"}, "unique": "true"}
    seed = [{"objectId": "A", "attrList": [name, plain, default, required]}]
    store = Store.open(str(tmpdir.join("cells.db")), seed=seed)
    data = Data(store)
    rows = [
        {"name": u"a", "x": u"", "y": u"", "z": value},
        {"name": u"b", "x": value, "z": value},
        {"name": u"b", "x": u"", "y": u"", "z": value},
        {"name": u"c", "z": u""},
    ]
    result = data.load("A", [u"name"], rows)
    assert [failure["error"] for failure in result["data"]] == [u"attribute z is required"]
    second, first = data.search("A")["list"]
    assert "x" not in first and first["y"] == value
    assert "x" not in second and "y" not in second
    store.close()


def test_empty_text_is_a_value_where_it_can_be_one(tmpdir):
    """In texts, in JSON, and in an enum that lists it."""
    values = [{"type": "str"}, {"type": "json"}, {"type": "enum", "regex": [u"", u"dev"]}]
    attributes = [{"id": "x%d" % n, "value": value} for n, value in enumerate(values)]
    attributes.append({"id": "name", "value": {"type": "str"}})
    store = Store.open(
        str(tmpdir.join("texts.db")), seed=[{"objectId": "A", "attrList": attributes}]
    )
    data = Data(store)
    data.load("A", [u"name"], [{"name": u"a", "x0": u"", "x1": u"", "x2": u""}])
    stored = data.search("A")["list"][0]
    assert [stored[name] for name in ("x0", "x1", "x2")] == [u""] * 3
    store.close()


def test_empty_member_of_a_struct_means_no_value(tmpdir):
    """A table has cells for members, too."""
    members = [{"id": "n", "type": "int"}, {"id": "text", "type": "str"}]
    attributes = [
        {"id": "name", "value": {"type": "str"}},
        {"id": "one", "value": {"type": "struct", "struct_define": members}},
    ]
    store = Store.open(
        str(tmpdir.join("members.db")), seed=[{"objectId": "A", "attrList": attributes}]
    )
    data = Data(store)
    row = {"name": u"a", "one": {"n": u"", "text": u""}}
    assert data.load("A", [u"name"], [row])["failed_count"] == 0
    assert data.search("A")["list"][0]["one"] == {"text": u""}
    store.close()


def test_null_in_a_list_is_reported_with_its_index(data):
    """The message does not claim that other elements are not texts."""
    result = data.load("HOST", [u"name"], [{"name": u"a", "tags": [u"x", None]}])
    assert result["data"][0]["error"] == (
        u"attribute tags has null at index 1 of its list; leave it out"
    )
