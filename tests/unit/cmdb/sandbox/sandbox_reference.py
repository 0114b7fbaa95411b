# -*- coding: utf-8 -*-
"""A reference implementation of the query language in plain Python, from a query's JSON.

Slow, obvious, and written without a look at the compiler; property tests hold the two together.
"""

from __future__ import absolute_import, division, print_function

import json
import numbers
import re

from tornado.util import basestring_type

#: The attributes whose values are lists, as the model says; a list in ``blob`` is one value.
LISTS = {"zones", "tags", "disks", "chip.flags", "disks.marks"}


def matches(query, document, lists=LISTS):
    """Say whether ``document`` matches ``query``.

    Args:
        document: where it is related to others, with these in lists (and no empty ones).
        lists: the attributes whose values are lists; paths over relations too.
    """
    return all(_entry(name, operand, document, lists) for name, operand in query.items())


def _entry(name, operand, document, lists):
    if name == "$and":
        return all(matches(part, document, lists) for part in operand)
    if name == "$or":
        return any(matches(part, document, lists) for part in operand)
    if not isinstance(operand, dict):
        operand = {"$eq": operand}
    return all(
        _test(name, operator, value, document, lists) for operator, value in operand.items()
    )


def _test(name, operator, operand, document, lists):
    negated = {"$ne": "$eq", "$nin": "$in", "$nlike": "$like"}
    if operator in negated:
        return not _test(name, negated[operator], operand, document, lists)
    if operator == "$size":
        sizes = [len(v) if isinstance(v, list) else 0 for v in _values(name, document)]
        return _sizes_hold(operand, sizes)
    if operator == "$exists":
        return bool(operand) == any(not _is_empty(value) for value in _values(name, document))
    return any(
        _holds(operator, operand, value, name in lists) for value in _values(name, document)
    )


def _values(name, document):
    """Return the values at a path: several in a list of structs or over a relation."""
    head, _, rest = name.partition(".")
    value = document.get(head)
    if not rest or value is None:
        return [value]
    items = value if isinstance(value, list) else [value]
    return [found for item in items for found in _values(rest, item)]


def _holds(operator, operand, value, is_list):
    if operator == "$in":
        return any(_holds("$eq", item, value, is_list) for item in operand)
    if operator == "$eq" and operand is None:
        return value is None
    if operator == "$eq" and isinstance(operand, list):
        return isinstance(value, list) and _same_list(value, operand)
    items = (value or []) if is_list else [value]
    return any(_compares(operator, item, operand) for item in items)


def _sizes_hold(comparisons, sizes):
    """Test each comparison separately: one size must match it, and none for "not equal"."""
    if not isinstance(comparisons, dict):
        return comparisons in sizes
    return all(
        number not in sizes
        if operator == "$ne"
        else any(_compares(operator, size, number) for size in sizes)
        for operator, number in comparisons.items()
    )


def _compares(operator, value, operand):
    if _kind(value) is None or _kind(value) != _kind(operand):
        return False
    if operator == "$like":
        return _kind(value) == "text" and _like(value, operand)
    if _kind(value) == "text":  # By code points, also where Python 2 would go by UTF-16 units.
        value, operand = value.encode("utf-8"), operand.encode("utf-8")
    return {
        "$eq": value == operand,
        "$gt": value > operand,
        "$gte": value >= operand,
        "$lt": value < operand,
        "$lte": value <= operand,
    }[operator]


def _like(value, pattern):
    pieces = [re.escape(piece) for piece in pattern.split(u"%")]
    return re.match(u".*".join(pieces) + u"\\Z", value, re.DOTALL) is not None


def _kind(value):
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, basestring_type):
        return "text"
    return "number" if isinstance(value, numbers.Real) else None


def _is_empty(value):
    return value is None or value == u"" or value == []


def _same_list(one, other):
    return len(one) == len(other) and all(
        _kind(a) == _kind(b) and a == b for a, b in zip(one, other)
    )


def insert_all(connection, documents):
    """Put documents into a fresh table of the shape that compiled queries read."""
    connection.execute("DROP TABLE IF EXISTS rows")
    connection.execute(
        "CREATE TABLE rows (id INTEGER PRIMARY KEY, instance_id TEXT, document TEXT)"
    )
    connection.executemany(
        "INSERT INTO rows VALUES (?, ?, ?)",
        [
            (number, document["instanceId"], json.dumps(document))
            for number, document in enumerate(documents)
        ],
    )
