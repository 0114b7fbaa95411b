from __future__ import absolute_import, division, print_function

import pytest

from waterspout_cmdb.sandbox.query.projection import Projection
from waterspout_cmdb.sandbox.wire_format.api_errors import InvalidArgument

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
    """An empty map shows all fields, unknown names are ignored, _object_id is always shown."""
    assert sorted(Projection.from_map(fields)(DOCUMENT)) == shown


@pytest.mark.parametrize(
    "fields", [[u"name"], u"name", 1, {"name": u"yes"}, {"name": 2}, {"name": None}]
)
def test_anything_but_a_map_of_booleans_is_refused(fields):
    """Version 1 does not accept a list."""
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
    """In the form of a query string."""
    assert sorted(Projection.from_list(names)(DOCUMENT)) == shown


NESTED = {
    "name": u"a",
    "chip": {"cores": 4, "vendor": u"x"},
    "disks": [{"size": 1, "label": u"r"}, {"size": 2}],
    "_object_id": u"HOST",
}


@pytest.mark.parametrize(
    "fields, shown",
    [
        ({"chip.cores": 1}, {"chip": {"cores": 4}}),
        ({"chip.cores": 1, "chip": 1}, {"chip": NESTED["chip"]}),
        ({"disks.size": 1, "name": 1}, {"name": u"a", "disks": [{"size": 1}, {"size": 2}]}),
        ({"*": 1, "chip.cores": 1}, NESTED),
        (
            {"chip.vendor": 0, "disks": 0},
            {"name": u"a", "chip": {"cores": 4}},
        ),
        ({"name.x": 1}, {"name": u"a"}),
    ],
)
def test_dots_lead_into_structs(fields, shown):
    """Also into each struct of a list."""
    assert Projection.from_map(fields)(NESTED) == dict(shown, _object_id=u"HOST")


@pytest.mark.parametrize(
    "fields, names",
    [
        (None, [u"*"]),
        ({"apps": 1}, [u"*"]),
        ({"apps.name": 1}, [u"name"]),
        ({"apps.name": 1, "apps": 1}, [u"*", u"name"]),
        ({"apps.owner.name": 1}, [u"owner.name"]),
        ({"apps.language": 0}, [u"*"]),
    ],
)
def test_related_instances_have_a_projection_of_their_own(fields, names):
    """It has the names after the dot; all plain fields if there are none."""
    related = Projection.from_map(fields).related(u"apps")
    expected = Projection(names, always=[u"instanceId", u"_object_id"])
    document = {"name": u"a", "age": 1, "instanceId": u"i", "_object_id": u"APP"}
    assert related(document) == expected(document)


@pytest.mark.parametrize("fields", [{"name": 1}, {"*": 1}, {"apps": 0}, {"apps": 0, "name": 1}])
def test_relation_that_is_not_selected_is_not_shown(fields):
    """It is omitted, only plain fields are selected, or it is excluded."""
    assert Projection.from_map(fields).related(u"apps") is None


def test_document_is_not_changed():
    """Changes of a shown document do not affect the stored one."""
    shown = Projection()(DOCUMENT)
    shown["apps"] = []
    assert "apps" not in DOCUMENT
