"""Set, append and remove the peers of several instances in one request."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.sandbox.operations import peers
from waterspout_cmdb.sandbox.wire_format.api_errors import InvalidArgument, NotFound
from waterspout_cmdb.sandbox.wire_format.body_fields import read_texts, refuse_features, require

SET, APPEND, REMOVE = "set", "append", "remove"

_UNIMPLEMENTED = {"properties": u"properties of relations"}


def change(transaction, object_id, side_name, operation, body):
    # type: (Transaction, Text, Text, str, dict) -> None
    """SET, APPEND or REMOVE peers on one side of several instances: all of them or none.

    Args:
        body: ``instance_ids``, of the model; ``related_instance_ids``, of the other one.
    Raises: NotFound: the model, the side, or an instance; InvalidArgument; FailedPrecondition:
        an instance would have more peers than the relation allows.
    """
    refuse_features(body, _UNIMPLEMENTED)
    require(body, "instance_ids", "related_instance_ids")
    table = transaction.table(object_id)
    side = table.model.sides.get(side_name)
    if side is None:
        raise NotFound(u"%s has no relation %s" % (object_id, side_name))
    numbers = peers.existing(table, _ids(body, "instance_ids"))
    others = peers.existing(transaction.table(side.peer), _ids(body, "related_instance_ids"))
    for number in numbers:
        if operation == REMOVE:
            transaction.links.remove(side, number, others)
        else:
            if operation == SET:
                transaction.links.keep(side, number, others)
            transaction.links.add(side, number, others)
    peers.check_maxima(transaction, side, numbers, others)


def _ids(body, name):
    # `read_texts` alone would accept an empty text or 0 as an empty list.
    if not isinstance(body[name], list):
        raise InvalidArgument(u"%s must be a list of instance ids" % name)
    return read_texts(body, name)
