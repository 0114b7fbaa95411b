# -*- coding: utf-8 -*-
from __future__ import absolute_import, division, print_function

from sandbox_http import SandboxTestCase
from sandbox_models import RELATED

NOWHERE = u"0000000000000"


class RelatedTestCase(SandboxTestCase):
    """Two users, three applications and two hosts, as yet without relations."""

    seed = RELATED

    def setUp(self):
        super(RelatedTestCase, self).setUp()
        self.ann = self.make("USER", name=u"安", age=40)
        self.bob = self.make("USER", name=u"bob", age=30)
        self.web = self.make("APP", name=u"web", language=u"go")
        self.api = self.make("APP", name=u"api", language=u"c")
        self.job = self.make("APP", name=u"job")
        self.one = self.make("HOST", name=u"one", cpu=4)
        self.two = self.make("HOST", name=u"two", cpu=8)

    def make(self, object_id, **values):
        return self.create(object_id, **values)["instanceId"]

    def relate(self, operation, side, ids, others):
        """On the side of a model: ``"HOST/apps"``."""
        object_id, _, name = side.partition("/")
        path = "/object/%s/relation/%s/%s" % (object_id, name, operation)
        body = {"instance_ids": ids, "related_instance_ids": others}
        self.assertIsNone(self.data("POST", path, body))

    def get(self, object_id, instance_id, query=""):
        return self.data("GET", "/object/%s/instance/%s%s" % (object_id, instance_id, query))

    def peers(self, side, instance_id):
        object_id, _, name = side.partition("/")
        return [peer["instanceId"] for peer in self.get(object_id, instance_id)[name]]


class RelationWriteTest(RelatedTestCase):
    """POST /object/{objectId}/relation/{relationSideId}/{set,append,remove}."""

    def test_append_remove_and_set(self):
        """For each of the ids; both ends show it; an existing link is not repeated."""
        self.relate("append", "HOST/apps", [self.one, self.two], [self.web, self.api])
        self.relate("append", "HOST/apps", [self.one], [self.web, self.job, self.job])
        self.assertEqual(self.peers("HOST/apps", self.one), [self.web, self.api, self.job])
        self.assertEqual(self.peers("HOST/apps", self.two), [self.web, self.api])
        self.assertEqual(self.peers("APP/hosts", self.web), [self.one, self.two])
        self.relate("remove", "APP/hosts", [self.web, self.job], [self.one])
        self.assertEqual(self.peers("HOST/apps", self.one), [self.api])
        self.relate("set", "HOST/apps", [self.one, self.two], [self.job])
        self.assertEqual(self.peers("HOST/apps", self.one), [self.job])
        self.assertEqual(self.peers("HOST/apps", self.two), [self.job])
        self.relate("set", "HOST/apps", [self.one], [])
        self.assertEqual(self.peers("HOST/apps", self.one), [])

    def test_relation_of_a_model_with_itself_has_two_sides(self):
        """One shows the boss, the other the reports."""
        self.relate("set", "USER/boss", [self.bob], [self.ann])
        self.assertEqual(self.peers("USER/boss", self.bob), [self.ann])
        self.assertEqual(self.peers("USER/reports", self.ann), [self.bob])
        self.assertEqual(self.peers("USER/boss", self.ann), [])
        self.assertEqual(self.peers("USER/reports", self.bob), [])

    def test_more_peers_than_allowed_are_refused(self):
        """From both ends; nothing is stored."""
        for side, ids, others in [
            ("APP/owner", [self.web], [self.ann, self.bob]),
            ("USER/owned", [self.ann, self.bob], [self.api, self.web]),
        ]:
            path = "/object/%s/relation/%s/append" % tuple(side.split("/"))
            body = {"instance_ids": ids, "related_instance_ids": others}
            self.refused(400, 100001, "POST", path, body)
            self.assertEqual(self.peers("APP/owner", self.web), [])
        self.relate("append", "APP/owner", [self.web], [self.ann])
        self.relate("set", "APP/owner", [self.web], [self.bob])
        self.assertEqual(self.peers("APP/owner", self.web), [self.bob])

    def test_missing_model_side_or_instance_is_404(self):
        """Also ids of instances of another model."""
        for side, ids, others in [
            ("NOWHERE/relation/apps", [], []),
            ("HOST/relation/hosts", [self.one], [self.web]),
            ("HOST/relation/apps", [NOWHERE], [self.web]),
            ("HOST/relation/apps", [self.one], [self.web, NOWHERE]),
            ("HOST/relation/apps", [self.web], [self.one]),
        ]:
            body = {"instance_ids": ids, "related_instance_ids": others}
            self.refused(404, 100005, "POST", "/object/%s/append" % side, body)
        self.assertEqual(self.peers("HOST/apps", self.one), [])

    def test_invalid_body_is_400(self):
        """Missing ids, or not a list of texts; properties are a missing feature."""
        path = "/object/HOST/relation/apps/set"
        for body in [
            {},
            {"instance_ids": [self.one]},
            {"instance_ids": None, "related_instance_ids": [self.web]},
            {"instance_ids": self.one, "related_instance_ids": [self.web]},
            {"instance_ids": [1], "related_instance_ids": [self.web]},
            {"instance_ids": [[self.one]], "related_instance_ids": {}},
        ]:
            self.refused(400, 100000, "POST", path, body)
        body = {"instance_ids": [self.one], "related_instance_ids": [], "properties": {"a": 1}}
        self.assertIn("properties", self.refused(501, 100012, "POST", path, body))
        self.refused(405, 100012, "GET", path)
        self.refused(404, 100005, "POST", "/object/HOST/relation/apps/toggle", {})

    def test_relating_does_not_count_as_a_change_of_an_instance(self):
        """By the relation API; a write of the instance counts."""
        self.relate("set", "HOST/apps", [self.one], [self.web])
        self.assertEqual(self.get("HOST", self.one)["_version"], 1)
        path = "/v2/object/HOST/instance/" + self.one
        self.assertEqual(self.data("PUT", path, {"apps": [self.web]})["_version"], 1)
        changed = self.data("PUT", path, {"apps": [self.api]})
        self.assertEqual((changed["_version"], changed["modifier"]), (2, "easyops"))
        self.assertEqual(self.get("APP", self.api)["_version"], 1)


