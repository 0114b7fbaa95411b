"""Create, get, change and delete relations between models."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.sandbox.models.definition_checks import relation_definition
from waterspout_cmdb.sandbox.models.relation import ENDS, UNLIMITED, relation_fields
from waterspout_cmdb.sandbox.wire_format.api_errors import (
    AlreadyExists,
    FailedPrecondition,
    InvalidArgument,
    NotFound,
)
from waterspout_cmdb.sandbox.wire_format.body_fields import merged, require


def create(transaction, body):
    # type: (Transaction, dict) -> dict
    """Relate two models, and return the relation.

    Raises: InvalidArgument; NotFound: no such model; AlreadyExists: its id or a field is taken.
    """
    require(body, *[end + name for end in ENDS for name in ("_object_id", "_id")])
    definition = transaction.add_relation(body)
    if definition is None:
        raise AlreadyExists(u"there is a relation of this id already")
    return definition


def get(transaction, relation_id):
    # type: (Transaction, Text) -> dict
    """Return a relation. Raises: NotFound."""
    return _find(transaction, relation_id).definition


def update(transaction, relation_id, body):
    # type: (Transaction, Text, dict) -> dict
    """Change names, descriptions and maxima of a relation, and return it.

    Raises: NotFound; InvalidArgument: the id or an end is different; FailedPrecondition: an
        instance has more peers than the new maximum.
    """
    stored = _find(transaction, relation_id)
    new = relation_definition(merged(stored.definition, body, relation_id=relation_id))
    if relation_fields(new) != relation_fields(stored.definition):
        raise InvalidArgument(u"a relation's models and fields cannot change; create another one")
    largest = transaction.links.largest(stored.key)
    for end in ENDS:
        if UNLIMITED != new[end + "_max"] < largest[end]:
            raise FailedPrecondition(
                u"there are instances with %d %s" % (largest[end], new[end + "_id"])
            )
    transaction.relations.replace(stored._replace(definition=new))
    transaction.relation_changed(new)
    return new


def delete(transaction, relation_id):
    # type: (Transaction, Text) -> dict
    """Delete a relation, also between instances, and return it. Raises: NotFound."""
    stored = _find(transaction, relation_id)
    transaction.relations.delete(stored)
    transaction.relation_changed(stored.definition)
    return stored.definition


def _find(transaction, relation_id):
    stored = transaction.relations.find(relation_id)
    if stored is None:
        raise NotFound(u"there is no relation %s" % relation_id)
    return stored
