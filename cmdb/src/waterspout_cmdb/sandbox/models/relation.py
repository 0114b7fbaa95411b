"""Relations between two models, and the fields in which their instances show related ones."""

from __future__ import absolute_import, division, print_function

import collections

ENDS = ("left", "right")

#: As a maximum: no limit to the instances at an end of a relation.
UNLIMITED = -1

#: One end of a relation: in instances of one model, the field ``name`` lists instances of ``peer``.
#:
#: ``key`` is the number of the relation in storage. ``here`` and ``there`` are the ends of this
#: model and of the peers, "left" or "right". ``maximum`` is the number of peers that an instance
#: may have, ``peer_maximum`` that of this model's instances that a peer may have (or UNLIMITED).
Side = collections.namedtuple("Side", "name key here there peer maximum peer_maximum")


def relation_fields(definition):
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
