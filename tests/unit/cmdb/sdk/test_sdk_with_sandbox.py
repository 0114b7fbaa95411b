# -*- coding: utf-8 -*-
"""Each method of CMDBSDK with the sandbox, in this process."""

from __future__ import absolute_import, division, print_function

import pytest
from raw_server import PATIENCE
from sandbox_models import RELATED, relation, text

from waterspout.testing import AppTransport
from waterspout_cmdb import CMDBSDK, CMDBError
from waterspout_cmdb.sandbox.app import make_app
from waterspout_cmdb.sandbox.storage import Store

NAME = u"主机-1 \U0001f600 é 'x' \"y\" \\ /?#&%41 \u2028"
HOST = {
    u"name": NAME,
    u"cpu": 2**63 - 1,
    u"tags": [u"中", u"\U0001f600", u"", 1, -0.5, True, False],
    u"chip": {u"cores": 8, u"vendor": u"英特尔"},
}


class Caller(object):
    """A CMDBSDK whose methods wait and return ``data``."""

    def __init__(self, io_loop, sdk):
        self._io_loop = io_loop
        self._sdk = sdk

    def __getattr__(self, name):
        def call(*args, **kwargs):
            method = getattr(self._sdk, name)
            envelope = self._io_loop.run_sync(lambda: method(*args, **kwargs), PATIENCE)
            assert envelope["code"] == 0
            return envelope["data"]

        return call


@pytest.fixture
def cmdb(io_loop, tmpdir):
    store = Store.open(str(tmpdir.join("sandbox.db")), seed=RELATED)
    sdk = CMDBSDK("cmdb.test", org=777777, user="easyops", transport=AppTransport(make_app(store)))
    yield Caller(io_loop, sdk)
    io_loop.run_sync(sdk.close, PATIENCE)
    store.close()


def stored(instance):
    """What a caller put into an instance."""
    return {name: instance[name] for name in HOST}


def test_import_and_every_way_to_read_it(cmdb):
    """Texts in any script, numbers of any size, lists and structs."""
    result = cmdb.instance_api_import_instance("HOST", {"keys": ["name"], "datas": [HOST, {}]})
    assert (result["insert_count"], result["failed_count"]) == (1, 1)
    body = {"query": {"name": NAME, "tags": {"$in": [u"中"]}}}
    host = cmdb.instance_api_search_instance("HOST", body)["list"][0]
    assert stored(host) == HOST
    instance_id = host["instanceId"]
    assert cmdb.instance_api_get_instance("HOST", instance_id) == host
    assert cmdb.instance_api_list_instance("HOST", page=1, page_size=10)["list"] == [host]
    assert "apps" not in cmdb.instance_api_list_instance("HOST", relations=[])["list"][0]
    sort = [{"key": "name", "order": -1}]
    found = cmdb.instance_api_search_instance_v2("HOST", dict(body, fields={}, sort=sort))
    assert found["list"] == [host]
    found = cmdb.instance_api_search_instance_v3("HOST", dict(body, fields=["name"], sort=sort))
    assert found["list"] == [{"instanceId": instance_id, "name": NAME}]
    pages = cmdb.instance_api_search_instance_batch([{"object_id": "HOST", "search": body}])
    assert [page["list"] for page in pages] == [[host]]
    assert cmdb.instance_api_search_total("HOST", body) == 1
    assert cmdb.instance_api_count_instance(["HOST", "APP"]) == {"HOST": 1, "APP": 0}
    assert cmdb.instance_api_count_instance()["USER"] == 0


def test_create_update_delete(cmdb):
    """One at a time, and several."""
    host = cmdb.instance_api_create_instance("HOST", HOST)
    assert stored(host) == HOST
    instance_id = host["instanceId"]
    assert cmdb.instance_api_update_instance("HOST", instance_id, {"cpu": 1})["cpu"] == 1
    other = u"另一个 \U0001f600"
    changed = cmdb.instance_api_update_instance_v2(
        "HOST", instance_id, {"name": other, "apps": [{"name": NAME}]}
    )
    assert (changed["name"], changed["apps"][0]["name"]) == (other, NAME)
    shown = cmdb.instance_api_get_instance("HOST", instance_id, fields=["name", "apps.name"])
    assert shown["apps"][0]["name"] == NAME
    assert cmdb.instance_api_delete_instance("HOST", instance_id)["name"] == other
    rows = cmdb.instance_api_upsert_instance("HOST", {"datas": [HOST, {"name": u"b"}]})["list"]
    ids = [row["instanceId"] for row in rows]
    failed = cmdb.instance_api_delete_instance_batch("HOST", ids + [instance_id])
    assert [one["instanceId"] for one in failed["deleteFailedInstances"]] == [instance_id]


