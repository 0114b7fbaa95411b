"""Compile a query's tree to the SQL of a WHERE clause, for one model.

Values are bound parameters, never a part of the SQL. Values of different kinds never match, as in
the vendor's CMDB; this module decides that, because SQLite would order them by type.
"""

from __future__ import absolute_import, division, print_function

import collections
import json
import operator

from tornado.util import basestring_type

from waterspout_cmdb.sandbox.query import patterns, tree
from waterspout_cmdb.sandbox.query.columns import Column, find_column
from waterspout_cmdb.sandbox.query.hops import PEER, Hops
from waterspout_cmdb.sandbox.wire_format.api_errors import InvalidArgument
from waterspout_cmdb.sandbox.wire_format.values import ANY, BOOLEAN, LIST, NUMBER, PLAIN_KINDS, TEXT

#: SQL with ``?`` for parameters, and their values.
Condition = collections.namedtuple("Condition", "sql values")

#: True for every row.
EVERYTHING = Condition("1", [])

_NEVER = Condition("0", [])
_COMPARE = {
    tree.EQ: operator.eq,
    tree.GT: operator.gt,
    tree.GTE: operator.ge,
    tree.LT: operator.lt,
    tree.LTE: operator.le,
}
_SYMBOLS = {tree.EQ: "=", tree.GT: ">", tree.GTE: ">=", tree.LT: "<", tree.LTE: "<="}


def compile_query(node, model, find_table):
    # type: (Node, Model, Callable[[Text], InstanceTable]) -> Condition
    """Return the condition for rows of the model's instance table.

    Args:
        find_table: returns a model's table by its id, for paths over relations.
    Raises: InvalidArgument: the model has no such attribute, or the attribute does not support
        the operator.
    """
    if isinstance(node, tree.Test):
        return _test_path(Hops(model, node.path, find_table), model, node)
    if isinstance(node, tree.Not):
        part = compile_query(node.part, model, find_table)
        # Without a value a comparison is NULL, and so is NOT NULL.
        return Condition("NOT coalesce(%s, 0)" % part.sql, part.values)
    parts = [compile_query(part, model, find_table) for part in node.parts]
    if not parts:
        return EVERYTHING
    return _joined(" AND " if isinstance(node, tree.All) else " OR ", parts)


def compile_on_values(node, model):
    # type: (Node, Model) -> Optional[Tuple[Text, Condition]]
    """Return the single attribute of a query and the condition on its values, as ``value``.

    Return None if the query has several attributes, or matches instances without a value.
    """
    if isinstance(node, tree.Test):
        name = node.path[0]
        kind = getattr(model.type_of(name), "kind", None)
        if len(node.path) > 1 or kind not in PLAIN_KINDS or _admits_none(node):
            return None
        return name, _test(Column(kind, "NULL", "$", value="value"), node)
    found = [] if isinstance(node, tree.Not) else [compile_on_values(p, model) for p in node.parts]
    if not found or None in found or len(set(name for name, _ in found)) > 1:
        return None
    separator = " AND " if isinstance(node, tree.All) else " OR "
    return found[0][0], _joined(separator, [condition for _, condition in found])


def bound(literal):
    # type: (Any) -> Condition
    """Return SQL for one value: a parameter, or for a list its JSON text.

    SQLite reads a float from its decimal text, as it reads stored ones: it may round differently
    from Python, and 0.1 would not equal 0.1.
    """
    if isinstance(literal, list):
        return Condition("json(?)", [_dumps(literal)])
    if isinstance(literal, float):
        return Condition("json_extract(?, '$')", [_dumps(literal)])
    return Condition("?", [literal])


def _test_path(hops, model, test):
    """Find the instances at the end of the path first, then the instances related to them.

    In this order SQLite uses the indexes of the related model, and runs no subquery for each row.
    """
    if not hops.sides:
        return _test(find_column(model, test.path), test)
    last = len(hops.sides)
    if hops.rest:
        column = find_column(hops.table.model, hops.rest, PEER + ".")
        found = _test(column, tree.Test(hops.rest, test.operator, test.operand))
    else:
        last -= 1
        found = _on_side(hops, last, test)
    ways = [Condition("(%s)" % hops.reach(last, found.sql), found.values)]
    if _admits_none(test):
        # There is no value either where the path ends early.
        for number in range(last):
            ended = "NOT " + hops.ends_with_peers(number)
            ways.append(Condition("(%s)" % hops.reach(number, ended), []))
    return _joined(" OR ", ways)


def _on_side(hops, number, test):
    """Compile a test on a relation itself: whether it has instances, or how many."""
    if test.operator == tree.EXISTS:
        return Condition(hops.ends_with_peers(number), [])
    if test.operator == tree.SIZE:
        comparison, size = test.operand
        return Condition("%s %s ?" % (hops.peers(number), _SYMBOLS[comparison]), [size])
    if test.operator == tree.EQ and test.operand is None:
        return Condition("NOT " + hops.ends_with_peers(number), [])
    raise InvalidArgument(
        u"{0} is a relation: use a field of it, as {0}.instanceId".format(u".".join(test.path))
    )


def _test(column, test):
    compiled = _on_whole(column, test)
    if compiled is not None:
        return compiled
    if column.element is None:
        return _scalar(column, test)
    if _admits_none(test):
        return _joined(" OR ", [_absent(column), _any_element(column, test)])
    return _any_element(column, test)


