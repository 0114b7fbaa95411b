"""Group instances: functions of each group, and how often each value occurs.

SQLite does the grouping and returns one row for each group.
"""

from __future__ import absolute_import, division, print_function

import collections

from waterspout_cmdb.sandbox.query.columns import find_column
from waterspout_cmdb.sandbox.query.compiler import EVERYTHING, compile_query
from waterspout_cmdb.sandbox.query.parser import parse_path, parse_query
from waterspout_cmdb.sandbox.wire_format.api_errors import (
    FailedPrecondition,
    InvalidArgument,
    Unimplemented,
)
from waterspout_cmdb.sandbox.wire_format.body_fields import (
    read_maps,
    read_text,
    read_texts,
    refuse_features,
    require,
)
from waterspout_cmdb.sandbox.wire_format.paging import LIST_PAGE_SIZE, page_of, read_page
from waterspout_cmdb.sandbox.wire_format.values import BOOLEAN, NUMBER, PLAIN_KINDS

#: Functions and group fields of one request.
MAX_FUNCTIONS = 30

#: The highest number of groups in one answer, because it has no pages.
MAX_GROUPS = 10000

#: The number of values that version 2 of the value counts lists separately.
TOP = 300

#: Its name for all other values together.
REST = u"-"

_UNIMPLEMENTED = {"only_my_instance": u"only_my_instance", "filter_relation": u"filter_relation"}

#: SQL for each function. Integers are added up in two halves, because a sum of more than 64 bits
#: is an error in SQLite; ``total`` and ``avg`` compute floats.
_SQL = {
    "count": ("count({0})",),
    "min": ("min({0})",),
    "max": ("max({0})",),
    "avg": ("avg({0})",),
    "sum": ("total(CASE typeof({0}) WHEN 'real' THEN {0} END)",
            "coalesce(sum(CASE typeof({0}) WHEN 'integer' THEN {0} >> 32 END), 0)",
            "coalesce(sum(CASE typeof({0}) WHEN 'integer' THEN {0} & 4294967295 END), 0)"),
}

#: A function to compute: its name, SQL for its argument, the name of its result.
Function = collections.namedtuple("Function", "name argument alias")


def group(transaction, object_id, body):
    # type: (Transaction, Text, dict) -> dict
    """Group by the value of one field, and compute functions of each group, as in version 1.

    Args:
        body: ``group_field``; ``funcs``, a list of ``{"op", "field", "alias"}``; ``query``.
    """
    require(body, "group_field")
    names = [read_text(body, "group_field")]
    groups = [
        {
            "group_field": names[0],
            "group_value": values[0],
            "func_values": [{"alias": name, "value": value} for name, value in results],
        }
        for values, results in _groups(transaction, object_id, body, names)
    ]
    return {"list": groups}


def group_flat(transaction, object_id, body, version):
    # type: (Transaction, Text, dict, int) -> dict
    """Group as in versions 2 and 3, which return one map of fields and aliases for each group.

    Version 3 groups by several ``group_fields``.
    """
    if version == 3:
        require(body, "group_fields")
        names = read_texts(body, "group_fields")
        if not 0 < len(names) <= MAX_FUNCTIONS:
            raise InvalidArgument(u"group_fields must have 1 to %d fields" % MAX_FUNCTIONS)
    else:
        require(body, "group_field")
        names = [read_text(body, "group_field")]
    groups = []
    for values, results in _groups(transaction, object_id, body, names):
        one = dict(zip(names, values))
        one.update(results)
        groups.append(one)
    return {"list": groups, "total": len(groups)}


def count_values(transaction, object_id, name, body):
    # type: (Transaction, Text, Text, dict) -> dict
    """Return a page of the values of a field with their counts, the most frequent first."""
    page = read_page(body, LIST_PAGE_SIZE)
    table = transaction.table(object_id)
    counts = _value_counts(table, name, page.size, page.offset)
    value = _column(table.model, name).value
    sql = "SELECT count(*) FROM (SELECT 1 FROM %s GROUP BY %s)" % (table.name, value)
    return page_of(page, counts, table.query(sql, [])[0][0])


