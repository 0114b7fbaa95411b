"""A model: the attributes of its instances, and the values that must be unique."""

from __future__ import absolute_import, division, print_function

import collections
import json

from waterspout_cmdb.sandbox.models.attribute_types import is_no_value, value_type
from waterspout_cmdb.sandbox.models.relation import sides_of
from waterspout_cmdb.sandbox.wire_format import identifiers
from waterspout_cmdb.sandbox.wire_format.api_errors import InvalidArgument, Unimplemented
from waterspout_cmdb.sandbox.wire_format.values import PLAIN_KINDS, InvalidValue

#: The fields of every instance besides its attributes. Queries and ``fields`` may name them.
SYSTEM_FIELDS = {
    name: value_type({"type": type_name})
    for type_name, names in {
        "str": ["instanceId", "_object_id", "creator", "modifier"],
        "datetime": ["ctime", "mtime"],
        "int": ["_object_version", "_version", "_ts", "_pre_ts", "org"],
    }.items()
    for name in names
}

#: The only system fields that callers may write: lists of user names.
AUTHORIZERS = ("readAuthorizers", "updateAuthorizers", "deleteAuthorizers")


class Attribute(object):
    """One attribute of a model.

    Attributes:
        id (text): its name in instances.
        type (ValueType): the values that it accepts.
        required, unique (bool): as in the definition.
        default (Any): stored when an instance is created without a value; None: no default.
    """

    __slots__ = ("id", "type", "required", "unique", "default")

    def __init__(self, definition):
        # type: (dict) -> None
        value = definition.get("value") or {}
        self.id = identifiers.attribute_name(definition.get("id"))
        if self.id in SYSTEM_FIELDS:
            raise InvalidArgument(u"every instance has a field %s already" % self.id)
        self.type = value_type(value)
        self.required = _flag(definition, "required")
        self.unique = _flag(definition, "unique")
        self.default = self._default(value)

    def __repr__(self):
        return "<Attribute %s %s>" % (self.id, type(self.type).__name__)

    def convert(self, value):
        # type: (Any) -> Any
        """Return the value to store; see :func:`convert`."""
        return convert(self.id, self.type, value)

    def _default(self, value):
        kind = value.get("default_type") or "empty"
        if kind not in ("value", "empty"):
            raise Unimplemented(u"default_type %s of attribute %s" % (kind, self.id))
        return self.convert(value.get("default")) if kind == "value" else None


class Model(object):
    """A model, built from its definition.

    Attributes:
        object_id (text): its name.
        version (int): of the definition.
        attributes (OrderedDict): :class:`Attribute` by id.
        unique_keys (list): tuples of attribute ids; a combination of their values occurs once.
        search_keys (list): tuples of attribute ids that searches are likely to use: the model's
            other indexes, then each attribute. Attributes of a plain kind only.
        sides (OrderedDict): :class:`Side` by name: the fields that show related instances.
        relation_view (dict): for each side, the fields of related instances in a short view.
    """

    def __init__(self, definition, relations=()):
        # type: (dict, Iterable[Tuple[int, dict]]) -> None
        self.object_id = identifiers.object_id(definition.get("objectId"))
        self.version = definition.get("_version") or 1
        self.attributes = collections.OrderedDict(
            (attribute.id, attribute)
            for attribute in map(Attribute, _all_definitions(definition))
        )
        attributes = self.attributes.values()
        indexes = definition.get("indexList") or []
        self.unique_keys = [(a.id,) for a in attributes if a.unique]
        self.unique_keys += [self._names(index) for index in indexes if _flag(index, "unique")]
        plain = [a.id for a in attributes if a.type.kind in PLAIN_KINDS]
        others = [self._names(index) for index in indexes if not _flag(index, "unique")]
        self.search_keys = [names for names in others if set(names).issubset(plain)]
        self.search_keys += [(name,) for name in plain]
        self.sides = sides_of(self.object_id, relations)
        self.relation_view = (definition.get("view") or {}).get("relation_view") or {}

    def __repr__(self):
        return "<Model %s version=%d>" % (self.object_id, self.version)

    def type_of(self, name):
        # type: (Text) -> Optional[ValueType]
        """Return the type of an attribute or system field; None if there is none of that name."""
        attribute = self.attributes.get(name)
        return attribute.type if attribute is not None else SYSTEM_FIELDS.get(name)

    def _names(self, index):
        """Return the attributes of an index."""
        for name in index["propertyIds"]:
            if name not in self.attributes:
                raise InvalidArgument(
                    u"an index names the unknown attribute %s" % json.dumps(name)
                )
        return tuple(index["propertyIds"])


def convert(name, type_, value):
    # type: (Text, ValueType, Any) -> Any
    """Return the value to store in the field ``name``; None means "no value".

    Raises: InvalidArgument: names the attribute and the values that it accepts.
    """
    if is_no_value(type_, value):
        return None
    try:
        return type_.convert(value)
    except InvalidValue as error:
        separator = u"" if error.args[0].startswith(u".") else u" "
        raise InvalidArgument(u"attribute %s%s%s" % (name, separator, error.args[0]))


def _all_definitions(definition):
    authorizers = [{"id": name, "value": {"type": "arr"}} for name in AUTHORIZERS]
    return list(definition.get("attrList") or []) + authorizers


def _flag(definition, name):
    """Read a boolean, which models write as the texts "true" and "false"."""
    return definition.get(name) in (True, "true")

