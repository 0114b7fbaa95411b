"""A model with an attribute of every kind, and rows for it."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.bulk.mapping import Mapper, Model, Rules
from waterspout_cmdb.bulk.rows import Row


def attribute(identifier, type_, name=None, required=False, readonly=False, **value):
    """Return an attribute as models have it, where booleans are texts."""
    return {
        "id": identifier, "name": name or identifier, "unique": "false",
        "required": "true" if required else "false", "readonly": "true" if readonly else "false",
        "value": dict(value, type=type_),
    }


MEMBERS = [
    {"id": "size", "name": "Size (GB)", "type": "int"},
    {"id": "kind", "name": "Kind", "type": "enum", "regex": ["ssd", "hdd"]},
]

DEFINITION = {
    "objectId": "HOST", "name": "Host", "view": {"show_key": ["name"]},
    "attrList": [
        attribute("name", "str", "Name", required=True),
        attribute("ip", "ip", "IP address"),
        attribute("cpu", "int", "CPU cores"),
        attribute("load", "float", "Load"),
        attribute("virtual", "bool", "Virtual"),
        attribute("env", "enum", "Environment", regex=["dev", "test", "Prod", "C", "c"]),
        attribute("roles", "enums", "Roles", regex=["web", "db", "Mail"]),
        attribute("tags", "arr", "Tags"),
        attribute("bought", "date", "Bought on"),
        attribute("seen", "datetime", "Last seen"),
        attribute("extra", "json", "Extra"),
        attribute("disk", "struct", "Disk", struct_define=MEMBERS),
        attribute("disks", "structs", "Disks", struct_define=MEMBERS),
        attribute("code", "str", "Code", regex="^[A-Z]{2}[0-9]+$"),
        attribute("serial", "str", "Serial", readonly=True),
    ],
    "relation_list": [
        {"left_object_id": "HOST", "left_id": "apps", "left_name": "Applications", "left_max": -1,
         "right_object_id": "APP", "right_id": "hosts", "right_max": -1},
        {"left_object_id": "RACK", "left_id": "machines", "left_max": -1,
         "right_object_id": "HOST", "right_id": "rack", "right_max": 1},
    ],
}

MODEL = Model(DEFINITION)


def mapper(columns, keys=("name",), is_json=False, **rules):
    """Return a mapper that is ready for the columns."""
    made = Mapper(MODEL, keys, Rules(**rules))
    made.use(columns, is_json)
    return made


def value_of(name, cell, is_json=False, **rules):
    """Return a document's value of an attribute, or why there is none."""
    made = mapper([u"code", name], keys=["code"], is_json=is_json, **rules)
    mapped = made.map(Row(2, [u"AB1", cell]))
    if mapped.problems:
        assert [(each.row, each.column) for each in mapped.problems] == [(2, name)]
        return Refused(mapped.problems[0].reason)
    return mapped.document.get(name, "no value")


class Refused(object):
    """The reason for which a cell was refused."""

    def __init__(self, reason):
        self.reason = reason

    def __repr__(self):
        return "<Refused %s>" % self.reason
