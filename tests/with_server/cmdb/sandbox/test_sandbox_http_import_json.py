# -*- coding: utf-8 -*-
from __future__ import absolute_import, division, print_function

import json

from sandbox_http import SandboxTestCase
from sandbox_models import RELATED

PATH = "/object/HOST/instance/_import-json"


class ImportJSONTest(SandboxTestCase):
    """POST /object/{objectId}/instance/_import-json, and its version 2."""

    seed = RELATED

    def test_items_match_change_and_insert(self):
        """An array with one result for each item, in order."""
        old = self.create("HOST", name=u"a", cpu=4)["instanceId"]
        results = self.data("POST", PATH, [
            {"filter": {"name": u"a"}, "update": {"cpu": 8}},
            {"filter": {"name": u"a"}, "update": {"cpu": 8.0}, "upsert": True},
            {"filter": {"name": u"主机"}, "update": {"cpu": 8}, "upsert": False},
            {"filter": {"name": u"主机"}, "update": {"cpu": 1, "tags": [u"x"]}, "upsert": True},
            {"filter": {"name": u"主机", "cpu": {"$lt": 5}}, "update": {"cpu": 2}, "upsert": 1},
        ])
        new = results[3]["instanceId"]
        self.assertEqual(results, [
            {"instanceId": one, "code": 0, "message": "", "matched": matched, "effected": effected}
            for one, matched, effected in [
                (old, True, True), (old, True, False), ("", False, False), (new, False, True),
                (new, True, True),
            ]
        ])
        hosts = {host["name"]: host for host in self.search("HOST")["list"]}
        self.assertEqual(hosts[u"主机"]["tags"], ["x"])
        self.assertEqual((hosts[u"a"]["cpu"], hosts[u"主机"]["cpu"]), (8, 2))
        self.assertEqual(hosts[u"a"]["_version"], 2)

    def test_failed_item_is_reported_and_rolled_back(self):
        """The answer is a success; each item has a code."""
        for name in u"ab":
            self.create("HOST", name=name, cpu=1)
        results = self.data("POST", PATH, [
            {"filter": {"cpu": 1}, "update": {"cpu": 2}},
            {"filter": {}, "update": {"cpu": 2}, "upsert": True},
            {"update": {"cpu": 2}},
            {"filter": {"typo": 1}, "update": {}},
            {"filter": {"name": {"$regex": u"a"}}},
            {"filter": {"name": u"a"}, "update": {"cpu": u"x"}},
            {"filter": {"name": u"a"}, "update": {"name": u"b"}},
            {"filter": {"cpu": 9}, "update": {}, "upsert": True},
            {"filter": [1], "update": {}},
            {"filter": {"name": u"a"}, "update": [1]},
            {"filter": {"name": u"a"}, "update": {"apps": [u"x"]}},
            {"filter": {"name": u"zz"}, "update": {}, "upsert": u"yes"},
            {"filter": {"name": u"a"}, "update": {"cpu": 5}},
        ])
        self.assertEqual(
            [result["code"] for result in results],
            [100001] + [100000] * 5 + [100007] + [100000] * 3 + [100005, 100000, 0],
        )
        self.assertTrue(all(result["message"] for result in results[:-1]))
        self.assertFalse(any(result["matched"] or result["effected"] for result in results[:-1]))
        self.assertEqual(self.search("HOST", query={"cpu": 5})["total"], 1)
        self.assertEqual(self.search("HOST")["total"], 2)

    def test_relations_count_as_effects(self):
        """In updates and in filters."""
        app = self.create("APP", name=u"web")["instanceId"]
        items = [{"filter": {"name": u"a"}, "update": {"apps": [app]}, "upsert": True}] * 2
        results = self.data("POST", PATH, items)
        self.assertEqual([result["effected"] for result in results], [True, False])
        results = self.data(
            "POST", PATH, [{"filter": {"apps.name": u"web"}, "update": {"cpu": 3}}]
        )
        self.assertEqual((results[0]["matched"], results[0]["effected"]), (True, True))

    def test_version_2_wraps_the_same(self):
        """importData in the request, importDetails in the answer."""
        path = "/v2" + PATH
        item = {"filter": {"name": u"a"}, "update": {"apps": [{"name": u"new"}]}, "upsert": True}
        body = {"importData": [item], "ignoreReadonlyFields": False}
        details = self.data("POST", path, dict(body, disableNestedCreateInstance=True))
        self.assertIn("disabled", details["importDetails"][0]["message"])
        details = self.data("POST", path, body)["importDetails"]
        self.assertEqual((details[0]["code"], details[0]["effected"]), (0, True))
        for body in ({}, {"importData": {}}, {"importData": [1]}, {"importData": None}):
            self.refused(400, 100000, "POST", path, body)

    def test_invalid_request_of_items_writes_nothing(self):
        """Not an array, an item that is not a map, too many items, an unknown model."""
        item = {"filter": {"name": u"a"}, "update": {}, "upsert": True}
        for body in ({"importData": [item]}, [item, 1], [item, None], [item] * 3001):
            self.refused(400, 100000, "POST", PATH, body)
        for raw in ("", "[", "null", "1", "[NaN]", json.dumps([item]) + "x"):
            self.refused(400, 100000, "POST", PATH, raw=raw)
        self.refused(404, 100005, "POST", PATH.replace("HOST", "NOWHERE"), [item])
        self.assertEqual(self.search("HOST")["total"], 0)
        self.assertEqual(self.data("POST", PATH, []), [])
