"""The peers of an instance: the related instances that callers name, stored as links."""

from __future__ import absolute_import, division, print_function

from tornado.util import basestring_type

from waterspout_cmdb.sandbox.models.relation import UNLIMITED
from waterspout_cmdb.sandbox.wire_format.api_errors import (
    FailedPrecondition,
    InvalidArgument,
    NotFound,
)
from waterspout_cmdb.sandbox.wire_format.values import InvalidValue, as_elements


def accept(transaction, table, values, create):
    # type: (Transaction, InstanceTable, dict, Callable[[InstanceTable, dict], int]) -> dict
    """Return the numbers of the peers that a caller names in an instance, by side.

    A side's value is a list: of instance ids, of maps with an ``instanceId`` as reads return them,
    or of maps without one, which become new instances. None means an empty list.

    Args:
        create: stores such a new instance and returns its number.
    Raises: InvalidArgument; NotFound: no such instance; the errors of ``create``.
    """
    return {
        side: _numbers(transaction.table(side.peer), side, values[side.name] or [], create)
        for side in table.model.sides.values()
        if side.name in values
    }


def add(transaction, number, wanted):
    # type: (Transaction, int, Mapping[Side, List[int]]) -> bool
    """Relate an instance to peers; return whether a relation is new.

    Raises: FailedPrecondition: an instance would have more peers than the relation allows.
    """
    changed = False
    for side, peers in wanted.items():
        if peers:
            changed |= transaction.links.add(side, number, peers)
            check_maxima(transaction, side, [number], peers)
    return changed


def replace(transaction, number, wanted):
    # type: (Transaction, int, Mapping[Side, List[int]]) -> bool
    """Like :func:`add`, and remove all other peers on these sides.

    If a model is related to itself, the two sides of one instance may contradict each other; a
    relation that one of them adds is kept.
    """
    changed = False
    for side, peers in wanted.items():
        changed |= transaction.links.keep(side, number, peers)
    return add(transaction, number, wanted) or changed


def drop(transaction, table, number):
    # type: (Transaction, InstanceTable, int) -> None
    """Remove all relations of an instance."""
    for side in table.model.sides.values():
        transaction.links.keep(side, number, [])


def existing(table, ids):
    # type: (InstanceTable, List[Text]) -> List[int]
    """Return the numbers of instances. Raises: NotFound: names the first one that is missing."""
    if not ids:
        return []  # Most imports have no relations; this saves a query.
    numbers = table.numbers(ids)
    for one in ids:
        if one not in numbers:
            raise NotFound(u"there is no %s %s" % (table.model.object_id, one))
    return list(numbers.values())


def check_maxima(transaction, side, numbers, peers):
    # type: (Transaction, Side, Iterable[int], Iterable[int]) -> None
    """Raise FailedPrecondition if an instance at either end has more peers than its maximum."""
    back = side._replace(here=side.there, there=side.here)
    for maximum, direction, ends in (
        (side.maximum, side, numbers),
        (side.peer_maximum, back, peers),
    ):
        for number in ends if maximum != UNLIMITED else []:
            if transaction.links.count(direction, number) > maximum:
                raise FailedPrecondition(
                    u"relation %s allows an instance at its %s end no more than %d"
                    % (side.name, direction.here, maximum)
                )


def _numbers(table, side, peers, create):
    if not isinstance(peers, list):
        raise InvalidArgument(u"relation %s must be a list of instance ids" % side.name)
    try:
        as_elements(peers)
    except InvalidValue as error:
        raise InvalidArgument(u"relation %s %s" % (side.name, error.args[0]))
    ids, created = [], []
    for peer in peers:
        identifier = peer.get("instanceId") if isinstance(peer, dict) else peer
        if isinstance(identifier, basestring_type):
            ids.append(identifier)
        elif isinstance(peer, dict) and identifier is None:
            created.append(create(table, peer))
        else:
            raise InvalidArgument(u"relation %s must be a list of instance ids" % side.name)
    return existing(table, ids) + created
