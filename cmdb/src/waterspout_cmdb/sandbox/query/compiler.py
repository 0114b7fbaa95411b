"""From a tree to the SQL of a WHERE clause, for one model.

Values are bound, never pasted. A test on a value of another kind than the operand's is decided
here: it never matches, as the contract has it for mixed types. SQLite would rank them instead.
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

#: SQL with ``?`` in it, and the values for these.
Condition = collections.namedtuple("Condition", "sql values")

#: Holds for every row.
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
    """The condition for rows of the model's instance table.

    Args:
        find_table: from the id of a model to its table, for paths over relations.
    Raises: InvalidArgument: an attribute the model has not, or an operator it does not take.
    """
    if isinstance(node, tree.Test):
        return _test_path(Hops(model, node.path, find_table), model, node)
    if isinstance(node, tree.Not):
        part = compile_query(node.part, model, find_table)
        # Without a value a comparison is NULL, and so would be its negation.
        return Condition("NOT coalesce(%s, 0)" % part.sql, part.values)
    parts = [compile_query(part, model, find_table) for part in node.parts]
    if not parts:
        return EVERYTHING
    return _joined(" AND " if isinstance(node, tree.All) else " OR ", parts)


def compile_on_values(node, model):
    # type: (Node, Model) -> Optional[Tuple[Text, Condition]]
    """The one attribute that a query is about, and the condition on its values, as ``value``.

    None where it is about more, or where instances without a value match as well.
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
    """SQL for one value. Text, numbers and booleans as they are, a list as its JSON text.

    A float takes the way of the stored ones, through SQLite's own reading of decimals: where
    that rounds otherwise than Python does, 0.1 would not equal 0.1.
    """
    if isinstance(literal, list):
        return Condition("json(?)", [_dumps(literal)])
    if isinstance(literal, float):
        return Condition("json_extract(?, '$')", [_dumps(literal)])
    return Condition("?", [literal])


def _test_path(hops, model, test):
    """Related instances are looked for by the end of the path, then those they are related to.

    This way round SQLite uses the indexes of the related model, and no subquery runs per row.
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
        # Nor is there a value where the way ends early.
        for number in range(last):
            ended = "NOT " + hops.ends_with_peers(number)
            ways.append(Condition("(%s)" % hops.reach(number, ended), []))
    return _joined(" OR ", ways)


def _on_side(hops, number, test):
    """Of a relation as such, only whether and how many instances there are can be asked."""
    if test.operator == tree.EXISTS:
        return Condition(hops.ends_with_peers(number), [])
    if test.operator == tree.SIZE:
        comparison, size = test.operand
        return Condition("%s %s ?" % (hops.peers(number), _SYMBOLS[comparison]), [size])
    if test.operator == tree.EQ and test.operand is None:
        return Condition("NOT " + hops.ends_with_peers(number), [])
    raise InvalidArgument(
        u"{0} is a relation: ask for a field of it, as {0}.instanceId".format(u".".join(test.path))
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
    """The test if it is on the value as a whole, whatever its kind; otherwise None."""
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
    """Whether the test holds where there is no value."""
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
        raise InvalidArgument(u"$size needs a list, and %s is none" % u".".join(test.path))
    comparison, number = test.operand
    sql = "(coalesce(%s, 0) %s ?)" % (column.length, _SYMBOLS[comparison])
    return Condition(sql, [number])


def _has_value(column):
    """Null, ``[]``, ``""`` and missing all count as "no value"."""
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
        # Told that few rows are in the range, SQLite walks its index. For a range with many that
        # takes no longer than their count, for one with few the alternative is to read them all.
        sql = "likelihood(%s, 0.01)" % sql
    return _guarded(column, _kind(test.operand), sql, literal.values)


def _like(column, pattern):
    """The range says nothing that the pattern does not, but has SQLite walk an index for it.

    It is all texts that begin with what is before the first wildcard: byte 0xFF comes after
    whatever UTF-8 can go on with. If that is nothing, all texts; their index is still a tenth
    of the documents.
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
    """One list per kind, as JSON in one bound value: its length is no limit of SQLite's.

    Of one value it is an equality, of which SQLite knows better how much it finds.
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
    """Halves of halves: SQLite refuses expressions deeper than 1000, and a chain is that deep."""
    if len(parts) == 1:
        return parts[0]
    middle = len(parts) // 2
    left, right = _joined(separator, parts[:middle]), _joined(separator, parts[middle:])
    return Condition("(%s%s%s)" % (left.sql, separator, right.sql), left.values + right.values)


def _dumps(value):
    return json.dumps(value, separators=(",", ":"))
