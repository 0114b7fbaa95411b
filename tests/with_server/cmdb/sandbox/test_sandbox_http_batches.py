# -*- coding: utf-8 -*-
from __future__ import absolute_import, division, print_function

from sandbox_http import SandboxTestCase
from sandbox_models import RELATED

DELETE = "/object/HOST/instance/_batch"
UPSERT = "/object/HOST/instance/upsert"
NOWHERE = u"0000000000000"


class BatchDeleteTest(SandboxTestCase):
    """DELETE /object/{objectId}/instance/_batch."""

    def setUp(self):
        super(BatchDeleteTest, self).setUp()
        self.ids = [self.create("HOST", name=name)["instanceId"] for name in u"abcd"]

    def left(self):
        return sorted(host["name"] for host in self.search("HOST")["list"])

    def test_ids_in_the_query(self):
        """Separated by semicolons, escaped or not."""
        answer = self.data("DELETE", DELETE + "?instanceIds=" + ";".join(self.ids[:2]))
        self.assertEqual(answer, {"deleteFailedInstances": []})
        self.assertEqual(self.left(), ["c", "d"])
        self.data("DELETE", DELETE + "?x=1&instanceIds=" + "%3B".join(self.ids[2:]))
        self.assertEqual(self.left(), [])

    def test_ids_in_a_body(self):
        """In the form of the vendor's Python client, with path arguments; or as a list."""
        body = {"instanceIds": ";".join(self.ids[:2]), "objectId": "HOST"}
        self.assertEqual(self.data("DELETE", DELETE, body), {"deleteFailedInstances": []})
        self.data("DELETE", DELETE, {"instanceIds": self.ids[2:3]})
        self.assertEqual(self.left(), ["d"])

    def test_ids_that_are_not_texts_are_refused(self):
        """A null among them is an error."""
        for ids, complaint in ([self.ids[0], None], "null at index 1"), ([1], "texts"):
            text = self.refused(400, 100000, "DELETE", DELETE, {"instanceIds": ids})
            self.assertIn(complaint, text)
        self.assertEqual(self.left(), ["a", "b", "c", "d"])

    def test_missing_instances_are_listed(self):
        """The others are deleted; a repeated id is listed the second time."""
        ids = [self.ids[0], NOWHERE, "", "' OR 1=1", self.ids[0]]
        answer = self.data("DELETE", DELETE, {"instanceIds": ";".join(ids)})
        self.assertEqual(answer["deleteFailedInstances"], [
            {"instanceId": one, "_object_id": "HOST", "name": ""}
            for one in (NOWHERE, "' OR 1=1", self.ids[0])
        ])
        self.assertEqual(self.left(), ["b", "c", "d"])

    def test_empty_list_of_ids_is_refused(self):
        """It does not mean all instances."""
        self.refused(400, 100000, "DELETE", DELETE)
        self.refused(400, 100000, "DELETE", DELETE + "?instanceIds=")
        self.refused(400, 100000, "DELETE", DELETE, raw="[1]")
        for ids in (None, 5, {}, [], [5], ""):
            self.refused(400, 100000, "DELETE", DELETE, {"instanceIds": ids})
        self.refused(404, 100005, "DELETE", "/object/NOWHERE/instance/_batch?instanceIds=a")
        self.refused(405, 100012, "GET", DELETE)
        self.assertEqual(len(self.left()), 4)


class UpsertTest(SandboxTestCase):
    """POST /object/{objectId}/instance/upsert."""

    seed = RELATED

    def upsert(self, *rows, **more):
        return self.data("POST", UPSERT, dict(more, datas=list(rows)))["list"]

    def test_rows_update_or_insert(self):
        """By instanceId or by a unique attribute; the answer has all instances in order."""
        app = self.create("APP", name=u"web")["instanceId"]
        old = self.create("HOST", name=u"a", cpu=1)
        hosts = self.upsert(
            {"instanceId": old["instanceId"], "name": u"A", "cpu": 2},
            {"name": u"b", "apps": [app]},
            {"name": u"b", "cpu": 3.0},
        )
        self.assertEqual([host["name"] for host in hosts], ["A", "b", "b"])
        self.assertEqual((hosts[0]["instanceId"], hosts[0]["cpu"]), (old["instanceId"], 2))
        self.assertEqual((hosts[2]["cpu"], hosts[2]["apps"][0]["instanceId"]), (3, app))
        self.assertEqual(hosts[2]["_version"], 2)
        self.assertEqual(self.search("HOST")["total"], 2)

    def test_only_ids_are_returned_on_request(self):
        """The option is in the body here."""
        host = self.upsert({"name": u"a"}, only_instance_id=True)
        self.assertEqual(list(host[0]), ["instanceId"])

    def test_one_bad_row_rolls_back_all_rows(self):
        """For every kind of error."""
        for bad, status, code in [
            ({"name": u"b", "cpu": u"x"}, 400, 100000),
            ({"cpu": 1}, 400, 100000),
            ({"instanceId": NOWHERE, "name": u"b"}, 404, 100005),
            ({"instanceId": 5, "name": u"b"}, 400, 100000),
            ({"name": u"b", "apps": [NOWHERE]}, 404, 100005),
            (5, 400, 100000),
        ]:
            self.refused(status, code, "POST", UPSERT, {"datas": [{"name": u"a"}, bad]})
        for body in ({}, {"datas": None}, {"datas": {"name": u"a"}}, {"datas": [{}] * 3001}):
            self.refused(400, 100000, "POST", UPSERT, body)
        self.assertEqual(self.search("HOST")["total"], 0)
