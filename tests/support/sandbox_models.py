"""Models with relations between them, for tests of the sandbox CMDB."""

from __future__ import absolute_import, division, print_function


def text(name, **fields):
    """A text attribute."""
    return dict(fields, id=name, name=name, value={"type": "str"})


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
            {"id": "cpu", "value": {"type": "int"}},
            {"id": "tags", "value": {"type": "arr"}},
            {
                "id": "chip",
                "value": {
                    "type": "struct",
                    "struct_define": [
                        {"id": "cores", "type": "int"},
                        {"id": "vendor", "type": "str"},
                    ],
                },
            },
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
        "attrList": [text("name", unique="true"), {"id": "age", "value": {"type": "int"}}],
        "relation_list": RELATIONS[1:],
    },
]
