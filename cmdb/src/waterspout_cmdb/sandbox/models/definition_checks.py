"""Check and complete callers' definitions of models, attributes, indexes and relations.

The returned definitions have the vendor's form and are stored as they are. So a model is shown as
it was defined, and code that reads a stored definition can rely on its form.
"""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.sandbox.models.linear_regex import compile_regex
from waterspout_cmdb.sandbox.models.model import Attribute, Model
from waterspout_cmdb.sandbox.models.relation import ENDS, UNLIMITED, relation_fields
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
from waterspout_cmdb.sandbox.wire_format.values import PLAIN_KINDS, InvalidValue, as_integer

#: Attributes of one index.
MAX_INDEXED = 16

#: Attributes of one model. An index of SQLite has at most 2000 columns, and a key may name all.
MAX_ATTRIBUTES = 1000

#: Characters of a model's name. Before Python 3.10 the time of a substring search grows with the
#: product of both lengths, and no other thread runs meanwhile.
MAX_NAME = 1000

#: The texts of a model.
TEXTS = ("name", "category", "memo", "icon")

_UNIMPLEMENTED = {"isAbstract": u"abstract models", "parentObjectIds": u"inheritance of models"}

#: Fields of an attribute's value that are stored unchanged, because the sandbox does not use them.
_KEPT = ("default_type", "default", "mode", "prefix", "start_value", "series_number_length")

#: The texts of each end of a relation, besides the model and the name of the field.
_END_TEXTS = ("name", "description")

_FLAGS = {None: u"false", False: u"false", True: u"true", u"false": u"false", u"true": u"true"}


def model_definition(given):
    # type: (dict) -> dict
    """Return a model's definition in the form to store, without relations, which have their own.

    Raises: InvalidArgument; AlreadyExists: a name occurs twice; Unimplemented.
    """
    refuse_features(given, _UNIMPLEMENTED)
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
    """Raise InvalidArgument if a model's name is too long."""
    if len(name) > MAX_NAME:
        raise InvalidArgument(u"a model's name may have at most %d characters" % MAX_NAME)


def check(definition):
    # type: (dict) -> None
    """Check the parts of a model together. Raises: InvalidArgument; AlreadyExists."""
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
    """Return how instances are shown: ``show_key``, and the fields of related ones by side."""
    view = dict(read_map(given, "view"))
    view["show_key"] = read_texts(view, "show_key")
    relation_view = read_map(view, "relation_view")
    for side in relation_view:
        read_texts(relation_view, side)
    return view


def attribute_definition(given):
    # type: (dict) -> dict
    """Return an attribute in the form to store. Raises: InvalidArgument; Unimplemented."""
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
    """Return an index in the form to store. Its default name is that of its attributes."""
    names = [identifiers.attribute_name(name) for name in read_texts(given, "propertyIds")]
    if not 0 < len(names) <= MAX_INDEXED:
        raise InvalidArgument(u"propertyIds must name 1 to %d attributes" % MAX_INDEXED)
    _refuse_twice(u"attribute", names)
    return {
        "name": identifiers.index_name(given.get("name") or u"_".join(names)),
        "propertyIds": names,
        "unique": _flag(given, "unique") == u"true",
    }


def relation_definition(given):
    # type: (dict) -> dict
    """Check and complete a caller's definition of a relation. Raises: InvalidArgument."""
    definition = {"name": read_text(given, "name")}
    for end in ENDS:
        definition[end + "_object_id"] = identifiers.object_id(given.get(end + "_object_id"))
        definition[end + "_id"] = identifiers.attribute_name(given.get(end + "_id"))
        definition[end + "_min"] = _bound(given, end + "_min", 0)
        definition[end + "_max"] = _bound(given, end + "_max", UNLIMITED)
        for detail in _END_TEXTS:
            definition[end + "_" + detail] = read_text(given, end + "_" + detail)
    if relation_fields(definition)[0] == relation_fields(definition)[1]:
        raise InvalidArgument(u"left_id and right_id name the same field of the same model")
    derived = u"{left_object_id}_{left_id}_{right_id}_{right_object_id}".format(**definition)
    definition["relation_id"] = identifiers.relation_id(given.get("relation_id") or derived)
    return definition


def _value_definition(given):
    """Return the type of an attribute, or of a member of a struct, which may be a struct, too."""
    regex = given.get("regex") or None
    if isinstance(regex, list):
        regex = read_texts(given, "regex")
    elif regex is not None:
        regex = read_text(given, "regex")
        if given.get("type") == "str":
            compile_regex(regex)  # Report a bad pattern now, not at the first value.
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
    """Read a boolean, which the vendor writes as the text "true" or "false"; accept both forms."""
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


def _bound(given, name, default):
    """Read a minimum or maximum; 0 means "not set", as in `body_fields`."""
    try:
        number = as_integer(given.get(name) or default)
    except InvalidValue as error:
        raise InvalidArgument(u"%s %s" % (name, error.args[0]))
    if number < UNLIMITED:
        raise InvalidArgument(u"%s must be -1, for no limit, or more" % name)
    return number
