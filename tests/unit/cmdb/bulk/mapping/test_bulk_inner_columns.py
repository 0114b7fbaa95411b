"""Columns that are members of structs, and columns that name related instances."""

from __future__ import absolute_import, division, print_function

import pytest
from bulk_models import mapper

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.mapping import problem_text
from waterspout_cmdb.bulk.rows import Row

IDS = [u"5f0e1b2c3d4e5", u"5f0e1b2c3d4e6"]


def mapped(column, cell, is_json=False, **rules):
    return mapper([u"name", column], is_json=is_json, **rules).map(Row(2, [u"a", cell]))


def names(result):
    return [(each.side, each.object_id, each.attribute, each.text) for each in result.references]


def test_members_as_columns():
    """They make one map; members without a value are left out."""
    made = mapper([u"name", u"disk.size", u"Disk.Kind"])
    assert made.map(Row(2, [u"a", u"8", u"SSD"])).document["disk"] == {"size": 8, "kind": u"ssd"}
    assert made.map(Row(3, [u"a", u"8", u""])).document["disk"] == {"size": 8}
    assert "disk" not in made.map(Row(4, [u"a", u"", u""])).document
    problem, = made.map(Row(5, [u"a", u"x", u"ssd"])).problems
    assert problem_text(problem).startswith(u'disk.size: "x" is not a whole number')


def test_a_struct_in_part():
    """The user is told that the other members are lost: the CMDB stores structs as a whole."""
    assert mapper([u"name", u"disk.size"]).findings == [
        u"disk has columns for size only: where a row has one of these, kind is taken away, "
        u"because the CMDB stores disk as a whole"]
    assert mapper([u"name", u"disk.size", u"disk.kind"]).findings == []


@pytest.mark.parametrize("cells", [[u"", u"ssd"], [u"ssd", u""]])
def test_members_that_clear(cells):
    """A struct is cleared only if all of its members' cells are empty."""
    columns = [u"disk.size", u"disk.kind"] if not cells[0] else [u"disk.kind", u"disk.size"]
    made = mapper([u"name"] + columns, empty="clear")
    assert made.map(Row(2, [u"a"] + cells)).document["disk"] == {"kind": u"ssd"}
    assert made.map(Row(3, [u"a", u"", u""])).document["disk"] is None


@pytest.mark.parametrize("side, hint", [
    (u"Applications", u"; is apps meant?"), (u"racks", u"; is rack meant?"), (u"x", u"")])
def test_a_relation_that_the_model_does_not_have(side, hint):
    """It had no effect: cells were read by another attribute than the user had said."""
    with pytest.raises(BulkError) as caught:
        mapped(u"apps", u"7", peer_keys={side: u"code"})
    assert str(caught.value) == "--peer-key %s=code: HOST has no relation %s%s" % (side, side, hint)


def test_a_struct_and_its_member():
    """Both cannot be columns."""
    with pytest.raises(BulkError, match='the columns "disk", "disk.size" are all disk'):
        mapper([u"name", u"disk", u"disk.size"])


def test_peers_by_name():
    """Each name is a reference; by the model's show_key, or the attribute that the user says."""
    result = mapped(u"Applications", u"shop, till, shop")
    assert "apps" not in result.document
    assert names(result) == [(u"apps", u"APP", None, u"shop"), (u"apps", u"APP", None, u"till")]
    for result in (mapped(u"apps", u"7", peer_keys={"apps": "code"}), mapped(u"apps.code", u"7")):
        assert names(result) == [(u"apps", u"APP", u"code", u"7")]


def test_one_peer_may_have_a_comma():
    """A relation that allows one instance does not split its cell."""
    assert names(mapped(u"rack", u"Row 2, rack 1")) == [(u"rack", u"RACK", None, u"Row 2, rack 1")]


@pytest.mark.parametrize("cell", [
    u'["%s", "%s"]' % tuple(IDS), IDS, [{u"instanceId": each, u"name": u"x"} for each in IDS],
])
def test_peers_by_id(cell):
    """Ids in JSON, and the maps of an export, are taken as they are."""
    result = mapped(u"apps", cell)
    assert result.document["apps"] == IDS and result.references == []


def test_ids_in_plain_text():
    """They are ids if the user says that they are; what looks like one is a name otherwise."""
    assert names(mapped(u"apps", IDS[0]))[0][3] == IDS[0]
    assert mapped(u"apps", u",".join(IDS), peer_keys={"apps": "instanceId"}).document["apps"] == IDS


def test_no_peers():
    """An empty cell says nothing or clears; an empty JSON list clears in any case."""
    assert mapped(u"apps", u"").document == {"name": u"a"}
    assert mapped(u"apps", u"", empty="clear").document["apps"] is None
    assert mapped(u"apps", u"[]").document["apps"] == []


@pytest.mark.parametrize("column, cell, reason", [
    (u"rack", u'["a", "b"]', u"names 2 instances; the relation rack allows 1"),
    (u"apps", [None], u"has an item that names no instance"),
    (u"apps", [{u"name": u"x"}], u"has a map without instanceId"),
    (u"apps", [{u"instanceId": IDS[0]}, u"shop"], u"is not a list of ids"),
    (u"apps", u"[shop", u"is not JSON"),
    (u"apps", u";;", u"has separators only"),
])
def test_what_names_no_peers(column, cell, reason):
    """The reason says what is wrong."""
    problem, = mapped(column, cell).problems
    assert reason in problem.reason
