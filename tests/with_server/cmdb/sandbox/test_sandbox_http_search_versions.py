# -*- coding: utf-8 -*-
from __future__ import absolute_import, division, print_function

from sandbox_http import IDENTITY, SandboxTestCase
from sandbox_models import RELATED

V2 = "/v2/object/HOST/instance/_search"
V3 = "/v3/object/HOST/instance/_search"


class SearchVersionsTest(SandboxTestCase):
    """Search 2 and 3, several searches, and counts."""

    seed = RELATED

    def setUp(self):
        super(SearchVersionsTest, self).setUp()
        self.web = self.create("APP", name=u"web", language=u"go")["instanceId"]
        rows = [
            {"name": u"a", "cpu": 4, "chip": {"cores": 2, "vendor": u"x"}, "apps": [self.web]},
            {"name": u"b", "cpu": 8},
            {"name": u"c", "cpu": 4},
        ]
        self.load("HOST", ["name"], rows)

    def names(self, path, **body):
        return [host["name"] for host in self.data("POST", path, body)["list"]]

    def test_sort_is_a_list(self):
        """In versions 2 and 3; without a sort the newest come first."""
        sort = [{"key": "cpu", "order": -1}, {"key": "name", "order": 1.0}]
        self.assertEqual(self.names(V2, fields={}, sort=sort), ["b", "a", "c"])
        self.assertEqual(self.names(V3, fields=["name"], sort=sort), ["b", "a", "c"])
        self.assertEqual(self.names(V3, fields=["name"], sort=sort[::-1]), ["a", "b", "c"])
        self.assertEqual(self.names(V3, fields=["name"], sort=None), ["c", "b", "a"])

    def test_version_2_accepts_a_map_of_fields(self):
        """It shows _object_id, too, as version 1 does."""
        body = {"fields": {"name": 1, "apps.name": True}, "query": {"name": u"a"}}
        self.assertEqual(self.data("POST", V2, body), {
            "list": [{
                "_object_id": "HOST",
                "name": "a",
                "apps": [{"_object_id": "APP", "instanceId": self.web, "name": "web"}],
            }],
            "total": 1, "page": 1, "page_size": 30,
        })

    def test_version_3_accepts_a_list_of_fields(self):
        """It shows instanceId, too."""
        body = {"fields": ["name", "chip.cores", "apps.language"], "query": {"cpu": 4}}
        page = self.data("POST", V3, dict(body, page=2, page_size=1))
        host = page["list"][0]
        self.assertEqual(host, {
            "instanceId": host["instanceId"],
            "name": "a",
            "chip": {"cores": 2},
            "apps": [{"instanceId": self.web, "language": "go"}],
        })
        self.assertEqual((page["total"], page["page"], page["page_size"]), (2, 2, 1))
        whole = self.data("POST", V3, {"fields": ["*"], "query": {"name": u"b"}})["list"][0]
        self.assertEqual((whole["cpu"], whole["creator"]), (8, "easyops"))
        self.assertNotIn("apps", whole)

    def test_version_3_refuses_unknown_fields(self):
        """At any depth, unless ignore_missing_field_error is set."""
        for name in ("typo", "apps.typo", "apps.owner.typo", "chip.typo", "name.x", u"中", "", "."):
            body = {"fields": ["name", name]}
            self.refused(400, 100000, "POST", V3, body)
            self.data("POST", V3, dict(body, ignore_missing_field_error=True))
        self.names(V2, fields={"name": 1, "typo": 1})

    def test_fields_are_required(self):
        """Unlike in version 1; a wrong type is refused, as it is for sort."""
        for path, body in [
            (V2, {}), (V2, {"fields": None}), (V2, {"fields": ["name"]}), (V3, {}),
            (V3, {"fields": {"name": 1}}), (V3, {"fields": [1]}), (V3, {"fields": "name"}),
            (V2, {"fields": {}, "sort": {"name": 1}}), (V3, {"fields": ["name"], "sort": ["name"]}),
            (V3, {"fields": ["name"], "sort": [{"key": "name"}]}),
            (V3, {"fields": ["name"], "sort": [{"key": 1, "order": 1}]}),
            (V3, {"fields": ["name"], "sort": [{"key": "name", "order": "up"}]}),
            (V3, {"fields": ["a" + ".b" * 60]}),
        ]:
            self.refused(400, 100000, "POST", path, body)

    def test_missing_feature_of_versions_2_and_3_is_501(self):
        """Code 100012."""
        for name, value in [
            ("query_context", {"a": 1}), ("metrics_filter", {"a": 1}), ("limitations", [{}]),
            ("filter_relation", True), ("only_my_instance", True), ("permission", ["operate"]),
        ]:
            body = {"fields": ["name"], name: value}
            self.assertIn(name, self.refused(501, 100012, "POST", V3, body))
            body[name] = type(value)()
            self.data("POST", V3, body)

    def test_several_models_in_one_search(self):
        """An array of pages in the order of the requests, each in the form of version 1."""
        path = "/batch/object/instance/_search"
        pages = self.data("POST", path, {"data": [
            {"object_id": "APP", "search": {"fields": {"name": 1}}},
            {"object_id": "HOST", "search": {"query": {"cpu": 4}, "page_size": 1,
                                             "sort": {"name": 1}}},
            {"object_id": "USER", "search": None},
        ]})
        self.assertEqual([page["total"] for page in pages], [1, 2, 0])
        self.assertEqual(pages[0]["list"], [{"_object_id": "APP", "name": "web"}])
        self.assertEqual([host["name"] for host in pages[1]["list"]], ["a"])
        for body in [{}, {"data": []}, {"data": {}}, {"data": [1]}, {"data": [{}]},
                     {"data": [{"object_id": ["HOST"]}]}, {"data": [{"object_id": 1}]},
                     {"data": [{"object_id": "HOST", "search": [1]}]},
                     {"data": [{"object_id": "HOST"}] * 101}]:
            self.refused(400, 100000, "POST", path, body)
        self.refused(404, 100005, "POST", path, {"data": [{"object_id": "NOWHERE"}]})

    def test_total_is_a_bare_integer(self):
        """Not an object, because clients expect a number."""
        path = "/object/HOST/instance/_search_total"
        total = self.data("POST", path, {"query": {"cpu": 4}})
        self.assertIs(type(total), int)
        self.assertEqual(total, 2)
        self.assertEqual(self.data("POST", path, {"permission": ["read"], "query": None}), 3)
        self.refused(400, 100000, "POST", path, {"query": {"typo": 1}})
        self.assertIn("only_my", self.refused(501, 100012, "POST", path, {"only_my_instance": 1}))
        self.refused(404, 100005, "POST", "/object/NOWHERE/instance/_search_total", {})

    def test_counts_by_several_queries(self):
        """In the order of the requests."""
        path = "/v1/batch/instance/count"
        body = {"objectList": [{"objectId": "HOST", "query": {"cpu": 4}}, {"objectId": "APP"}]}
        self.assertEqual(self.data("POST", path, body), {"objectInfo": [
            {"objectId": "HOST", "count": 2}, {"objectId": "APP", "count": 1}]})
        for body in [{"objectList": [{}]}, {"objectList": [5]}, {"objectList": "HOST"},
                     {"objectList": [{"objectId": [1]}]}]:
            self.refused(400, 100000, "POST", path, body)

    def test_counts_of_all_models(self):
        """Or of some of them; of the caller's organisation only."""
        self.assertEqual(
            self.data("GET", "/object_count_all"), {"HOST": 3, "APP": 1, "USER": 0}
        )
        self.assertEqual(self.data("GET", "/object_count_all?objectIds=APP,HOST"),
                         {"HOST": 3, "APP": 1})
        self.refused(404, 100005, "GET", "/object_count_all?objectIds=APP,NOWHERE")
        other = dict(IDENTITY, org="888888")
        self.assertEqual(
            self.data("GET", "/object_count_all", headers=other), {"HOST": 0, "APP": 0, "USER": 0}
        )