class RelationInInstanceTest(RelatedTestCase):
    """Relations in what instances are created, updated and imported from."""

    def test_create_relates(self):
        """By ids, or by instances in the form of a read; the answer shows them in full."""
        host = self.create("HOST", name=u"new", apps=[self.web, {"instanceId": self.api, "x": 1}])
        self.assertEqual([app["name"] for app in host["apps"]], ["web", "api"])
        self.assertEqual(host["apps"][0]["language"], "go")
        self.assertEqual(self.get("HOST", host["instanceId"]), host)

    def test_update_v2_replaces_and_clears(self):
        """Other sides do not change."""
        path = "/v2/object/APP/instance/" + self.web
        self.data("PUT", path, {"hosts": [self.one, self.two], "owner": [self.ann]})
        self.data("PUT", path, {"hosts": [self.two]})
        self.assertEqual(self.peers("APP/hosts", self.web), [self.two])
        self.assertEqual(self.peers("APP/owner", self.web), [self.ann])
        self.data("PUT", path, {"hosts": None, "owner": []})
        self.assertEqual(self.peers("APP/hosts", self.web), [])
        self.assertEqual(self.peers("APP/owner", self.web), [])

    def test_update_v1_refuses_relations(self):
        """Empty ones, which some clients send, are ignored."""
        path = "/object/HOST/instance/" + self.one
        self.relate("set", "HOST/apps", [self.one], [self.web])
        self.assertIn("apps", self.refused(400, 100000, "PUT", path, {"apps": [self.api]}))
        host = self.data("PUT", path, {"apps": [], "cpu": 16})
        self.assertEqual((host["cpu"], len(host["apps"])), (16, 1))

    def test_imported_rows_relate(self):
        """By lists of ids; a wrong one fails only its row, and nothing of that is stored."""
        answer = self.load("HOST", ["name"], [
            {"name": u"one", "apps": [self.web, self.api]},
            {"name": u"new", "apps": [self.web]},
            {"name": u"bad", "apps": [self.web, NOWHERE]},
            {"name": u"two", "cpu": 99, "apps": [self.one]},
            {"name": u"odd", "apps": u"web"},
            {"name": u"odder", "apps": [{"instanceId": 5}, 7]},
        ])
        self.assertEqual((answer["insert_count"], answer["update_count"]), (1, 1))
        self.assertEqual(
            [failure["code"] for failure in answer["data"]], [100005, 100005, 100000, 100000]
        )
        self.assertEqual(self.peers("HOST/apps", self.one), [self.web, self.api])
        hosts = {host["name"]: host for host in self.search("HOST")["list"]}
        self.assertEqual(sorted(hosts), ["new", "one", "two"])
        self.assertEqual((hosts["two"]["cpu"], hosts["two"]["apps"]), (8, []))

    def test_too_many_peers_fail_a_row(self):
        """The code is FAILED_PRECONDITION."""
        answer = self.load("APP", ["name"], [{"name": u"web", "owner": [self.ann, self.bob]}])
        self.assertEqual(answer["data"][0]["code"], 100001)
        self.assertEqual(self.peers("APP/owner", self.web), [])

    def test_nested_maps_create_instances(self):
        """Unless that is disabled; a failed one fails its row."""
        made = {"name": u"made", "owner": [{"name": u"eve"}]}
        rows = [{"name": u"new", "apps": [self.web, made]}]
        self.assertEqual(self.load("HOST", ["name"], rows)["insert_count"], 1)
        host = self.search("HOST", query={"name": u"new"},
                           fields={"apps.name": True, "apps.owner.name": True})["list"][0]
        names = [(app["name"], [user["name"] for user in app["owner"]]) for app in host["apps"]]
        self.assertEqual(names, [("web", []), ("made", ["eve"])])
        rows = [
            {"name": u"x", "apps": [{"name": u"fine"}, {"name": u"web"}]},
            {"name": u"y", "apps": [{"language": u"go"}]},
        ]
        answer = self.load("HOST", ["name"], rows)
        self.assertEqual([failure["code"] for failure in answer["data"]], [100007, 100000])
        rows = [{"name": u"z", "apps": [{"name": u"other"}]}]
        answer = self.load("HOST", ["name"], rows, disableNestedCreateInstance=True)
        self.assertIn("disabled", answer["data"][0]["error"])
        self.assertEqual(self.search("APP")["total"], 4)
        self.assertEqual(self.search("HOST")["total"], 3)

    def test_deleted_instance_is_related_to_nothing(self):
        """The answer shows its former relations."""
        self.relate("set", "HOST/apps", [self.one], [self.web])
        gone = self.data("DELETE", "/object/APP/instance/" + self.web)
        self.assertEqual([host["instanceId"] for host in gone["hosts"]], [self.one])
        self.assertEqual(self.peers("HOST/apps", self.one), [])


