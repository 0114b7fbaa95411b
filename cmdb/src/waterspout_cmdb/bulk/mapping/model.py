"""Model: what an import must know of a CMDB's model, read from the definition that it gives."""

from __future__ import absolute_import, division, print_function

import collections

from tornado.escape import to_unicode
from tornado.util import basestring_type

from waterspout_cmdb.bulk.errors import BulkError

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, List, Optional, Text, Tuple  # noqa: F401

#: One attribute of a model, or one member of a struct (then ``required`` and the like are False).
#: ``type`` is the CMDB's name of it, such as ``int``. ``choices`` are an enum's texts, a tuple;
#: ``pattern`` is a text's regular expression or None, ``members`` a struct's, an OrderedDict.
Attribute = collections.namedtuple(
    "Attribute", "id name type required readonly unique choices pattern members")

#: The field ``side`` that lists the related instances of the model ``peer_object_id``: at most
#: ``maximum`` of them (-1: any number). ``name`` is what people read; it may be empty.
Relation = collections.namedtuple("Relation", "side peer_object_id maximum name")

#: The types whose values can be the key of a row.
PLAIN_TYPES = ("str", "int", "float", "bool", "enum", "date", "datetime", "ip")

#: Every instance has these besides its attributes; the CMDB itself writes them.
SYSTEM_FIELDS = (
    "instanceId", "ctime", "mtime", "creator", "modifier", "org",
    "readAuthorizers", "updateAuthorizers", "deleteAuthorizers",
)

INSTANCE_ID = u"instanceId"

_ENUMS = ("enum", "enums")


class Model(object):
    """A model of the CMDB.

    Args:
        definition (dict): the ``data`` of the CMDB's answer to ``GET /object/{id}``.
    Attributes:
        object_id (text)
        name (text): what people call it.
        attributes (OrderedDict): `Attribute` by id.
        relations (OrderedDict): `Relation` by the name of its side.
        show_key (list of text): the attributes by which people know an instance.
    Raises:
        BulkError: the definition is not that of a model.
    """

    def __init__(self, definition):
        # type: (dict) -> None
        if not isinstance(definition, dict) or not _text(definition.get("objectId")):
            raise BulkError(u"the CMDB's answer is not a model's definition: it has no objectId")
        self.object_id = _text(definition["objectId"])
        self.name = _text(definition.get("name")) or self.object_id
        self.attributes = collections.OrderedDict(
            (one.id, one)
            for one in [_attribute(each) for each in _maps(definition.get("attrList"))] if one.id
        )
        self.relations = collections.OrderedDict(
            (one.side, one) for one in _relations(self.object_id, definition))
        view = definition.get("view")
        shown = view.get("show_key") if isinstance(view, dict) else None
        self.show_key = [_text(each) for each in shown or [] if _text(each) in self.attributes]
        if not self.attributes:
            raise BulkError(u"the model %s has no attributes" % self.object_id)

    def __repr__(self):
        return "<Model %s>" % self.object_id


def is_system_field(name):
    # type: (Text) -> bool
    """Say whether the CMDB itself writes the field, such as ``_version`` or ``ctime``."""
    return name in SYSTEM_FIELDS or name.startswith(u"_")


def _attribute(definition):
    value = definition.get("value")
    value = value if isinstance(value, dict) else {}
    return _typed(definition, value)


def _typed(definition, value):
    """Return an attribute; a member of a struct has its type in the definition itself."""
    type_, regex = _text(value.get("type")), value.get("regex")
    choices = regex if type_ in _ENUMS and isinstance(regex, list) else []
    pattern = regex if isinstance(regex, basestring_type) and type_ == "str" else None
    members = collections.OrderedDict()
    for each in _maps(value.get("struct_define")):
        member = _typed(each, each)
        if member.id:
            members[member.id] = member
    identifier = _text(definition.get("id"))
    return Attribute(
        id=identifier,
        name=_text(definition.get("name")) or identifier,
        type=type_,
        required=_flag(definition, "required"),
        readonly=_flag(definition, "readonly"),
        unique=_flag(definition, "unique"),
        choices=tuple(_choice(each) for each in choices),
        pattern=to_unicode(pattern) if pattern else None,
        members=members,
    )


def _relations(object_id, definition):
    """Return a model's sides of its relations; a relation of the model with itself has two."""
    found = []
    for each in _maps(definition.get("relation_list")):
        for here, there in (("left", "right"), ("right", "left")):
            side, peer = _text(each.get(here + "_id")), _text(each.get(there + "_object_id"))
            if each.get(here + "_object_id") == object_id and side and peer:
                maximum = each.get(here + "_max")
                known = isinstance(maximum, int) and maximum > 0
                found.append(Relation(
                    side, peer, maximum if known else -1, _text(each.get(here + "_name"))))
    return found


def _maps(value):
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _text(value):
    return to_unicode(value) if isinstance(value, basestring_type) else u""


def _choice(value):
    return to_unicode(value) if isinstance(value, basestring_type) else u"%s" % value


def _flag(definition, name):
    """Read a boolean, which models write as the texts "true" and "false"."""
    return definition.get(name) in (True, "true")
