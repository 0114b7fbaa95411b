from __future__ import absolute_import, division, print_function

import json
import time

import pytest

from waterspout_cmdb.sandbox.models import documents
from waterspout_cmdb.sandbox.models.model import Model
from waterspout_cmdb.sandbox.wire_format.api_errors import InvalidArgument

THING = Model(
    {
        "objectId": "THING",
        "_version": 3,
        "attrList": [
            {"id": "name", "required": "true", "value": {"type": "str"}},
            {"id": "size", "value": {"type": "int", "default_type": "value", "default": 4}},
            {"id": "tags", "value": {"type": "arr"}},
        ],
    }
)
ALICE = documents.Author(7, u"alice", 1700000000.9)
BOB = documents.Author(7, u"bob", 1700000100.0)


def local(seconds):
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(seconds))


def made(**values):
    return documents.create(THING, documents.accept(THING, values), ALICE, u"5f0000000000a")


def test_new_instance_has_its_system_fields():
    """It has no _pre_ts, modifier and mtime, which only a change sets."""
    assert made(name=u"one", size=2) == {
        "name": u"one",
        "size": 2,
        "instanceId": u"5f0000000000a",
        "org": 7,
        "creator": u"alice",
        "ctime": local(1700000000),
        "_object_id": "THING",
        "_object_version": 3,
        "_version": 1,
        "_ts": 1700000000,
    }


def test_default_fills_a_missing_value_only():
    """Null is a missing value; zero is a value."""
    assert made(name=u"one")["size"] == 4
    assert made(name=u"one", size=None)["size"] == 4
    assert made(name=u"one", size=0)["size"] == 0


@pytest.mark.parametrize("values", [{}, {"name": None}, {"name": u""}])
def test_required_attribute_needs_a_value(values):
    """Missing, null and the empty text are not values."""
    with pytest.raises(InvalidArgument) as caught:
        made(**values)
    assert caught.value.text == u"attribute name is required"


def test_change_keeps_other_attributes():
    """It records the user, and the time of the previous change."""
    before = made(name=u"one", tags=[u"a"])
    after = documents.change(THING, before, {"size": 9}, BOB)
    assert after == dict(
        before,
        size=9,
        _version=2,
        _pre_ts=1700000000,
        _ts=1700000100,
        modifier=u"bob",
        mtime=local(1700000100),
    )
    assert before["size"] == 4


def test_null_clears_an_attribute():
    """A cleared attribute is absent, not null."""
    before = made(name=u"one", tags=[u"a"])
    assert "tags" not in documents.change(THING, before, {"tags": None}, BOB)


def test_change_to_the_same_values_returns_the_same_document():
    """The same object is returned, so that it is not written."""
    before = made(name=u"one", tags=[1])
    assert documents.change(THING, before, {"name": u"one", "tags": [1]}, BOB) is before


def test_true_and_one_are_different_values():
    """In Python [True] == [1]; in JSON they are different."""
    after = documents.change(THING, made(name=u"one", tags=[1]), {"tags": [True]}, BOB)
    assert json.dumps(after["tags"]) == "[true]"


def test_required_attribute_cannot_be_cleared():
    """Null and the empty text are both refused."""
    for nothing in (None, u""):
        with pytest.raises(InvalidArgument):
            documents.change(THING, made(name=u"one"), {"name": nothing}, BOB)


def test_only_attributes_are_accepted():
    """System fields and path arguments that clients send are ignored."""
    values = {"name": u"one", "instanceId": u"x", "_version": 9, "objectId": u"THING", "typo": 1}
    assert documents.accept(THING, values) == {"name": u"one"}


def test_authorizers_are_accepted():
    """The lists of authorized users are the only system fields that callers may write."""
    assert documents.accept(THING, {"readAuthorizers": [u"a"]}) == {"readAuthorizers": [u"a"]}


def test_error_of_a_value_names_its_attribute():
    """The caller learns which of its values is wrong."""
    with pytest.raises(InvalidArgument) as caught:
        documents.accept(THING, {"size": u"big"})
    assert caught.value.text == u"attribute size must be a number"


def test_imported_metadata_sets_creator_and_ctime():
    """A ctime that is not a time is refused."""
    values = documents.accept_metadata({"ctime": u"2020-01-01 00:00:00", "creator": u"carol"})
    document = documents.create(THING, dict(values, name=u"one"), ALICE, u"5f0000000000a")
    assert (document["creator"], document["ctime"]) == (u"carol", u"2020-01-01 00:00:00")
    with pytest.raises(InvalidArgument):
        documents.accept_metadata({"ctime": u"yesterday"})
