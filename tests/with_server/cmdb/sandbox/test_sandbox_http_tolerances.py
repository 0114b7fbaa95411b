# -*- coding: utf-8 -*-
"""The forms of requests and answers on which existing clients depend."""

from __future__ import absolute_import, division, print_function

import json

from sandbox_http import SandboxTestCase
from sandbox_models import RELATED
from tornado.escape import json_decode


class ToleranceTest(SandboxTestCase):
    """Section 1 of the contract, for every family of endpoints."""

    seed = RELATED

    def setUp(self):
        super(ToleranceTest, self).setUp()
        self.app = self.create("APP", name=u"web")["instanceId"]
        self.host = self.create("HOST", name=u"a", cpu=4, apps=[self.app])["instanceId"]

    def test_integers_may_be_floats(self):
        """18.0, from clients with one type of number, is stored and returned as 18."""
        self.load("HOST", ["cpu"], [{"cpu": 4.0, "name": u"a", "chip": {"cores": 18.0}}])
        host = self.search("HOST", query={"cpu": 4.0}, sort={"cpu": -1.0}, fields={"*": 1.0},
                           page=1.0, page_size=30.0, relation_limit=0.0)["list"][0]
        self.assertEqual(repr((host["cpu"], host["chip"]["cores"])), "(4, 18)")
        self.data("POST", "/v2/object/HOST/instance/_search",
                  {"fields": {}, "sort": [{"key": "cpu", "order": 1.0}]})
        self.search("HOST", query={"apps": {"$size": {"$gte": 1.0}}})
        for path in (
            "/object/HOST/instance?page=1.0&page_size=18.0",
            "/object/HOST/instance/%s?relation_limit=1.0" % self.host,
            "/object?page=1.0",
            "/object/HOST/instance/aggregate/count/cpu?page_size=18.0",
            "/v2/object/HOST/instance_aggregate/count/cpu?top=5.0",
        ):
            self.data("GET", path)

    def test_unset_fields_may_be_null_or_empty(self):
        """Some clients send every field."""
        nothing = {"query": None, "sort": None, "page": 0, "page_size": 0, "permission": [],
                   "only_my_instance": False, "limitations": [], "relation_limit": 0,
                   "filter_relation": False, "query_context": {}, "metrics_filter": None}
        for path, fields in [
            ("/object/HOST/instance/_search", None),
            ("/object/HOST/instance/_search", {}),
            ("/v2/object/HOST/instance/_search", {}),
            ("/v3/object/HOST/instance/_search", []),
        ]:
            page = self.data("POST", path, dict(nothing, fields=fields))
            self.assertEqual((page["total"], page["page_size"]), (1, 30))
        self.assertEqual(self.data("POST", "/object/HOST/instance/_search_total", nothing), 1)
        self.load("HOST", ["name"], [{"name": u"b"}], importMetadata=None,
                  disableNestedCreateInstance=None, ignoreReadonlyFields=None)
        funcs = [{"op": "count", "field": "", "alias": "n"}]
        self.data("POST", "/object/HOST/instance/group",
                  dict(nothing, group_field="cpu", funcs=funcs))
        self.data("POST", "/object/HOST/relation/apps/append", {
            "instance_ids": [self.host], "related_instance_ids": [], "properties": None})
        self.data("POST", "/object", {
            "objectId": "NEW", "name": "New", "category": None, "memo": "", "view": None,
            "attrList": None, "indexList": [], "relation_list": None, "isAbstract": False,
            "parentObjectIds": [], "protected": None})
        self.data("POST", "/object/NEW/attr", {
            "id": "a", "name": "A", "unique": None, "required": "", "readonly": None,
            "value": {"type": "str", "regex": "", "default_type": "", "default": None,
                      "struct_define": None}})

    def test_names_from_the_path_may_be_repeated(self):
        """In bodies, with any value."""
        again = {"objectId": u"X", "object_id": u"X", "instanceId": u"X", "relationSideId": u"X"}
        self.data("POST", "/object/HOST/instance/_import",
                  dict(again, keys=["name"], datas=[{"name": u"b"}]))
        self.data("POST", "/object/HOST/instance/_search", again)
        path = "/object/HOST/instance/" + self.host
        self.assertEqual(self.data("PUT", path, dict(again, cpu=5))["instanceId"], self.host)
        made = self.data("POST", "/v2/object/HOST/instance", dict(again, name=u"c"))
        self.assertNotEqual(made["instanceId"], u"X")
        self.data("POST", "/object/HOST/relation/apps/set", dict(
            again, instance_ids=[self.host], related_instance_ids=[self.app]))
        self.data("PUT", "/object/HOST", dict(again, memo=u"x"))
        self.assertEqual(self.data("GET", "/object/HOST")["objectId"], "HOST")

    def test_delete_may_have_a_body(self):
        """Of one instance, of several, of the parts of a model."""
        body = {"objectId": u"HOST", "instanceId": self.host}
        self.data("DELETE", "/object/HOST/instance/" + self.host, body)
        self.data("DELETE", "/object/APP/instance/_batch", {"instanceIds": self.app})
        self.data("DELETE", "/object/HOST/attr/cpu", {"objectId": u"HOST", "attrId": u"cpu"})
        self.data("DELETE", "/object_relation/HOST_apps_hosts_APP", {"relationId": u"x"})

    def test_booleans_in_queries_have_three_spellings(self):
        """true, True and 1."""
        for yes in ("true", "True", "1"):
            path = "/v2/object/HOST/instance/%s?only_instance_id=%s" % (self.host, yes)
            self.assertEqual(self.data("PUT", path, {}), {"instanceId": self.host})
        for no in ("false", "False", "0", ""):
            path = "/v2/object/HOST/instance/%s?only_instance_id=%s" % (self.host, no)
            self.assertIn("name", self.data("PUT", path, {}))

    def test_data_is_never_null_where_an_object_is_documented(self):
        """And null exactly where that is documented."""
        path = "/object/HOST/instance"
        one = path + "/" + self.host
        for method, where, body, kind in [
            ("POST", path + "/_import", {"keys": ["name"], "datas": []}, dict),
            ("POST", path + "/_import-json", [], list),
            ("POST", path + "/_search", {"query": {"name": u"nobody"}}, dict),
            ("POST", path + "/_search_total", {"query": {"name": u"nobody"}}, int),
            ("POST", "/batch/object/instance/_search", {"data": [{"object_id": "APP"}]}, list),
            ("POST", path + "/upsert", {"datas": []}, dict),
            ("GET", path, None, dict),
            ("GET", "/object_all?objectIds=NOWHERE", None, list),
            ("GET", "/object_count_all", None, dict),
            ("GET", path + "/aggregate/count/cpu", None, dict),
            ("GET", "/v2/object/HOST/instance_aggregate/count/cpu", None, list),
            ("PUT", one, {}, dict),
            ("GET", one, None, dict),
            ("DELETE", path + "/_batch?instanceIds=x", None, dict),
            ("DELETE", one, None, dict),
            ("POST", "/object/HOST/relation/apps/set", {
                "instance_ids": [], "related_instance_ids": []}, type(None)),
        ]:
            self.assertIs(type(self.data(method, where, body)), kind, where)

    def test_counts_are_integers(self):
        """A float would be encoded as 1.0."""
        for path, body in [
            ("_import", {"keys": ["name"], "datas": [{"name": u"b"}]}),
            ("_search", {"page": 1.0, "page_size": 2.0}),
            ("_search_total", {}),
        ]:
            response = self.send("POST", "/object/HOST/instance/" + path, body)
            json_text = json.dumps(json_decode(response.body)["data"])
            self.assertNotIn(".0", json_text)

    def test_huge_numbers_are_refused_not_rounded(self):
        """Numbers without an exact form in 64 bits, at any place."""
        path = "/v2/object/HOST/instance"
        for cpu in (2**63, -(2**63) - 1, 10**400, 0.5, 1e300):
            self.refused(400, 100000, "POST", path, {"name": u"n", "cpu": cpu})
            self.refused(400, 100000, "POST", "/object/HOST/instance/_search",
                         {"query": {"cpu": {"$gt": 10**400}}})
        for page in (2**63, 10**400, -1, 1.5, "1", [1], {"a": 1}):
            self.refused(400, 100000, "POST", "/object/HOST/instance/_search", {"page": page})
        self.refused(400, 100000, "POST", path, raw='{"name": "n", "cpu": 1e400}')
