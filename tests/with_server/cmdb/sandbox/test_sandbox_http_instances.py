# -*- coding: utf-8 -*-
from __future__ import absolute_import, division, print_function

import re

from sandbox_http import IDENTITY, SandboxTestCase

INSTANCE = "/object/HOST/instance/%s"


class InstanceTest(SandboxTestCase):
    """Create, get, update, delete."""

    def test_created_instance_has_its_system_fields(self):
        """Without those that only a change sets."""
        host = self.create("HOST", name=u"web-1", cpu=4.0, objectId=u"HOST", nothing=None)
        self.assertEqual(
            sorted(host),
            ["_object_id", "_object_version", "_ts", "_version", "cpu", "creator", "ctime",
             "instanceId", "name", "org"],
        )
        self.assertTrue(re.match("[0-9a-z]{13}$", host["instanceId"]))
        self.assertTrue(re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$", host["ctime"]))
        self.assertEqual((host["org"], host["creator"]), (777777, "easyops"))
        self.assertEqual((host["_object_id"], host["_object_version"]), ("HOST", 1))
        self.assertEqual(host["_version"], 1)
        self.assertEqual(self.data("GET", INSTANCE % host["instanceId"]), host)

    def test_update_keeps_identity_and_counts_versions(self):
        """By both versions of the API; system fields in the body are ignored."""
        host = self.create("HOST", name=u"web-1", cpu=4, tags=[u"a"])
        change = {"cpu": 8, "tags": None, "instanceId": u"x", "creator": u"eve", "_version": 9}
        headers = dict(IDENTITY, user="bob")
        for number, version in enumerate(["", "/v2"]):
            change["owner"] = u"王%d" % number
            path = version + INSTANCE % host["instanceId"]
            changed = self.data("PUT", path, change, headers)
            for name in ("instanceId", "_object_id", "creator", "ctime", "org", "name"):
                self.assertEqual(changed[name], host[name])
            self.assertEqual(changed["_version"], number + 2)
            self.assertEqual((changed["modifier"], changed["owner"]), ("bob", change["owner"]))
            self.assertTrue(changed["mtime"] and changed["_pre_ts"])
            self.assertNotIn("tags", changed)
        self.assertEqual(self.data("GET", INSTANCE % host["instanceId"]), changed)

    def test_deleted_instance_is_returned(self):
        """It is not found afterwards; a body, which the Python client sends, is ignored."""
        host = self.create("HOST", name=u"web-1")
        path = INSTANCE % host["instanceId"]
        body = {"objectId": u"HOST", "instanceId": host["instanceId"]}
        self.assertEqual(self.data("DELETE", path, body), host)
        for method, body in (("GET", None), ("PUT", {"cpu": 1}), ("DELETE", None)):
            self.assertIn(host["instanceId"], self.refused(404, 100005, method, path, body))

    def test_only_instance_id_shortens_the_answer(self):
        """For create, update and delete; as True and as 1."""
        short = self.create("HOST", "?only_instance_id=True", name=u"web-1")
        self.assertEqual(list(short), ["instanceId"])
        path = INSTANCE % short["instanceId"]
        self.assertEqual(self.data("PUT", path + "?only_instance_id=true", {"cpu": 1}), short)
        self.assertIn("name", self.data("PUT", path + "?only_instance_id=false", {"cpu": 2}))
        self.assertEqual(self.data("DELETE", path + "?only_instance_id=1"), short)

    def test_delete_reads_only_instance_id_from_its_body(self):
        """As the vendor's Python client sends it, with path arguments; a body may be blank."""
        for body, is_short in [
            ({"objectId": "HOST", "instanceId": "x", "only_instance_id": True}, True),
            ({"only_instance_id": 1}, True),
            ({"only_instance_id": False}, False),
            ({"only_instance_id": None}, False),
            ({}, False),
        ]:
            made = self.create("HOST", name=u"web-1")
            path = "/object/HOST/instance/%s" % made["instanceId"]
            expected = {"instanceId": made["instanceId"]} if is_short else made
            self.assertEqual(self.data("DELETE", path, body), expected)
        made = self.create("HOST", name=u"web-1")
        path = "/object/HOST/instance/%s" % made["instanceId"]
        self.assertEqual(self.send("DELETE", path, raw=" \n").code, 200)

    def test_delete_with_an_invalid_body_deletes_nothing(self):
        """The instance is still there."""
        made = self.create("HOST", name=u"web-1")
        path = "/object/HOST/instance/%s" % made["instanceId"]
        for raw in ("[]", "x", '{"only_instance_id": "perhaps"}'):
            self.refused(400, 100000, "DELETE", path, raw=raw)
        self.assertEqual(self.data("GET", path), made)

    def test_fields_of_a_get(self):
        """Separated by commas; * means all."""
        host = self.create("HOST", name=u"web-1", cpu=4)
        path = INSTANCE % host["instanceId"]
        self.assertEqual(
            self.data("GET", path + "?fields=name,ip"), {"name": "web-1", "_object_id": "HOST"}
        )
        self.assertEqual(self.data("GET", path + "?fields=*"), host)
        self.assertIn(
            "get_show_key", self.refused(501, 100012, "GET", path + "?get_show_key=true")
        )

    def test_conflict_is_409(self):
        """On create and on update, in both versions."""
        self.create("HOST", name=u"web-1")
        other = self.create("HOST", name=u"web-2")["instanceId"]
        create = "/v2/object/HOST/instance"
        self.assertIn("name", self.refused(409, 100007, "POST", create, {"name": u"web-1"}))
        for version in ("", "/v2"):
            path = version + INSTANCE % other
            self.refused(409, 100007, "PUT", path, {"name": u"web-1"})
        self.assertEqual(self.data("GET", INSTANCE % other)["_version"], 1)

    def test_wrong_values_are_400(self):
        """Types, enums and required attributes."""
        host = self.create("HOST", name=u"web-1")["instanceId"]
        for values, mentioned in [
            ({"name": u"x", "cpu": u"4"}, "cpu"),
            ({"name": u"x", "env": u"live"}, "dev, test, prod"),
            ({"cpu": 4, "name": None}, "name is required"),
        ]:
            path = "/v2/object/HOST/instance"
            self.assertIn(mentioned, self.refused(400, 100000, "POST", path, values))
            self.assertIn(mentioned, self.refused(400, 100000, "PUT", INSTANCE % host, values))
        self.assertEqual(self.search("HOST")["total"], 1)

    def test_unknown_model_is_404_for_every_method(self):
        """Also with a valid instance id."""
        path = "/object/NOWHERE/instance/5f0000000000a"
        for method, body in (("GET", None), ("PUT", {}), ("DELETE", None)):
            self.assertIn("NOWHERE", self.refused(404, 100005, method, path, body))
        self.refused(404, 100005, "POST", "/v2/object/NOWHERE/instance", {"name": u"x"})

    def test_organisations_are_separate(self):
        """Both may use the same name; neither sees the other's instances."""
        mine = self.create("HOST", name=u"web-1")
        headers = dict(IDENTITY, org="888888")
        self.refused(404, 100005, "GET", INSTANCE % mine["instanceId"], headers=headers)
        path = "/v2/object/HOST/instance"
        yours = self.data("POST", path, {"name": u"web-1"}, headers)
        self.assertEqual(yours["org"], 888888)
        self.assertEqual(self.search("HOST")["list"], [mine])
