# -*- coding: utf-8 -*-
from __future__ import absolute_import, division, print_function

import json

import hypothesis
import pytest
from hypothesis import strategies as st
from sandbox_models import RELATED, relation, text

from waterspout_cmdb.sandbox.models.definition_checks import (
    MAX_ATTRIBUTES,
    model_definition,
    relation_definition,
)
from waterspout_cmdb.sandbox.models.model import Model
from waterspout_cmdb.sandbox.models.relation import sides_of
from waterspout_cmdb.sandbox.models.seed import BadSeed, read_definitions, shipped_definitions
from waterspout_cmdb.sandbox.wire_format.api_errors import InvalidArgument, SandboxError


def attribute(**value):
    """A model with one attribute of this value."""
    return {"attrList": [{"id": "a", "value": value}]}


@pytest.mark.parametrize(
    "fields",
    [
        {"objectId": None},
        {"objectId": 1},
        {"objectId": ["A"]},
        {"objectId": "1A"},
        {"objectId": u"中"},
        {"objectId": "A; DROP TABLE models"},
        {"objectId": "A" * 200},
        {"name": 5},
        {"name": u"a\0b"},
        {"name": {"a": 1}},
        {"memo": [1]},
        {"view": [1]},
        {"view": {"show_key": "name"}},
        {"view": {"relation_view": ["a"]}},
        {"view": {"relation_view": {"a": 1}}},
        {"protected": "yes"},
        {"protected": [1]},
        {"attrList": {"a": 1}},
        {"attrList": "name"},
        {"attrList": [1]},
        {"attrList": [[]]},
        {"attrList": [{}]},
        {"attrList": [{"id": "a"}]},
        {"attrList": [{"id": "a", "value": [1]}]},
        {"attrList": [{"id": "a", "value": 1}]},
        {"attrList": [{"id": "instanceId", "value": {"type": "str"}}]},
        {"attrList": [{"id": "a\"'", "value": {"type": "str"}}]},
        {"attrList": [text("a", unique="yes")]},
        {"attrList": [text("a", unique=[1])]},
        {"attrList": [{"id": "a", "unique": "true", "value": {"type": "arr"}}]},
        {"attrList": [text("a%d" % number) for number in range(MAX_ATTRIBUTES + 1)]},
        attribute(),
        attribute(type=["str"]),
        attribute(type="FK"),
        attribute(type="enum"),
        attribute(type="enum", regex=[1]),
        attribute(type="enum", regex=[u"\0"]),
        attribute(type="str", regex="("),
        attribute(type="str", regex=["("]),
        attribute(type="str", regex="a" * 1001),
        attribute(type="str", regex="a{99999999999999999999}"),
        attribute(type="struct", struct_define={"a": 1}),
        attribute(type="struct", struct_define=[1]),
        attribute(type="struct", struct_define=[{"id": "a"}]),
        attribute(type="int", default_type="value", default="x"),
        attribute(type="int", default_type=7),
        {"indexList": 1},
        {"indexList": [{"unique": True}]},
        {"indexList": [{"propertyIds": ["a"], "unique": True}]},
        {"indexList": [{"propertyIds": "a", "unique": True}]},
        {"attrList": [text("a")], "indexList": [{"propertyIds": ["a"], "name": "a b"}]},
    ],
)
def test_invalid_model_definition_is_refused(fields):
    """Fields of a wrong type or form, and definitions that could not be stored or queried."""
    with pytest.raises(InvalidArgument) as caught:
        model_definition(dict({"objectId": "THING"}, **fields))
    assert caught.value.text


@pytest.mark.parametrize("definition", shipped_definitions() + RELATED)
def test_returned_definition_can_be_sent_again(definition):
    """A definition that was read can be sent again without a loss or a change."""
    stored = model_definition(definition)
    assert model_definition(json.loads(json.dumps(stored))) == stored
    assert list(Model(stored).attributes) == list(Model(definition).attributes)


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)
ANYTHING = st.recursive(
    SCALARS | st.sampled_from([u"a", u"str", u"struct", u"enum", u"true", u"HOST"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            [u"id", u"name", u"value", u"type", u"regex", u"default", u"default_type",
             u"struct_define", u"unique", u"propertyIds", u"show_key", u"relation_view"]
        ),
        inner,
    ),
    max_leaves=12,
)


@hypothesis.given(
    st.fixed_dictionaries(
        {
            "objectId": st.just(u"THING"),
            "attrList": ANYTHING | st.lists(ANYTHING, max_size=2),
            "indexList": ANYTHING,
            "view": ANYTHING,
            "protected": ANYTHING,
            "memo": ANYTHING,
        }
    )
)
def test_any_json_is_accepted_as_a_model_or_refused(given):
    """Only SandboxErrors are raised, and an accepted definition makes a model."""
    try:
        stored = model_definition(given)
    except SandboxError:
        return
    Model(json.loads(json.dumps(stored)))


@hypothesis.given(
    st.dictionaries(
        st.sampled_from(
            ["left_object_id", "right_object_id", "left_id", "right_id", "left_max", "relation_id"]
        ),
        ANYTHING,
    )
)
def test_any_json_is_accepted_as_a_relation_or_refused(given):
    """Only SandboxErrors are raised."""
    try:
        relation_definition(dict(relation("HOST", "apps", "hosts", "APP"), **given))
    except SandboxError:
        pass


def test_sides_are_the_ends_of_relations_at_a_model():
    """A relation of a model with itself gives it two sides."""
    relations = [
        (1, relation_definition(relation("THING", "apps", "x", "APP", left_max=3))),
        (2, relation_definition(relation("APP", "y", "made", "THING", left_max=4))),
        (3, relation_definition(relation("THING", "up", "down", "THING"))),
    ]
    sides = sides_of(u"THING", relations)
    assert sorted(sides) == ["apps", "down", "made", "up"]
    assert sides["apps"][1:] == (1, "left", "right", "APP", 3, -1)
    assert sides["made"][1:] == (2, "right", "left", "APP", -1, 4)
    assert (sides["up"].here, sides["down"].here) == ("left", "right")


@pytest.mark.parametrize(
    "text, said",
    [
        (None, "No such file"),
        ("{", "not JSON"),
        ("{}", "list of models"),
        ("[1]", "list of models"),
        ('[{"objectId": "A", "attrList": [{"id": "a b"}]}]', "cannot name an attribute"),
        (json.dumps([dict(RELATED[0], relation_list=RELATED[1]["relation_list"])]), "APP"),
    ],
)
def test_invalid_seed_file_is_refused(tmpdir, text, said):
    """The error is one line with the name of the file."""
    path = tmpdir.join("models.json")
    if text is not None:
        path.write(text)
    with pytest.raises(BadSeed) as caught:
        read_definitions(str(path))
    assert str(path) in str(caught.value) and said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_seed_file_is_read(tmpdir):
    """A seed file has models in the vendor's form."""
    path = tmpdir.join("models.json")
    path.write(json.dumps(RELATED))
    assert read_definitions(str(path)) == RELATED
