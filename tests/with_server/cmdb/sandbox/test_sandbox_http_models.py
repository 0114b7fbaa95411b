# -*- coding: utf-8 -*-
from __future__ import absolute_import, division, print_function

from sandbox_http import IDENTITY, SandboxTestCase
from sandbox_models import RELATED, relation, text

RACK = {
    "objectId": "RACK",
    "name": u"机柜 \U0001f600",
    "category": "Infrastructure",
    "memo": "Where hosts are",
    "attrList": [
        text("name", unique="true", required="true"),
        {"id": "units", "name": "Units", "value": {"type": "int", "regex": None}},
        {"id": "kind", "value": {"type": "enum", "regex": ["open", "closed"]}, "unique": False},
    ],
    "indexList": [{"propertyIds": ["units", "kind"], "unique": True}],
}


class ModelTest(SandboxTestCase):
    """Create, get, list and change models."""

    def test_length_of_names_is_limited(self):
        """Also that of a searched text, because a long search blocks other threads."""
        name = u"n" * 1000
        self.data("POST", "/object", {"objectId": "LONG", "name": name})
        found = self.data("GET", "/object_all?q=" + "n" * 1000)
        self.assertEqual([model["objectId"] for model in found], ["LONG"])
        for method, path in (("POST", "/object"), ("PUT", "/object/LONG")):
            body = {"objectId": "LONGER", "name": name + u"n"}
            self.assertIn("1000", self.refused(400, 100000, method, path, body))
        for path in ("/object_all?q=", "/object?q="):
            self.assertIn("1000", self.refused(400, 100000, "GET", path + "n" * 1001))

    def test_created_model_is_complete(self):
        """Flags are texts, omitted fields have defaults, and a get returns the same."""
        model = self.data("POST", "/object", RACK)
        self.assertEqual((model["objectId"], model["name"]), ("RACK", RACK["name"]))
        self.assertEqual(model["_version"], 1)
        self.assertEqual((model["protected"], model["isAbstract"]), (False, False))
        self.assertEqual((model["relation_list"], model["parentObjectIds"]), ([], []))
        self.assertEqual(model["view"], {"show_key": []})
        self.assertEqual([one["id"] for one in model["attrList"]], ["name", "units", "kind"])
        self.assertEqual(
            [(one["unique"], one["required"], one["readonly"]) for one in model["attrList"]],
            [("true", "true", "false"), ("false",) * 3, ("false",) * 3],
        )
        self.assertEqual(
            model["indexList"],
            [{"name": "units_kind", "propertyIds": ["units", "kind"], "unique": True}],
        )
        self.assertEqual(self.data("GET", "/object/RACK"), model)

    def test_instances_obey_a_created_model(self):
        """Its types, its enum, its unique attribute and its unique index."""
        self.data("POST", "/object", RACK)
        rack = self.create("RACK", name=u"r1", units=42.0, kind=u"open")
        self.assertEqual((rack["units"], rack["_object_version"]), (42, 1))
        path = "/v2/object/RACK/instance"
        for values, status, code, mentioned in [
            ({"name": u"r2", "units": u"x"}, 400, 100000, "units"),
            ({"name": u"r2", "kind": u"round"}, 400, 100000, "kind"),
            ({"units": 1}, 400, 100000, "name is required"),
            ({"name": u"r1"}, 409, 100007, "name"),
            ({"name": u"r2", "units": 42, "kind": u"open"}, 409, 100007, "units, kind"),
        ]:
            self.assertIn(mentioned, self.refused(status, code, "POST", path, values))
        self.create("RACK", name=u"r2", units=42, kind=u"closed")

    def test_taken_model_name_is_409(self):
        """The existing model does not change."""
        self.assertIn("HOST", self.refused(409, 100007, "POST", "/object", {
            "objectId": "HOST", "name": "Other"}))
        self.assertEqual(self.data("GET", "/object/HOST")["name"], "Host")

    def test_unknown_model_is_404_at_every_path(self):
        """For get, update, and all paths below."""
        for method, path, body in [
            ("GET", "/object/NOWHERE", None),
            ("PUT", "/object/NOWHERE", {"name": "x"}),
            ("POST", "/object/NOWHERE/attr", text("a")),
            ("GET", "/object/NOWHERE/attr/a", None),
            ("PUT", "/object/NOWHERE/attr/a", {}),
            ("DELETE", "/object/NOWHERE/attr/a", None),
            ("POST", "/object/NOWHERE/index", {"propertyIds": ["a"], "unique": True}),
            ("DELETE", "/object/NOWHERE/index/a", None),
        ]:
            self.assertIn("NOWHERE", self.refused(404, 100005, method, path, body), path)

    def test_all_models_are_a_bare_array(self):
        """Or some of them, selected by the query."""
        self.data("POST", "/object", RACK)

        def ids(path):
            return [one["objectId"] for one in self.data("GET", path)]

        self.assertEqual(ids("/object_all"), ["HOST", "APP", "RACK"])
        self.assertEqual(ids("/object_all?objectIds=RACK,HOST,NOWHERE"), ["HOST", "RACK"])
        self.assertEqual(ids("/object_all?category=Infrastructure"), ["HOST", "RACK"])
        self.assertEqual(ids("/object_all?q=%E6%9C%BA&visible=all"), ["RACK"])
        self.assertIn("visible", self.refused(501, 100012, "GET", "/object_all?visible=invisible"))
        models = self.data("GET", "/object_all?fields=objectId,name&objectIds=APP")
        self.assertEqual(models, [{"objectId": "APP", "name": "Application"}])
        self.assertNotIn("attrList", self.data("GET", "/object_basic_all")[0])

    def test_list_of_models_is_a_page(self):
        """As lists of instances are."""
        page = self.data("GET", "/object?page=2&page_size=1")
        self.assertEqual([one["objectId"] for one in page["list"]], ["APP"])
        self.assertEqual((page["total"], page["page"], page["page_size"]), (2, 2, 1))
        self.assertEqual(page["list"][0], self.data("GET", "/object/APP"))
        basic = self.data("GET", "/object_basic")
        self.assertEqual((basic["total"], basic["page_size"]), (2, 30))
        self.assertNotIn("attrList", basic["list"][0])
        for query in ("page=0x1", "page=-1", "page_size=3001", "page=1e3", "page=" + "9" * 30):
            self.refused(400, 100000, "GET", "/object?" + query)
        self.refused(405, 100012, "POST", "/object_basic", {})

    def test_update_changes_properties_of_a_model(self):
        """A client may send back the whole model."""
        model = self.data("GET", "/object/HOST")
        changed = self.data("PUT", "/object/HOST", dict(model, name=u"主机", memo="", objectId="X"))
        self.assertEqual(changed, dict(model, name=u"主机", _version=2))
        self.assertEqual(self.create("HOST", name=u"a")["_object_version"], 2)
        attributes = model["attrList"][:-1]
        text = self.refused(501, 100012, "PUT", "/object/HOST", {"attrList": attributes})
        self.assertIn("attributes", text)

    def test_unset_fields_of_a_model_or_attribute_change_nothing(self):
        """Clients generated from Go code send every field."""
        self.data("POST", "/object", dict(RACK, memo="of steel"))
        unset = {"memo": "", "category": "", "icon": "", "view": {}, "attrList": [], "name": None}
        for path, body in (
            ("/object/RACK", unset),
            (
                "/object/HOST/attr/name",
                {
                    "name": "",
                    "unique": "",
                    "required": "",
                    "value": {"type": "", "regex": None, "struct_define": [], "readonly": False},
                },
            ),
        ):
            before = self.data("GET", path)
            after = self.data("PUT", path, body)
            self.assertEqual(dict(after, _version=0), dict(before, _version=0))

    def test_unset_fields_of_a_relation_change_nothing(self):
        """Its models, fields and maxima do not change."""
        self.data("POST", "/object", RACK)
        path = "/object_relation"
        made = relation("HOST", "rack", "hosts", "RACK", left_max=3, name="stands in")
        before = self.data("POST", path, made)
        path += "/" + before["relation_id"]
        unset = {"name": "", "left_object_id": "", "left_max": 0, "right_max": None, "right_id": ""}
        self.data("PUT", path, unset)
        self.assertEqual(self.data("GET", path), before)

    def test_false_is_a_set_value(self):
        """It is not treated as unset."""
        self.data("PUT", "/object/HOST/attr/name", {"unique": False, "required": False})
        self.create("HOST", name=u"a")
        self.create("HOST", name=u"a")
        self.create("HOST")

    def test_organisations_have_their_own_models(self):
        """Another organisation does not see a new model."""
        self.data("POST", "/object", RACK)
        other = dict(IDENTITY, org="888888")
        self.refused(404, 100005, "GET", "/object/RACK", headers=other)
        self.data("POST", "/object", {"objectId": "RACK", "name": "Theirs"}, other)
        self.assertEqual(self.data("GET", "/object/RACK")["name"], RACK["name"])

    def test_invalid_definition_is_refused_as_a_whole(self):
        """One bad part refuses the model; a missing feature has its own code."""
        for status, code, fields in [
            (400, 100000, {"attrList": [text("a"), {"id": "b", "value": {"type": "FK"}}]}),
            (400, 100000, {"name": None}),
            (400, 100000, {"relation_list": [{}]}),
            (404, 100005, {"relation_list": [relation("THING", "a", "b", "NOWHERE")]}),
            (409, 100007, {"attrList": [text("a"), text("a")]}),
            (501, 100012, {"parentObjectIds": ["HOST"]}),
        ]:
            body = dict({"objectId": "THING", "name": "Thing"}, **fields)
            self.refused(status, code, "POST", "/object", body)
        self.refused(404, 100005, "GET", "/object/THING")


