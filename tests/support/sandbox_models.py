# -*- coding: utf-8 -*-
"""Models for tests of the sandbox CMDB: related ones, and one with every type of attribute."""

from __future__ import absolute_import, division, print_function


def attribute(name, type_name, **value):
    """An attribute; ``value`` has the details of its type."""
    return {"id": name, "value": dict(value, type=type_name)}


def struct(name, type_name="struct", **members):
    """An attribute with members, of which the type is given."""
    define = [{"id": member, "type": members[member]} for member in sorted(members)]
    return attribute(name, type_name, struct_define=define)


def text(name, **fields):
    """A text attribute."""
    return dict(attribute(name, "str"), name=name, **fields)


def relation(left, left_id, right_id, right, **more):
    """A relation: ``left_id`` is the field of ``left`` that lists instances of ``right``."""
    return dict(
        more, left_object_id=left, left_id=left_id, right_id=right_id, right_object_id=right
    )


RELATIONS = [
    relation("HOST", "apps", "hosts", "APP"),
    relation("APP", "owner", "owned", "USER", left_max=1),
    relation("USER", "boss", "reports", "USER", left_max=1),
]

#: Hosts run applications, which users own, who report to one another.
RELATED = [
    {
        "objectId": "HOST",
        "name": "Host",
        "view": {"show_key": ["name"], "relation_view": {"apps": ["language"]}},
        "attrList": [
            text("name", unique="true", required="true"),
            attribute("cpu", "int"),
            attribute("tags", "arr"),
            struct("chip", cores="int", vendor="str"),
        ],
        "relation_list": RELATIONS[:1],
    },
    {
        "objectId": "APP",
        "name": "Application",
        "attrList": [text("name", unique="true", required="true"), text("language")],
        "relation_list": RELATIONS[:2],
    },
    {
        "objectId": "USER",
        "name": "User",
        "attrList": [text("name", unique="true"), attribute("age", "int")],
        "relation_list": RELATIONS[1:],
    },
]

#: One attribute of every type, and structs of both kinds.
EVERYTHING = {
    "objectId": "EVERYTHING",
    "_version": 3,
    "attrList": [
        attribute("name", "str"),
        attribute("count", "int"),
        attribute("ratio", "float"),
        attribute("active", "bool"),
        attribute("env", "enum", regex=["dev", "test", "prod"]),
        attribute("zones", "enums", regex=["a", "b", u"中"]),
        attribute("tags", "arr"),
        attribute("born", "date"),
        attribute("seen", "datetime"),
        attribute("ip", "ip"),
        attribute("blob", "json"),
        struct("chip", cores="int", vendor="str", flags="arr"),
        struct("disks", "structs", size="int", label="str", marks="arr"),
    ],
}
