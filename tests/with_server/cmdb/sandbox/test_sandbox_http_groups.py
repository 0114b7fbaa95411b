# -*- coding: utf-8 -*-
from __future__ import absolute_import, division, print_function

from sandbox_http import SandboxTestCase
from sandbox_models import attribute, struct

GROUP = "/object/THING/instance/group"
COUNTS = "/object/THING/instance/aggregate/count/"
TOP = "/v2/object/THING/instance_aggregate/count/"

THING = {
    "objectId": "THING",
    "attrList": [
        attribute("name", "str"),
        attribute("kind", "str"),
        attribute("size", "int"),
        attribute("ratio", "float"),
        attribute("active", "bool"),
        attribute("tags", "arr"),
        struct("chip", cores="int"),
        struct("disks", "structs", size="int"),
    ],
}


class GroupTest(SandboxTestCase):
    """Groups with functions, and counts of values."""

    seed = [THING]

    def fill(self):
        for row in [
            {"kind": u"一", "size": 1, "ratio": 0.5, "active": True, "chip": {"cores": 2}},
            {"kind": u"一", "size": 2, "ratio": 1.5, "active": False},
            {"kind": u"二", "size": 7, "active": True, "name": u"x"},
            {"size": 5},
        ]:
            self.create("THING", **row)

    def group(self, field, *funcs, **more):
        body = dict(more, group_field=field)
        body["funcs"] = [dict(zip(("op", "field", "alias"), one)) for one in funcs]
        groups = self.data("POST", GROUP, body)["list"]
        self.assertTrue(all(one["group_field"] == field for one in groups))
        return [
            (one["group_value"],) + tuple(each["value"] for each in one["func_values"])
            for one in groups
        ]

    def test_functions_of_groups(self):
        """Instances without a value form the group null; an empty sum is 0."""
        self.fill()
        self.assertEqual(
            self.group(
                "kind", ("count", "", "n"), ("sum", "size"), ("avg", "ratio"), ("min", "size"),
                ("max", "name"), ("count", "ratio"), ("sum", "ratio"),
            ),
            [(None, 1, 5, None, 5, None, 0, 0),
             (u"一", 2, 3, 1.0, 1, None, 2, 2.0),
             (u"二", 1, 7, None, 7, u"x", 0, 0)],
        )
        self.assertEqual(
            self.group("active", ("count", "instanceId", "n"), query={"size": {"$lt": 7}}),
            [(None, 1), (False, 1), (True, 1)],
        )
        self.assertEqual(self.group("chip.cores", ("count", "", "n")), [(None, 3), (2, 1)])

    def test_sums_are_exact_or_refused(self):
        """Integers over 64 bits are exact; infinite floats are refused."""
        self.load("THING", ["name"], [
            {"name": u"a", "size": 2**63 - 1, "ratio": 1e308},
            {"name": u"b", "size": 2**63 - 1, "ratio": 1e308},
            {"name": u"c", "size": -5},
        ])
        self.assertEqual(self.group("kind", ("sum", "size")), [(None, 2**64 - 7)])
        self.assertEqual(
            self.group("kind", ("sum", "size"), query={"size": {"$lt": 0}}), [(None, -5)]
        )
        for name in ("sum", "avg"):
            body = {"group_field": "kind", "funcs": [{"op": name, "field": "ratio", "alias": "r"}]}
            self.refused(400, 100001, "POST", GROUP, body)

    def test_flat_groups_of_versions_2_and_3(self):
        """One map for each group; version 3 accepts several fields."""
        self.fill()
        funcs = [{"op": "count", "field": "", "alias": "n"}]
        body = {"group_field": "kind", "funcs": funcs, "query": {"kind": {"$exists": True}}}
        self.assertEqual(self.data("POST", "/v2" + GROUP, body), {
            "list": [{"kind": u"一", "n": 2}, {"kind": u"二", "n": 1}], "total": 2})
        body = dict(body, group_fields=["kind", "active"])
        self.assertEqual(self.data("POST", "/v3" + GROUP, body), {
            "list": [
                {"kind": u"一", "active": False, "n": 1},
                {"kind": u"一", "active": True, "n": 1},
                {"kind": u"二", "active": True, "n": 1},
            ],
            "total": 3,
        })

    def test_invalid_groups_are_refused(self):
        """By a list, by an unknown field, with a numeric function of a text."""
        count = {"op": "count", "field": "name", "alias": "n"}
        for body in [
            {"funcs": [count]}, {"group_field": "kind"},
            {"group_field": ["kind"], "funcs": [count]},
            {"group_field": "tags", "funcs": [count]},
            {"group_field": "disks.size", "funcs": [count]},
            {"group_field": "typo", "funcs": [count]}, {"group_field": "chip", "funcs": [count]},
            {"group_field": "kind'", "funcs": [count]}, {"group_field": "kind", "funcs": [1]},
            {"group_field": "kind", "funcs": [{"op": "median", "field": "size"}]},
            {"group_field": "kind", "funcs": [{"op": {"a": 1}, "field": "size"}]},
            {"group_field": "kind", "funcs": [{"op": "sum", "field": "name"}]},
            {"group_field": "kind", "funcs": [{"op": "sum"}]},
            {"group_field": "kind", "funcs": [{"op": "min", "field": "active"}]},
            {"group_field": "kind", "funcs": [count, count]},
            {"group_field": "kind", "funcs": [count], "query": {"$where": 1}},
        ]:
            self.refused(400, 100000, "POST", GROUP, body)
            self.refused(400, 100000, "POST", "/v2" + GROUP, body)
        self.refused(400, 100000, "POST", "/v3" + GROUP, {"group_field": "kind", "funcs": [count]})
        for body in [
            {"group_field": "kind", "funcs": [{"op": "naturalMax", "field": "name"}]},
            {"group_field": "kind", "funcs": [count], "only_my_instance": True},
        ]:
            self.refused(501, 100012, "POST", GROUP, body)

    def test_value_counts_are_a_page(self):
        """The most frequent value first; null for instances without one."""
        self.fill()
        page = self.data("GET", COUNTS + "kind?page_size=2")
        self.assertEqual(page, {
            "list": [{"count": 2, "attr": {"kind": u"一"}}, {"count": 1, "attr": {"kind": None}}],
            "total": 3, "page": 1, "page_size": 2,
        })
        page = self.data("GET", COUNTS + "kind?page_size=2&page=2")
        self.assertEqual(page["list"], [{"count": 1, "attr": {"kind": u"二"}}])
        self.assertEqual(self.data("GET", COUNTS + "active")["list"][0],
                         {"count": 2, "attr": {"active": True}})
        self.assertEqual(self.data("GET", COUNTS + "chip.cores")["page_size"], 200)
        for name in ("tags", "typo", "disks.size", "%27", "a.b.c"):
            self.refused(400, 100000, "GET", COUNTS + name)

    def test_top_value_counts_are_a_bare_array(self):
        """The other values are summed up."""
        self.fill()
        one, none, two = ({"count": n, "attr": {"kind": value}}
                          for n, value in [(2, u"一"), (1, None), (1, u"二")])
        rest = {"count": 2, "attr": {"kind": "-"}}
        self.assertEqual(self.data("GET", TOP + "kind"), [one, none, two])
        self.assertEqual(self.data("GET", TOP + "kind?top=0"), [one, none, two])
        self.assertEqual(self.data("GET", TOP + "kind?top=1"), [one, rest])
        self.refused(400, 100000, "GET", TOP + "kind?top=-1")
        self.refused(404, 100005, "GET", TOP.replace("THING", "NOWHERE") + "kind")