class RelationReadTest(RelatedTestCase):
    """Related instances in answers, and relation paths in queries."""

    def setUp(self):
        super(RelationReadTest, self).setUp()
        self.relate("set", "HOST/apps", [self.one], [self.web, self.api])
        self.relate("set", "HOST/apps", [self.two], [self.api])
        self.relate("set", "APP/owner", [self.web], [self.ann])
        self.relate("set", "APP/owner", [self.api], [self.bob])
        self.relate("set", "USER/boss", [self.bob], [self.ann])

    def test_full_read_shows_every_side(self):
        """Related instances with their plain fields, without their relations."""
        app = self.get("APP", self.web)
        self.assertEqual(sorted(set(app) & {"hosts", "owner"}), ["hosts", "owner"])
        self.assertEqual(app["owner"][0]["name"], u"安")
        self.assertNotIn("boss", app["owner"][0])
        self.assertEqual(self.search("APP", query={"name": u"web"})["list"], [app])
        self.assertEqual(self.get("APP", self.job)["hosts"], [])

    def test_fields_lead_into_relations(self):
        """With dots, to any depth; ids are always shown."""
        host = self.get("HOST", self.two, "?fields=name,apps.name,apps.owner.boss.name,apps.nope")
        self.assertEqual(host, {
            "_object_id": "HOST",
            "name": "two",
            "apps": [{
                "_object_id": "APP",
                "instanceId": self.api,
                "name": "api",
                "owner": [{
                    "_object_id": "USER",
                    "instanceId": self.bob,
                    "boss": [
                        {"_object_id": "USER", "instanceId": self.ann, "name": u"安"}
                    ],
                }],
            }],
        })

    def test_star_is_plain_fields_and_a_side_is_whole_peers(self):
        """In a get and in a search."""
        self.assertNotIn("apps", self.get("HOST", self.one, "?fields=*"))
        whole = self.get("HOST", self.one, "?fields=apps")
        self.assertEqual(sorted(whole), ["_object_id", "apps"])
        self.assertEqual(whole["apps"][0]["language"], "go")
        found = self.search("HOST", fields={"*": 1, "apps.name": 1}, query={"cpu": 8})["list"][0]
        self.assertEqual((found["cpu"], sorted(found["apps"][0])), (
            8, ["_object_id", "instanceId", "name"]))
        found = self.search("HOST", fields={"apps": 0, "name": False})["list"][0]
        self.assertFalse({"apps", "name"} & set(found))
        found = self.search("HOST", fields={"apps.language": 0}, query={"cpu": 8})["list"][0]
        self.assertEqual((found["cpu"], found["apps"][0]["name"]), (8, "api"))
        self.assertNotIn("language", found["apps"][0])

    def test_relation_limit_applies_to_each_side(self):
        """The oldest are shown; 0 means no limit."""
        for limit, number in ((1, 1), (0, 2), (5, 2), (1.0, 1)):
            page = self.search("HOST", query={"cpu": 4}, relation_limit=limit)
            self.assertEqual(len(page["list"][0]["apps"]), number)
        self.assertEqual(self.get("HOST", self.one, "?relation_limit=1")["apps"][0]["name"], "web")
        self.refused(400, 100000, "POST", "/object/HOST/instance/_search", {"relation_limit": -1})

    def test_only_relation_view_shows_the_fields_of_the_view(self):
        """view.relation_view has the fields of each side; other sides are shown in full."""
        host = self.search("HOST", query={"cpu": 8}, only_relation_view=True)["list"][0]
        self.assertEqual(
            host["apps"], [{"_object_id": "APP", "instanceId": self.api, "language": "c"}]
        )
        app = self.search("APP", query={"name": u"api"}, only_relation_view=True)["list"][0]
        self.assertEqual(app["owner"][0]["age"], 30)

    def test_queries_follow_relations(self):
        """Over one, two and three relations; one peer must match."""

        def names(**query):
            return sorted(host["name"] for host in self.search("HOST", query=query)["list"])

        for path, condition, expected in [
            ("apps.name", u"web", ["one"]),
            ("apps.language", {"$in": [u"go", u"c"]}, ["one", "two"]),
            ("apps.language", {"$ne": u"c"}, []),
            ("apps.name", {"$nin": [u"web"]}, ["two"]),
            ("apps.owner.name", u"安", ["one"]),
            ("apps.owner.age", {"$lt": 35}, ["one", "two"]),
            ("apps.owner.boss.name", {"$like": u"%安%"}, ["one", "two"]),
            ("apps.instanceId", self.web, ["one"]),
            ("apps", {"$exists": True}, ["one", "two"]),
            ("apps.owner.boss", {"$exists": False}, []),
            ("apps", {"$size": {"$gt": 1}}, ["one"]),
            ("apps", {"$size": 1}, ["two"]),
            ("apps.owner", {"$size": {"$gte": 1, "$lt": 2}}, ["one", "two"]),
        ]:
            self.assertEqual(names(**{path: condition}), expected, (path, condition))
        self.assertEqual(names(**{"$or": [{"apps.name": u"web"}, {"cpu": 8}]}), ["one", "two"])
        self.relate("set", "HOST/apps", [self.two], [])
        self.assertEqual(names(apps={"$exists": False}), ["two"])
        self.assertEqual(names(**{"apps.owner.name": None}), ["two"])
        self.assertEqual(
            self.data("POST", "/object/HOST/instance/_search_total",
                      {"query": {"apps.name": u"api"}}), 1)

    def test_invalid_query_over_relations_is_refused(self):
        """A relation is not a value; unknown fields and long paths are errors."""
        for query in [
            {"apps": u"web"}, {"apps": [self.web]}, {"apps": {"$in": [self.web]}},
            {"apps.typo": 1}, {"apps.name.x": 1}, {"apps.owner.apps": 1},
            {"apps.owner" + ".boss" * 9: {"$exists": True}}, {"apps..name": 1}, {".": 1},
        ]:
            self.refused(400, 100000, "POST", "/object/HOST/instance/_search", {"query": query})
        text = self.refused(501, 100012, "POST", "/object/HOST/instance/_search",
                            {"sort": {"apps.name": 1}})
        self.assertIn("apps", text)

    def test_list_selects_relations(self):
        """Separated by commas; * means none."""
        path = "/object/HOST/instance"
        host = self.data("GET", path + "?page_size=1")["list"][0]
        self.assertEqual(host, self.get("HOST", self.two))
        plain = self.data("GET", path + "?select_relations=*")
        self.assertNotIn("apps", plain["list"][0])
        self.assertEqual((plain["total"], plain["page_size"]), (2, 200))
        chosen = self.data("GET", path + "?select_relations=apps&only_relation_view=True&page=2"
                                         "&page_size=1&relation_limit=1")
        self.assertEqual([list(map(sorted, host["apps"])) for host in chosen["list"]], [
            [["_object_id", "instanceId", "language"]]])
        self.refused(400, 100000, "GET", path + "?page_size=many")
        self.refused(404, 100005, "GET", "/object/NOWHERE/instance")