def count_top_values(transaction, object_id, name, top=TOP):
    # type: (Transaction, Text, Text, int) -> List[dict]
    """Return the ``top`` most frequent values with their counts, and the others as REST."""
    table = transaction.table(object_id)
    counts = _value_counts(table, name, top or -1, 0)
    rest = table.count(*EVERYTHING) - sum(one["count"] for one in counts)
    return counts + [_count(name, REST, rest)] if rest else counts


def _value_counts(table, name, limit, offset):
    column = _column(table.model, name)
    rows = table.query(
        "SELECT {value}, count(*) FROM {table} GROUP BY {value}"
        " ORDER BY count(*) DESC, {value} LIMIT ? OFFSET ?".format(
            value=column.value, table=table.name
        ),
        [limit, offset],
    )
    return [_count(name, _value(column, value), number) for value, number in rows]


def _groups(transaction, object_id, body, names):
    """Yield for each group its values, and (alias, result) for each function."""
    refuse_features(body, _UNIMPLEMENTED)
    table = transaction.table(object_id)
    columns = [_column(table.model, name) for name in names]
    functions = _functions(table.model, body)
    where = compile_query(parse_query(body.get("query")), table.model, transaction.table)
    expressions = [column.value for column in columns]
    for function in functions:
        expressions += [sql.format(function.argument) for sql in _SQL[function.name]]
    by = ", ".join(column.value for column in columns)
    rows = table.query(
        "SELECT %s FROM %s WHERE %s GROUP BY %s ORDER BY %s LIMIT ?"
        % (", ".join(expressions), table.name, where.sql, by, by),
        where.values + [MAX_GROUPS + 1],
    )
    if len(rows) > MAX_GROUPS:
        raise FailedPrecondition(u"there are more than %d groups" % MAX_GROUPS)
    for row in rows:
        values = [_value(column, value) for column, value in zip(columns, row)]
        yield values, list(_results(functions, iter(row[len(columns):])))


def _functions(model, body):
    functions = [_function(model, one) for one in read_maps(body, "funcs")]
    if not 0 < len(functions) <= MAX_FUNCTIONS:
        raise InvalidArgument(u"funcs must have 1 to %d functions" % MAX_FUNCTIONS)
    if len(set(function.alias for function in functions)) < len(functions):
        raise InvalidArgument(u"each function needs an alias of its own")
    return functions


def _function(model, given):
    name = read_text(given, "op")
    if name in ("naturalMax", "naturalMin"):
        raise Unimplemented(name)
    if name not in _SQL:
        raise InvalidArgument(u"there is no function %s" % name)
    field = read_text(given, "field")
    alias = read_text(given, "alias") or u"_".join([name, field])
    if name == "count" and not field:
        return Function(name, "*", alias)
    column = _column(model, field)
    if column.kind != NUMBER and name in ("sum", "avg"):
        raise InvalidArgument(u"%s needs numbers, and %s is not a number" % (name, field))
    if column.kind == BOOLEAN and name in ("min", "max"):
        raise InvalidArgument(u"%s needs numbers or texts, and %s is neither" % (name, field))
    return Function(name, column.value, alias)


def _results(functions, values):
    for function in functions:
        if function.name == "sum":
            floats, high, low = next(values), next(values), next(values)
            whole = (high << 32) + low
            yield function.alias, _finite(function, floats) + whole if floats != 0 else whole
        else:
            value = next(values)
            yield function.alias, value if value is None else _finite(function, value)


def _finite(function, value):
    """Refuse a result that is too large: SQLite returns infinity or NULL for it."""
    if value is None or value in (float("inf"), float("-inf")):
        raise FailedPrecondition(u"%s is too large for a number" % function.alias)
    return value


def _column(model, name):
    """Return the column of a field by which instances can be grouped."""
    path = parse_path(name)
    if path[0] in model.sides:
        raise Unimplemented(u"grouping by the relation %s" % path[0])
    column = find_column(model, path)
    if column.kind not in PLAIN_KINDS or not column.whole:
        raise InvalidArgument(u"instances cannot be grouped by %s" % name)
    return column


def _value(column, value):
    """Convert SQLite's 1 and 0 to booleans where the column has booleans."""
    return bool(value) if column.kind == BOOLEAN and value is not None else value


def _count(name, value, number):
    return {"count": number, "attr": {name: value}}
