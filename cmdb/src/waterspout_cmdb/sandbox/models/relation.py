"""Relations between two models, and the fields in which their instances show related ones."""

from __future__ import absolute_import, division, print_function

import collections

from waterspout_cmdb.sandbox.wire_format import identifiers
from waterspout_cmdb.sandbox.wire_format.api_errors import InvalidArgument
from waterspout_cmdb.sandbox.wire_format.body_fields import read_text
from waterspout_cmdb.sandbox.wire_format.values import InvalidValue, as_integer

#: The texts of each end of a relation, besides the model and the name of the field.
_DETAILS = ("name", "description")

ENDS = ("left", "right")

#: As a maximum: no limit to the instances at an end of a relation.
UNLIMITED = -1

#: One end of a relation: in instances of one model, the field ``name`` lists instances of ``peer``.
#:
#: ``key`` is the number of the relation in storage. ``here`` and ``there`` are the ends of this
#: model and of the peers, "left" or "right". ``maximum`` is the number of peers that an instance
#: may have, ``peer_maximum`` that of this model's instances that a peer may have (or UNLIMITED).
Side = collections.namedtuple("Side", "name key here there peer maximum peer_maximum")


def relation_definition(given):
    # type: (dict) -> dict
    """Check and complete a caller's definition of a relation. Raises: InvalidArgument."""
    definition = {"name": read_text(given, "name")}
    for end in ENDS:
        definition[end + "_object_id"] = identifiers.object_id(given.get(end + "_object_id"))
        definition[end + "_id"] = identifiers.attribute_name(given.get(end + "_id"))
        definition[end + "_min"] = _bound(given, end + "_min", 0)
        definition[end + "_max"] = _bound(given, end + "_max", UNLIMITED)
        for detail in _DETAILS:
            definition[end + "_" + detail] = read_text(given, end + "_" + detail)
    if fields(definition)[0] == fields(definition)[1]:
        raise InvalidArgument(u"left_id and right_id name the same field of the same model")
    derived = u"{left_object_id}_{left_id}_{right_id}_{right_object_id}".format(**definition)
    definition["relation_id"] = identifiers.relation_id(given.get("relation_id") or derived)
    return definition


def fields(definition):
    # type: (dict) -> List[Tuple[Text, Text]]
    """Return the two fields that show a relation: (model, field), the left one first."""
    return [(definition[end + "_object_id"], definition[end + "_id"]) for end in ENDS]


def sides_of(object_id, relations):
    # type: (Text, Iterable[Tuple[int, dict]]) -> Dict[Text, Side]
    """Return the sides of relations that one model's instances have as fields, by name.

    Args:
        relations: (key, definition) pairs. A relation of a model with itself has two sides.
    """
    sides = collections.OrderedDict()
    for key, definition in relations:
        for here, there in (ENDS, ENDS[::-1]):
            if definition[here + "_object_id"] == object_id:
                name = definition[here + "_id"]
                sides[name] = Side(
                    name=name,
                    key=key,
                    here=here,
                    there=there,
                    peer=definition[there + "_object_id"],
                    maximum=definition[here + "_max"],
                    peer_maximum=definition[there + "_max"],
                )
    return sides


def _bound(given, name, default):
    """Read a minimum or maximum; 0 means "not set", as in `body_fields`."""
    try:
        number = as_integer(given.get(name) or default)
    except InvalidValue as error:
        raise InvalidArgument(u"%s %s" % (name, error.args[0]))
    if number < UNLIMITED:
        raise InvalidArgument(u"%s must be -1, for no limit, or more" % name)
    return number
