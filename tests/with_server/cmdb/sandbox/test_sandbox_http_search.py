# -*- coding: utf-8 -*-
from __future__ import absolute_import, division, print_function

from sandbox_http import SandboxTestCase
from tornado.escape import json_decode

SEARCH = "/object/HOST/instance/_search"


class SearchTest(SandboxTestCase):
    """POST /object/{objectId}/instance/_search."""

    def setUp(self):
        super(SearchTest, self).setUp()
        rows = [
            {"name": u"web-1", "cpu": 4, "env": u"prod", "tags": [u"a", u"b"], "ip": u"10.0.0.1"},
            {"name": u"web-2", "cpu": 8, "env": u"test", "tags": [u"b"]},
            {"name": u"db-1", "cpu": 16, "env": u"prod", "tags": [], "owner": u"100%"},
        ]
        self.load("HOST", ["name"], rows)

    def names(self, **body):
        return [host["name"] for host in self.search("HOST", **body)["list"]]

    def test_page_has_the_documented_form(self):
        """Counts and pages are integers; the list is a list even if it is empty."""
        page = self.search("HOST", query={"name": u"nobody"})
        self.assertEqual(page, {"list": [], "total": 0, "page": 1, "page_size": 30})
        page = self.search("HOST", page=2, page_size=2)
        self.assertEqual([type(page[name]) for name in ("total", "page", "page_size")], [int] * 3)
        self.assertEqual((page["total"], len(page["list"])), (3, 1))

    def test_every_operator_finds_its_instances(self):
        """One example of each; the property tests have more."""
        for condition, names in [
            ({"env": u"prod"}, ["db-1", "web-1"]),
            ({"cpu": {"$eq": 8}}, ["web-2"]),
            ({"cpu": {"$ne": 8}}, ["db-1", "web-1"]),
            ({"owner": {"$ne": u"100%"}}, ["web-2", "web-1"]),
            ({"name": {"$in": [u"db-1", u"web-2", u"x"]}}, ["db-1", "web-2"]),
            ({"tags": {"$in": [u"a"]}}, ["web-1"]),
            ({"tags": {"$nin": [u"b"]}}, ["db-1"]),
            ({"cpu": {"$gt": 4, "$lte": 8}}, ["web-2"]),
            ({"cpu": {"$gte": 8}}, ["db-1", "web-2"]),
            ({"name": {"$lt": u"web"}}, ["db-1"]),
            ({"name": {"$like": u"%eb%"}}, ["web-2", "web-1"]),
            ({"name": {"$nlike": u"%eb%"}}, ["db-1"]),
            ({"tags": {"$exists": True}}, ["web-2", "web-1"]),
            ({"tags": {"$exists": False}}, ["db-1"]),
            ({"tags": {"$size": {"$gt": 1}}}, ["web-1"]),
            ({"$or": [{"cpu": 4}, {"$and": [{"env": u"prod"}, {"cpu": 16}]}]}, ["db-1", "web-1"]),
        ]:
            self.assertEqual(self.names(query=condition), names, condition)

    def test_unknown_operator_is_refused_by_name(self):
        """With 400 and 100000, as for every invalid query."""
        for query, operator in (({"name": {"$regex": u"x"}}, "$regex"), ({"$nor": []}, "$nor")):
            text = self.refused(400, 100000, "POST", SEARCH, {"query": query})
            self.assertIn(operator, text)

    def test_sort_keeps_the_order_of_its_keys(self):
        """The first key in the text of the body is the most significant, also on Python 2."""
        for sort, names in [
            ('{"env": 1, "name": -1}', ["web-1", "db-1", "web-2"]),
            ('{"name": -1, "env": 1}', ["web-2", "web-1", "db-1"]),
            ('{"env": -1, "cpu": 1}', ["web-2", "web-1", "db-1"]),
            ('{"cpu": -1, "env": -1}', ["db-1", "web-2", "web-1"]),
        ]:
            response = self.send("POST", SEARCH, raw='{"sort": %s}' % sort)
            page = json_decode(response.body)["data"]
            self.assertEqual([host["name"] for host in page["list"]], names, sort)

    def test_fields_select_what_is_shown(self):
        """_object_id is always shown."""
        page = self.search("HOST", fields={"name": True}, query={"cpu": 4})
        self.assertEqual(page["list"], [{"name": "web-1", "_object_id": "HOST"}])

    def test_clients_that_send_every_field(self):
        """Unset fields are null, 0, "" or []; integers are 30.0; some fields are unknown."""
        page = self.search(
            "HOST",
            objectId=u"HOST",
            query=None,
            fields={},
            sort={},
            page=0,
            page_size=30.0,
            pageSize=10,
            only_my_instance=False,
            only_relation_view=False,
            permission=[],
            relation_limit=0,
            limitations=[],
            filter_relation=False,
        )
        self.assertEqual((page["total"], page["page"], page["page_size"]), (3, 1, 30))

    def test_page_size_over_the_limit_is_refused(self):
        """The limit is 3000."""
        self.assertIn("3000", self.refused(400, 100000, "POST", SEARCH, {"page_size": 3001}))

    def test_missing_feature_of_a_search_is_501(self):
        """Code 100012, so that an answer is never a wrong result."""
        for body, feature in [
            ({"only_my_instance": True}, "only_my_instance"),
            ({"sort": {"name": 2}}, "natural sort"),
            ({"limitations": [{"field": u"x"}]}, "limitations"),
        ]:
            self.assertIn(feature, self.refused(501, 100012, "POST", SEARCH, body))

    def test_quotes_in_values_do_not_end_sql_strings(self):
        """They are a part of the value."""
        name = u"x' OR '1'='1\"; DROP TABLE models; --"
        self.assertEqual(self.names(query={"name": name}), [])
        self.create("HOST", name=name)
        self.assertEqual(self.names(query={"name": name}), [name])
        self.assertEqual(self.names(query={"name": {"$like": u"%' OR '%"}}), [name])
        self.assertEqual(self.names(query={"owner": {"$like": u"%0%"}}), ["db-1"])