class AttributeTest(SandboxTestCase):
    """/object/{objectId}/attr and /object/{objectId}/index."""

    def test_attribute_can_be_added(self):
        """New values can be written at once; existing instances have none."""
        old = self.create("HOST", name=u"a")
        added = {"id": "rack", "name": u"机柜", "value": {"type": "int"}, "unique": True}
        attribute = self.data("POST", "/object/HOST/attr", added)
        self.assertEqual((attribute["id"], attribute["unique"]), ("rack", "true"))
        self.assertEqual(self.data("GET", "/object/HOST/attr/rack"), attribute)
        model = self.data("GET", "/object/HOST")
        self.assertEqual((model["attrList"][-1], model["_version"]), (attribute, 2))
        self.assertEqual(self.create("HOST", name=u"b", rack=7.0)["rack"], 7)
        self.refused(409, 100007, "POST", "/v2/object/HOST/instance", {"name": u"c", "rack": 7})
        self.assertNotIn("rack", self.data("GET", "/object/HOST/instance/" + old["instanceId"]))
        for body, status, code in [
            (added, 409, 100007),
            (dict(added, id="instanceId"), 400, 100000),
            (dict(added, id="new", value=None), 400, 100000),
            (dict(added, id="new", name=None), 400, 100000),
        ]:
            self.refused(status, code, "POST", "/object/HOST/attr", body)

    def test_attribute_can_be_changed(self):
        """The change is merged; it applies to later writes."""
        self.create("HOST", name=u"a", env=u"prod")
        value = {"type": "enum", "regex": ["live", "prod"]}
        changed = self.data("PUT", "/object/HOST/attr/env", {"value": value, "id": "x"})
        self.assertEqual((changed["id"], changed["name"]), ("env", "Environment"))
        self.create("HOST", name=u"b", env=u"live")
        path = "/v2/object/HOST/instance"
        self.refused(400, 100000, "POST", path, {"name": u"c", "env": u"dev"})
        self.assertEqual(self.search("HOST", query={"env": u"prod"})["total"], 1)

    def test_type_of_an_attribute_with_values_cannot_change(self):
        """Queries depend on the type; without values it may change."""
        host = self.create("HOST", name=u"a", cpu=4)["instanceId"]
        change = {"value": {"type": "str"}}
        self.assertIn("cpu", self.refused(400, 100001, "PUT", "/object/HOST/attr/cpu", change))
        self.data("PUT", "/object/HOST/instance/" + host, {"cpu": None})
        self.data("PUT", "/object/HOST/attr/cpu", change)
        self.create("HOST", name=u"b", cpu=u"four")

    def test_attribute_can_become_unique_and_stop_being_so(self):
        """Not while several instances have the same value."""
        path = "/v2/object/HOST/instance"
        ids = [self.create("HOST", name=name, ip=u"10.0.0.1")["instanceId"] for name in u"ab"]
        change = {"unique": "true"}
        self.assertIn("ip", self.refused(409, 100007, "PUT", "/object/HOST/attr/ip", change))
        self.assertEqual(self.data("GET", "/object/HOST/attr/ip")["unique"], "false")
        self.data("PUT", "/object/HOST/instance/" + ids[0], {"ip": u"10.0.0.2"})
        self.data("PUT", "/object/HOST/attr/ip", change)
        self.refused(409, 100007, "POST", path, {"name": u"c", "ip": u"10.0.0.1"})
        self.data("PUT", "/object/HOST/attr/ip", {"unique": "false"})
        self.create("HOST", name=u"c", ip=u"10.0.0.1")

    def test_deleting_an_attribute_deletes_its_values(self):
        """And its index; an attribute in an index, or a protected one, cannot be deleted."""
        self.load("HOST", ["name", "ip"], [{"name": u"a", "ip": u"x", "cpu": 0.0, "tags": [0.1]}])
        deleted = self.data("DELETE", "/object/HOST/attr/ip")
        self.assertEqual(deleted["id"], "ip")
        self.refused(404, 100005, "GET", "/object/HOST/attr/ip")
        host = self.search("HOST")["list"][0]
        self.assertNotIn("ip", host)
        self.assertEqual((host["name"], host["cpu"], host["tags"]), ("a", 0, [0.1]))
        self.refused(400, 100000, "POST", "/object/HOST/instance/_search", {"query": {"ip": 1}})
        self.refused(400, 100001, "DELETE", "/object/HOST/attr/name")
        self.data("POST", "/object/HOST/index", {"propertyIds": ["cpu", "env"], "unique": True})
        self.assertIn("cpu_env", self.refused(400, 100001, "DELETE", "/object/HOST/attr/cpu"))

    def test_index_makes_values_unique_together(self):
        """Until it is deleted; a missing value does not conflict."""
        body = {"propertyIds": ["cpu", "env"], "unique": "true"}
        self.assertEqual(
            self.data("POST", "/object/HOST/index", body), {"indexName": "cpu_env"}
        )
        self.refused(409, 100007, "POST", "/object/HOST/index", body)
        path = "/v2/object/HOST/instance"
        self.create("HOST", name=u"a", cpu=4, env=u"dev")
        for number in range(2):
            self.create("HOST", name=u"b%d" % number, cpu=4)
        text = self.refused(409, 100007, "POST", path, {"name": u"c", "cpu": 4, "env": u"dev"})
        self.assertIn("cpu, env", text)
        self.assertEqual(
            self.data("DELETE", "/object/HOST/index/cpu_env"), {"indexName": "cpu_env"}
        )
        self.create("HOST", name=u"c", cpu=4, env=u"dev")
        self.assertIn("cpu", self.refused(409, 100007, "POST", "/object/HOST/index", body))
        self.assertEqual(self.data("GET", "/object/HOST")["indexList"], [])
        self.refused(404, 100005, "DELETE", "/object/HOST/index/cpu_env")

    def test_values_stay_unique_until_attribute_and_index_allow_more(self):
        """Both may require it; removing one keeps the other."""
        self.data("POST", "/object/HOST/index", {"propertyIds": ["ip"], "unique": True})
        self.data("PUT", "/object/HOST/attr/ip", {"unique": True})
        self.create("HOST", name=u"a", ip=u"x")
        path, taken = "/v2/object/HOST/instance", {"name": u"b", "ip": u"x"}
        self.data("PUT", "/object/HOST/attr/ip", {"unique": False})
        self.refused(409, 100007, "POST", path, taken)
        self.data("DELETE", "/object/HOST/index/ip")
        self.data("POST", path, taken)

    def test_invalid_index_is_refused(self):
        """On an unknown attribute, on a list, on nothing; or one that is not unique."""
        for body, status, code in [
            ({"propertyIds": ["typo"], "unique": True}, 400, 100000),
            ({"propertyIds": ["tags"], "unique": True}, 400, 100000),
            ({"propertyIds": [], "unique": True}, 400, 100000),
            ({"propertyIds": ["cpu", "cpu"], "unique": True}, 409, 100007),
            ({"propertyIds": {"cpu": 1}, "unique": True}, 400, 100000),
            ({"propertyIds": ["cpu"]}, 400, 100000),
            ({"unique": True}, 400, 100000),
        ]:
            self.refused(status, code, "POST", "/object/HOST/index", body)


