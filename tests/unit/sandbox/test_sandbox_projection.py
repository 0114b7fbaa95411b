from __future__ import absolute_import, division, print_function

import pytest

from waterspout_cmdb.sandbox.errors import InvalidArgument
from waterspout_cmdb.sandbox.query.projection import Projection

DOCUMENT = {"name": u"a", "cpu": 1, "_ts": 5, "instanceId": u"x", "_object_id": u"HOST"}


@pytest.mark.parametrize(
    "fields, shown",
    [
        (None, ["_object_id", "_ts", "cpu", "instanceId", "name"]),
        ({}, ["_object_id", "_ts", "cpu", "instanceId", "name"]),
        ({"*": True}, ["_object_id", "_ts", "cpu", "instanceId", "name"]),
        ({"name": True}, ["_object_id", "name"]),
        ({"name": 1, "instanceId": 1.0}, ["_object_id", "instanceId", "name"]),
        ({"name": False}, ["_object_id", "_ts", "cpu", "instanceId"]),
        ({"name": 0, "_object_id": 0}, ["_object_id", "_ts", "cpu", "instanceId"]),
        ({"*": True, "name": False}, ["_object_id", "_ts", "cpu", "instanceId"]),
        ({"name": True, "cpu": False}, ["_object_id", "name"]),
        ({"nowhere": True}, ["_object_id"]),
        ({"apps.name": True, "name": True}, ["_object_id", "name"]),
    ],
)
def test_map_includes_or_excludes(fields, shown):
    """An empty map shows everything, unknown names are ignored, _object_id is always there."""
    assert sorted(Projection.from_map(fields)(DOCUMENT)) == shown


@pytest.mark.parametrize(
    "fields", [[u"name"], u"name", 1, {"name": u"yes"}, {"name": 2}, {"name": None}]
)
def test_anything_but_a_map_of_booleans_is_refused(fields):
    """Version 1 takes no list."""
    with pytest.raises(InvalidArgument) as caught:
        Projection.from_map(fields)
    assert caught.value.text.startswith(u"fields")


@pytest.mark.parametrize(
    "names, shown",
    [
        (u"", ["_object_id", "_ts", "cpu", "instanceId", "name"]),
        (u"name, cpu,", ["_object_id", "cpu", "name"]),
        (u"*", ["_object_id", "_ts", "cpu", "instanceId", "name"]),
    ],
)
def test_comma_list_includes(names, shown):
    """As the query string of a get has it."""
    assert sorted(Projection.from_list(names)(DOCUMENT)) == shown
