"""What an import would change."""

from __future__ import absolute_import, division, print_function

import pytest

from waterspout_cmdb.bulk.checking import ChangeCounts, compare
from waterspout_cmdb.bulk.mapping import Model

MODEL = Model({
    "objectId": "HOST",
    "attrList": [{"id": name, "value": {"type": "json"}} for name in ("name", "value")],
    "relation_list": [{"left_object_id": "HOST", "left_id": "apps", "left_max": -1,
                       "right_object_id": "APP", "right_id": "hosts", "right_max": -1}],
})


@pytest.mark.parametrize("sent, there", [
    (4, 4.0), (u"a", u"a"), (None, None), (None, u""), (None, []), ([], None), (True, True),
    ([1, u"a"], [1.0, u"a"]), ({"a": 1}, {"a": 1.0}), ({"a": 1}, {"a": 1, "b": None}),
    ([{"a": 1}], [{"a": 1}]), (2 ** 63 - 1, 2 ** 63 - 1),
])
def test_what_is_the_same(sent, there):
    """The forms in which the CMDB may give back what was sent."""
    instance = {"name": u"x"} if there is None else {"name": u"x", "value": there}
    assert compare(MODEL, {"name": u"x", "value": sent}, instance) == []


@pytest.mark.parametrize("sent, there", [
    (4, 5), (4, u"4"), (1, True), (0, False), (None, 0), (None, False), (u"a", u"A"), (u"a", None),
    ([1, 2], [2, 1]), ([1], [1, 2]), ({"a": 1}, {"a": 2}), ({"a": 1}, {"a": 1, "b": 2}), (0, None),
    (2 ** 63 - 1, 2 ** 63 - 2), ([1], 1),
])
def test_what_changes(sent, there):
    """Other values, and other types."""
    assert compare(MODEL, {"value": sent}, {"value": there}) == ["value"]


def test_what_is_not_sent_stays():
    """Attributes that the row does not have are no change."""
    assert compare(MODEL, {"name": u"x"}, {"name": u"x", "value": 5}) == []


@pytest.mark.parametrize("sent, there, changes", [
    ([u"1", u"2"], [u"2", u"1"], False), ([u"1"], [u"1", u"2"], True), ([u"3"], [], True),
    (None, [], False), (None, [u"1"], True), ([], [u"1"], True),
])
def test_relations(sent, there, changes):
    """An import replaces the related instances, which have no order."""
    instance = {"apps": [{"instanceId": each, "name": u"x"} for each in there]}
    assert compare(MODEL, {"apps": sent}, instance) == (["apps"] if changes else [])


def test_counts():
    """The sum of all rows, as lines and as JSON."""
    counts = ChangeCounts()
    for changed in (None, [], ["cpu", "ip"], ["cpu"]):
        counts.note(changed)
    assert counts.as_dict() == {
        "inserted": 1, "updated": 2, "unchanged": 1, "attributes": {"cpu": 2, "ip": 1}}
    assert counts.lines() == [
        u"1 would be inserted, 2 updated, 1 are as they are in the file",
        u"cpu would change in 2", u"ip would change in 1"]
