# -*- coding: utf-8 -*-
from __future__ import absolute_import, division, print_function

from sandbox_http import SandboxTestCase

IMPORT = "/object/HOST/instance/_import"


class ImportTest(SandboxTestCase):
    """POST /object/{objectId}/instance/_import."""

    def test_counts_and_failures_have_the_documented_form(self):
        """The example of the documentation: one row is stored, one has no key."""
        rows = [{"name": u"A1", "cpu": 8}, {"cpu": 4}]
        self.assertEqual(
            self.load("HOST", ["name"], rows),
            {
                "insert_count": 1,
                "update_count": 0,
                "failed_count": 1,
                "data": [
                    {
                        "code": 100000,
                        "error": "key attribute name is missing",
                        "data": [{"cpu": 4}],
                    }
                ],
            },
        )

    def test_attribute_that_the_model_does_not_have_is_reported(self):
        """In data.warnings; data.data has failed rows only."""
        answer = self.load("HOST", ["name"], [{"name": u"a", "cpus": 8}])
        self.assertEqual(
            answer,
            {
                "insert_count": 1,
                "update_count": 0,
                "failed_count": 0,
                "data": [],
                "warnings": [u"HOST has no attribute cpus: not stored, in 1 row"],
            },
        )

    def test_success_has_an_empty_list_not_null(self):
        """data.data is a list even if no row failed."""
        answer = self.load("HOST", ["name"], [{"name": u"a"}])
        self.assertEqual(answer["data"], [])
        for name in ("insert_count", "update_count", "failed_count"):
            self.assertIs(type(answer[name]), int)

    def test_import_with_failed_rows_is_a_success(self):
        """Even if every row fails, the status is 200 and the code 0."""
        answer = self.load("HOST", ["name"], [{"name": 1}, {}])
        self.assertEqual(answer["failed_count"], 2)
        for failure in answer["data"]:
            self.assertIsInstance(failure["data"], list)
            self.assertIsInstance(failure["data"][0], dict)
            self.assertNotEqual(failure["code"], 0)
            self.assertTrue(failure["error"])

    def test_second_import_updates(self):
        """Imported values are found by search, Chinese and emoji included."""
        row = {"name": u"主机-1 \U0001f600", "owner": u"王'\"\\", "tags": [u"中"], "cpu": 18.0}
        self.load("HOST", ["name"], [row])
        answer = self.load("HOST", ["name"], [row, {"name": u"b"}])
        self.assertEqual((answer["insert_count"], answer["update_count"]), (1, 1))
        found = self.search("HOST", query={"name": row["name"]})["list"]
        self.assertEqual(len(found), 1)
        for name, value in row.items():
            self.assertEqual(found[0][name], value)
        self.assertEqual(repr(found[0]["cpu"]), "18")

    def test_fields_that_clients_add_are_tolerated(self):
        """Path arguments in the body, null for unset fields, unknown fields."""
        body = {
            "keys": ["name"],
            "datas": [{"name": u"a"}],
            "objectId": u"HOST",
            "object_id": u"HOST",
            "importMetadata": None,
            "ignoreReadonlyFields": False,
            "whatever": {},
        }
        self.assertEqual(self.data("POST", IMPORT, body)["insert_count"], 1)

    def test_invalid_request_writes_nothing(self):
        """No keys, keys that are not plain attributes, rows that are not a list of maps."""
        rows = [{"name": u"a"}]
        for body in (
            {"datas": rows},
            {"keys": ["typo"], "datas": rows},
            {"keys": ["tags"], "datas": rows},
            {"keys": ["name"], "datas": {"name": u"a"}},
            {"keys": ["name"], "datas": rows + [1]},
            {"keys": ["name"]},
        ):
            self.refused(400, 100000, "POST", IMPORT, body)
        self.assertEqual(self.search("HOST")["total"], 0)

    def test_unknown_model_is_404(self):
        """And is not created."""
        path = "/object/NOWHERE/instance/_import"
        text = self.refused(404, 100005, "POST", path, {"keys": ["name"], "datas": []})
        self.assertIn("NOWHERE", text)

    def test_rows_over_the_limit_are_refused_as_a_whole(self):
        """3000 rows are accepted, one more is not."""
        rows = [{"name": u"host-%d" % number} for number in range(3001)]
        self.refused(400, 100000, "POST", IMPORT, {"keys": ["name"], "datas": rows})
        self.assertEqual(self.search("HOST")["total"], 0)
        self.assertEqual(self.load("HOST", ["name"], rows[:3000])["insert_count"], 3000)
        self.assertEqual(self.search("HOST", page_size=3000)["total"], 3000)
