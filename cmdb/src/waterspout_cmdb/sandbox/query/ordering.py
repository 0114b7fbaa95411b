"""Compile the ``sort`` of a search to the SQL of an ORDER BY clause."""

from __future__ import absolute_import, division, print_function

import numbers

from waterspout_cmdb.sandbox.query.columns import find_column
from waterspout_cmdb.sandbox.query.parser import parse_path
from waterspout_cmdb.sandbox.wire_format.api_errors import InvalidArgument, Unimplemented
from waterspout_cmdb.sandbox.wire_format.values import PLAIN_KINDS

_DIRECTIONS = {1: "ASC", -1: "DESC"}

_NEWEST_FIRST = "id DESC"


def compile_order(pairs, model):
    # type: (Iterable[Tuple[Text, int]], Model) -> str
    """Return the terms of ORDER BY for (field, direction) pairs, most significant first.

    Without pairs the newest instances come first. Otherwise instances without a value come first
    in ascending and last in descending order. Instances with equal values are ordered by age, in
    the direction of the last term, so that one index serves a sort by one field both ways.

    Raises: InvalidArgument: an unknown field, a field without an order, or a wrong direction.
        Unimplemented: natural order, or a field of related instances.
    """
    terms = [_term(name, direction, model) for name, direction in pairs]
    if not terms:
        return _NEWEST_FIRST
    return ", ".join(terms + ["id " + terms[-1].rpartition(" ")[2]])


def _term(name, direction, model):
    path = parse_path(name)
    if path[0] in model.sides:
        raise Unimplemented(u"sorting by the relation %s" % path[0])
    column = find_column(model, path)
    if column.kind not in PLAIN_KINDS:
        raise InvalidArgument(u"instances cannot be sorted by %s" % name)
    return "%s %s" % (column.value, _direction(name, direction))


def _direction(name, direction):
    if not isinstance(direction, numbers.Real) or isinstance(direction, bool):
        raise InvalidArgument(u"sort by %s must be 1 or -1" % name)
    if direction in (2, -2):
        raise Unimplemented(u"natural sort")
    if direction not in _DIRECTIONS:
        raise InvalidArgument(u"sort by %s must be 1 or -1" % name)
    return _DIRECTIONS[direction]