def test_import_by_filters_and_groups(cmdb):
    """Arrays in both directions, functions of groups, counts of values."""
    items = [
        {"filter": {"name": NAME + number}, "update": {"cpu": 4}, "upsert": True}
        for number in u"12"
    ]
    results = cmdb.instance_api_import_instance_json("HOST", items)
    assert [result["effected"] for result in results] == [True, True]
    funcs = [{"op": "sum", "field": "cpu", "alias": "all"}]
    groups = cmdb.instance_api_group_instance("HOST", {"group_field": "cpu", "funcs": funcs})
    assert groups["list"][0]["func_values"] == [{"alias": "all", "value": 8}]
    groups = cmdb.instance_api_group_instance_v3(
        "HOST", {"group_fields": ["name"], "funcs": funcs}
    )
    assert [group["name"] for group in groups["list"]] == [NAME + u"1", NAME + u"2"]
    counts = cmdb.instance_api_count_value("HOST", "cpu", page_size=5)
    assert counts["list"] == [{"count": 2, "attr": {"cpu": 4}}]


def test_models_and_their_parts(cmdb):
    """Create, get, list, change, delete."""
    made = cmdb.object_api_create_object(
        {"objectId": "RACK", "name": NAME, "attrList": [text("name"), text("room")]}
    )
    assert made["name"] == NAME
    assert cmdb.object_api_get_object("RACK") == made
    assert cmdb.object_api_update_object("RACK", {"memo": NAME})["memo"] == NAME
    assert cmdb.object_api_list_object(page=2, page_size=3)["list"][0]["objectId"] == "RACK"
    assert [one["memo"] for one in cmdb.object_api_list_object_all(["RACK"])] == [NAME]
    assert len(cmdb.object_api_list_object_all()) == 4
    attribute = {"id": "units", "name": NAME, "value": {"type": "int"}}
    assert cmdb.object_api_create_attribute("RACK", attribute)["name"] == NAME
    assert cmdb.object_api_update_attribute("RACK", "units", {"name": "U"})["name"] == "U"
    assert cmdb.object_api_get_attribute("RACK", "units")["name"] == "U"
    assert cmdb.object_api_delete_attribute("RACK", "units")["id"] == "units"
    index = {"propertyIds": ["name", "room"], "unique": True}
    index = cmdb.object_api_create_index("RACK", index)
    assert cmdb.object_api_delete_index("RACK", index["indexName"]) == index


def test_relations_of_models_and_instances(cmdb):
    """Create, change, delete; set, append, remove."""
    made = cmdb.object_relation_api_create_relation(relation("HOST", "twins", "twin_of", "HOST"))
    key = made["relation_id"]
    assert cmdb.object_relation_api_get_relation(key) == made
    assert cmdb.object_relation_api_update_relation(key, {"name": NAME})["name"] == NAME
    ids = [
        cmdb.instance_api_create_instance("HOST", {"name": name})["instanceId"] for name in u"abc"
    ]

    def twins():
        host = cmdb.instance_api_get_instance("HOST", ids[0], fields=["twins.name"])
        return [twin["name"] for twin in host["twins"]]

    assert cmdb.instance_relation_api_set("HOST", "twins", ids[:1], ids[1:2]) is None
    assert twins() == ["b"]
    cmdb.instance_relation_api_append("HOST", "twins", ids[:1], ids[2:])
    assert twins() == ["b", "c"]
    cmdb.instance_relation_api_remove("HOST", "twins", ids[:1], ids[1:2])
    assert twins() == ["c"]
    assert cmdb.object_relation_api_delete_relation(key)["relation_id"] == key


def test_errors_arrive_with_their_code(cmdb):
    """The vendor's code and the text, for each kind of error."""
    cmdb.instance_api_create_instance("HOST", HOST)
    for code, call in [
        (100000, lambda: cmdb.instance_api_search_total("HOST", {"query": {"typo": 1}})),
        (100005, lambda: cmdb.object_api_get_object("NOWHERE")),
        (100007, lambda: cmdb.instance_api_create_instance("HOST", HOST)),
        (100012, lambda: cmdb.instance_api_search_instance("HOST", {"only_my_instance": True})),
    ]:
        with pytest.raises(CMDBError) as caught:
            call()
        assert caught.value.code == code
        assert str(caught.value)
