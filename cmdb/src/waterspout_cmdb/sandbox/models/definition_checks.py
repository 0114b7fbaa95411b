"""What callers say of models, attributes and indexes: checked, completed, in the vendor's form.

What is stored is what these functions return, so that a model can be shown as it was given, and
everything that reads a stored definition can rely on its shape.
"""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.sandbox.models.linear_regex import compile_regex
from waterspout_cmdb.sandbox.models.model import Attribute, Model
from waterspout_cmdb.sandbox.wire_format import identifiers
from waterspout_cmdb.sandbox.wire_format.api_errors import AlreadyExists, InvalidArgument
from waterspout_cmdb.sandbox.wire_format.body_fields import (
    read_boolean,
    read_map,
    read_maps,
    read_text,
    read_texts,
    refuse_features,
)
from waterspout_cmdb.sandbox.wire_format.values import PLAIN_KINDS

#: Attributes of one index.
MAX_INDEXED = 16

#: Attributes of one model. SQLite takes 2000 columns to an index, and a key may name them all.
MAX_ATTRIBUTES = 1000

#: Characters of a model's name. Python before 3.10 looks for one text in another in a time that
#: grows with the product of their lengths, during which no other thread runs.
MAX_NAME = 1000

#: What a model says of itself in words.
TEXTS = ("name", "category", "memo", "icon")

_NOT_BUILT = {"isAbstract": u"abstract models", "parentObjectIds": u"inheritance of models"}

#: Details of an attribute's value that are kept as they come: they mean nothing here.
_KEPT = ("default_type", "default", "mode", "prefix", "start_value", "series_number_length")

_FLAGS = {None: u"false", False: u"false", True: u"true", u"false": u"false", u"true": u"true"}


def model_definition(given):
    # type: (dict) -> dict
    """A model as it is stored, without its relations, which are stored by themselves.

    Raises: InvalidArgument; AlreadyExists: a name given twice; NotBuilt.
    """
    refuse_features(given, _NOT_BUILT)
    identifier = identifiers.object_id(given.get("objectId"))
    definition = {
        "objectId": identifier,
        "protected": read_boolean(given, "protected"),
        "view": view_definition(given),
        "attrList": [attribute_definition(one) for one in read_maps(given, "attrList")],
        "indexList": [index_definition(one) for one in read_maps(given, "indexList")],
        "isAbstract": False,
        "parentObjectIds": [],
        "_version": 1,
    }
    for name in TEXTS:
        definition[name] = read_text(given, name)
    definition["name"] = definition["name"] or identifier
    check_name(definition["name"])
    check(definition)
    return definition


def check_name(name):
    # type: (Text) -> None
    """Raise InvalidArgument if a model cannot be called so."""
    if len(name) > MAX_NAME:
        raise InvalidArgument(u"a model's name may have at most %d characters" % MAX_NAME)


def check(definition):
    # type: (dict) -> None
    """Raise what is wrong with the parts of a model taken together."""
    if len(definition["attrList"]) > MAX_ATTRIBUTES:
        raise InvalidArgument(u"a model may have %d attributes" % MAX_ATTRIBUTES)
    _refuse_twice(u"attribute", [one["id"] for one in definition["attrList"]])
    _refuse_twice(u"index", [one["name"] for one in definition["indexList"]])
    model = Model(definition)
    for names in model.unique_keys:
        for name in names:
            if model.attributes[name].type.kind not in PLAIN_KINDS:
                raise InvalidArgument(u"values of attribute %s cannot be unique" % name)


def view_definition(given):
    # type: (dict) -> dict
    """How instances are shown: ``show_key``, and the fields of related ones by side."""
    view = dict(read_map(given, "view"))
    view["show_key"] = read_texts(view, "show_key")
    relation_view = read_map(view, "relation_view")
    for side in relation_view:
        read_texts(relation_view, side)
    return view


def attribute_definition(given):
    # type: (dict) -> dict
    """An attribute as it is stored. Raises: InvalidArgument; NotBuilt."""
    identifier = identifiers.attribute_name(given.get("id"))
    definition = {
        "id": identifier,
        "name": read_text(given, "name", identifier),
        "protected": read_boolean(given, "protected"),
        "value": _value_definition(read_map(given, "value")),
    }
    for name in ("unique", "required", "readonly"):
        definition[name] = _flag(given, name)
    Attribute(definition)
    return definition


def index_definition(given):
    # type: (dict) -> dict
    """An index as it is stored; without a name of its own it is called after its attributes."""
    names = [identifiers.attribute_name(name) for name in read_texts(given, "propertyIds")]
    if not 0 < len(names) <= MAX_INDEXED:
        raise InvalidArgument(u"propertyIds must name 1 to %d attributes" % MAX_INDEXED)
    _refuse_twice(u"attribute", names)
    return {
        "name": identifiers.index_name(given.get("name") or u"_".join(names)),
        "propertyIds": names,
        "unique": _flag(given, "unique") == u"true",
    }


def _value_definition(given):
    """The type of an attribute, or of a member of a struct, which may be a struct again."""
    regex = given.get("regex") or None
    if isinstance(regex, list):
        regex = read_texts(given, "regex")
    elif regex is not None:
        regex = read_text(given, "regex")
        if given.get("type") == "str":
            compile_regex(regex)  # Now, not when the first text is refused for it.
    value = {name: given.get(name) for name in _KEPT}
    value.update(
        type=given.get("type"),
        regex=regex,
        default_type=read_text(given, "default_type", u"empty"),
        struct_define=[_member(one) for one in read_maps(given, "struct_define")],
    )
    return value


def _member(given):
    identifier = identifiers.attribute_name(given.get("id"))
    member = _value_definition(given)
    return {
        "id": identifier,
        "name": read_text(given, "name", identifier),
        "type": member["type"],
        "regex": member["regex"],
        "struct_define": member["struct_define"],
    }


def _flag(given, name):
    """The vendor writes these as the texts "true" and "false"; booleans are taken as well."""
    value = given.get(name) or None
    if isinstance(value, (list, dict)) or value not in _FLAGS:
        raise InvalidArgument(u'%s must be "true" or "false"' % name)
    return _FLAGS[value]


def _refuse_twice(what, names):
    seen = set()
    for name in names:
        if name in seen:
            raise AlreadyExists(u"the %s %s is given twice" % (what, name))
        seen.add(name)