def _on_whole(column, test):
    """Compile a test on the value as a whole; return None for a test on elements or scalars."""
    if test.operator == tree.SIZE:
        return _size(column, test)
    if not column.whole:
        return None
    if test.operator == tree.EXISTS:
        return Condition(_has_value(column), [])
    if test.operator == tree.EQ and test.operand is None:
        return _absent(column)
    if test.operator == tree.EQ and isinstance(test.operand, list):
        return _equals_list(column, test.operand)
    return None


def _admits_none(test):
    """Say whether the test is true without a value."""
    if test.operator == tree.IN:
        return None in test.operand
    if test.operator == tree.SIZE:
        comparison, number = test.operand
        return _COMPARE[comparison](0, number)
    return test.operator == tree.EQ and test.operand is None


def _absent(column):
    return Condition("(%s IS NULL)" % column.json_type, [])


def _size(column, test):
    if column.kind not in (LIST, ANY) or not column.whole:
        raise InvalidArgument(u"$size needs a list, and %s is not a list" % u".".join(test.path))
    comparison, number = test.operand
    sql = "(coalesce(%s, 0) %s ?)" % (column.length, _SYMBOLS[comparison])
    return Condition(sql, [number])


def _has_value(column):
    """Return SQL that is true unless the value is null, ``[]``, ``""`` or missing."""
    if column.kind == TEXT:
        return "(%s <> '')" % column.value
    if column.kind == LIST:
        return "(%s > 0)" % column.length
    if column.kind == ANY:
        return (
            "(CASE {0.json_type} WHEN 'null' THEN 0 WHEN 'text' THEN {0.value} <> ''"
            " WHEN 'array' THEN {0.length} > 0 ELSE {0.json_type} IS NOT NULL END)".format(column)
        )
    return "(%s IS NOT NULL)" % column.value


def _equals_list(column, literal):
    if column.kind not in (LIST, ANY):
        return _NEVER
    literal = bound(literal)
    sql = "(%s = 'array' AND %s = %s)" % (column.json_type, column.value, literal.sql)
    return Condition(sql, literal.values)


def _any_element(column, test):
    part = _test(column.element, test)
    sql = "EXISTS (SELECT 1 FROM %s WHERE %s)" % (column.elements, part.sql)
    return Condition(sql, part.values)


def _scalar(column, test):
    if test.operator == tree.IN:
        return _member(column, test.operand)
    if test.operator == tree.LIKE:
        return _like(column, test.operand)
    literal = bound(test.operand)
    sql = "%s %s %s" % (column.value, _SYMBOLS[test.operator], literal.sql)
    if test.operator != tree.EQ:
        # SQLite uses the index if it expects few rows in the range. For many rows that takes no
        # longer than counting them; for few rows the alternative is to read the whole table.
        sql = "likelihood(%s, 0.01)" % sql
    return _guarded(column, _kind(test.operand), sql, literal.values)


def _like(column, pattern):
    """Add a range to the pattern, so that SQLite can use an index.

    The range has all texts that begin with the part before the first wildcard: no UTF-8 has the
    byte 0xFF. If there is no such part, it has all texts; their index is still only a tenth of
    the documents.
    """
    prefix, glob = pattern.partition(u"%")[0], patterns.to_glob(pattern)
    matches, values = "{0} GLOB ?", [prefix, prefix, glob]
    limit = patterns.glob_limit(pattern)
    if limit is not None:
        matches = "CASE WHEN length({0}) <= %d THEN {0} GLOB ? ELSE %s({0}, ?) END" % (
            limit, patterns.LONG_TEXT_FUNCTION
        )
        values.append(glob)
    sql = ("{0} >= ? AND {0} < ? || x'ff' AND " + matches).format(column.value)
    return _guarded(column, TEXT, sql, values)


def _member(column, literals):
    """Bind one list for each kind as JSON, which avoids SQLite's limit of parameters.

    A single value becomes an equality, for which SQLite estimates the number of rows better.
    """
    parts = []
    if None in literals:
        parts.append(_absent(column))
    for kind in (TEXT, NUMBER, BOOLEAN):
        same = [literal for literal in literals if literal is not None and _kind(literal) == kind]
        if len(same) == 1:
            literal = bound(same[0])
            sql = "%s = %s" % (column.value, literal.sql)
            parts.append(_guarded(column, kind, sql, literal.values))
        elif same:
            sql = "%s IN (SELECT value FROM json_each(?))" % column.value
            parts.append(_guarded(column, kind, sql, [_dumps(same)]))
    return _joined(" OR ", parts) if parts else _NEVER


def _guarded(column, kind, sql, values):
    guard = column.guard(kind)
    if guard is None:
        return _NEVER
    return Condition("(%s AND %s)" % (guard, sql) if guard else "(%s)" % sql, values)


def _kind(literal):
    if isinstance(literal, bool):
        return BOOLEAN
    return TEXT if isinstance(literal, basestring_type) else NUMBER


def _joined(separator, parts):
    """Join in a balanced tree, because SQLite refuses expressions that are 1000 levels deep."""
    if len(parts) == 1:
        return parts[0]
    middle = len(parts) // 2
    left, right = _joined(separator, parts[:middle]), _joined(separator, parts[middle:])
    return Condition("(%s%s%s)" % (left.sql, separator, right.sql), left.values + right.values)


def _dumps(value):
    return json.dumps(value, separators=(",", ":"))