class RelationModelTest(SandboxTestCase):
    """/object_relation."""

    body = relation("HOST", "apps", "runs_on", "APP", name=u"运行", left_max=-1, right_max=0)
    path = "/object_relation/HOST_apps_runs_on_APP"

    def test_relation_is_part_of_both_models(self):
        """With the id made from its ends; its fields are in instances at once."""
        made = self.data("POST", "/object_relation", self.body)
        self.assertEqual(made["relation_id"], "HOST_apps_runs_on_APP")
        self.assertEqual((made["left_max"], made["right_max"]), (-1, -1))
        self.assertEqual((made["name"], made["left_id"]), (u"运行", "apps"))
        self.assertEqual(self.data("GET", self.path), made)
        for name in ("HOST", "APP"):
            model = self.data("GET", "/object/" + name)
            self.assertEqual((model["relation_list"], model["_version"]), ([made], 2))
        self.assertEqual(self.create("HOST", name=u"a")["apps"], [])
        self.assertEqual(self.create("APP", name=u"a")["runs_on"], [])

    def test_relation_can_be_changed_and_deleted(self):
        """Its maxima, unless an instance has more; never its ends."""
        self.data("POST", "/object_relation", self.body)
        apps = [self.create("APP", name=name)["instanceId"] for name in u"ab"]
        host = self.create("HOST", name=u"a", apps=apps)
        self.assertEqual(len(host["apps"]), 2)
        self.assertIn("apps", self.refused(400, 100001, "PUT", self.path, {"left_max": 1}))
        self.assertEqual(self.data("PUT", self.path, {"left_max": 2})["left_max"], 2)
        self.refused(400, 100000, "PUT", self.path, {"left_id": "other"})
        self.assertEqual(self.data("DELETE", self.path)["relation_id"], "HOST_apps_runs_on_APP")
        self.refused(404, 100005, "GET", self.path)
        self.assertNotIn("apps", self.search("HOST")["list"][0])
        self.data("POST", "/object_relation", self.body)
        self.assertEqual(self.search("HOST")["list"][0]["apps"], [])

    def test_invalid_relation_is_refused(self):
        """Unknown models, taken names, equal ends."""
        for change, status, code in [
            ({"left_object_id": "NOWHERE"}, 404, 100005),
            ({"left_object_id": None}, 400, 100000),
            ({"left_object_id": {}}, 400, 100000),
            ({"left_id": "name"}, 409, 100007),
            ({"left_id": "instanceId"}, 409, 100007),
            ({"left_id": "a.b"}, 400, 100000),
            ({"left_id": [1]}, 400, 100000),
            ({"left_max": -2}, 400, 100000),
            ({"left_max": "many"}, 400, 100000),
            ({"relation_id": "a b"}, 400, 100000),
            ({"right_id": "apps", "right_object_id": "HOST"}, 400, 100000),
        ]:
            body = dict(self.body, **change)
            self.refused(status, code, "POST", "/object_relation", body)
        self.data("POST", "/object_relation", self.body)
        self.refused(409, 100007, "POST", "/object_relation", self.body)
        self.refused(409, 100007, "POST", "/object_relation", dict(self.body, relation_id="other"))
        self.refused(409, 100007, "POST", "/object/HOST/attr", text("apps"))


class SeedTest(SandboxTestCase):
    """Models from a seed file, with relations."""

    seed = RELATED

    def test_seed_gives_every_organisation_related_models(self):
        """Each relation once, even if both models define it."""
        for headers in (IDENTITY, dict(IDENTITY, org="888888")):
            models = self.data("GET", "/object_all", headers=headers)
            related = {
                model["objectId"]: [one["relation_id"] for one in model["relation_list"]]
                for model in models
            }
            self.assertEqual(related, {
                "HOST": ["HOST_apps_hosts_APP"],
                "APP": ["HOST_apps_hosts_APP", "APP_owner_owned_USER"],
                "USER": ["APP_owner_owned_USER", "USER_boss_reports_USER"],
            })
