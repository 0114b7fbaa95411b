from __future__ import absolute_import, division, print_function

import pytest

from waterspout_cmdb.sandbox.models.model import Model
from waterspout_cmdb.sandbox.models.seed import shipped_definitions
from waterspout_cmdb.sandbox.wire_format.api_errors import InvalidArgument, Unimplemented


def model(**fields):
    fields.setdefault("objectId", "THING")
    return Model(fields)


def text(name, **fields):
    return dict(fields, id=name, value={"type": "str"})


def test_shipped_models_are_host_and_app():
    """Every organisation starts with HOST and APP, which have unique names."""
    models = {definition["objectId"]: Model(definition) for definition in shipped_definitions()}
    assert sorted(models) == ["APP", "HOST"]
    for one in models.values():
        assert one.unique_keys == [("name",)]
        assert one.attributes["name"].required
    assert list(models["HOST"].attributes)[:7] == [
        "name", "ip", "cpu", "memory", "env", "tags", "owner",
    ]
    assert list(models["APP"].attributes)[:3] == ["name", "language", "hosts"]


def test_flags_are_texts_or_booleans():
    """The vendor sends "true" and "false"; booleans are accepted, too."""
    attributes = model(
        attrList=[
            text("a", unique="true", required="false"),
            text("b", unique=True, required=False),
            text("c", unique="false", required="true"),
            text("d"),
        ]
    ).attributes
    assert [attributes[name].unique for name in "abcd"] == [True, True, False, False]
    assert [attributes[name].required for name in "abcd"] == [False, False, True, False]


def test_unique_keys_come_from_attributes_and_indexes():
    """A unique index on several attributes is one key; an index that is not unique is not a key."""
    one = model(
        attrList=[text("a", unique="true"), text("b"), text("c")],
        indexList=[
            {"name": "b_c", "propertyIds": ["b", "c"], "unique": True},
            {"name": "c", "propertyIds": ["c"], "unique": False},
        ],
    )
    assert one.unique_keys == [("a",), ("b", "c")]


def test_default_value_is_converted_by_its_type():
    """The default 4.0 of an int is stored as 4."""
    value = {"type": "int", "default_type": "value", "default": 4.0}
    assert repr(model(attrList=[{"id": "a", "value": value}]).attributes["a"].default) == "4"
    with pytest.raises(InvalidArgument):
        model(attrList=[{"id": "a", "value": dict(value, default="four")}])


@pytest.mark.parametrize("kind", ["function", "auto-increment-id", "series-number"])
def test_generated_defaults_are_refused_by_name(kind):
    """A model that needs them is refused; its instances would lack values otherwise."""
    with pytest.raises(Unimplemented) as caught:
        model(attrList=[{"id": "a", "value": {"type": "int", "default_type": kind}}])
    assert kind in str(caught.value)


@pytest.mark.parametrize(
    "definition",
    [
        {"objectId": "1X"},
        {"objectId": None},
        {"attrList": [{"id": "a b", "value": {"type": "str"}}]},
        {"attrList": [{"id": "instanceId", "value": {"type": "str"}}]},
        {"attrList": [{"id": "a", "value": {"type": "text"}}]},
        {"attrList": [{"id": "a"}]},
        {"indexList": [{"propertyIds": ["nowhere"], "unique": True}]},
    ],
)
def test_invalid_definition_makes_no_model(definition):
    """A definition that could not be stored or queried is refused at once."""
    with pytest.raises(InvalidArgument):
        model(**definition)
