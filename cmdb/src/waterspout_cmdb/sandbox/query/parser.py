"""Parse the JSON of a query to a tree, without a model.

Every error is an InvalidArgument that names the field or operator.
"""

from __future__ import absolute_import, division, print_function

from tornado.util import basestring_type

from waterspout_cmdb.sandbox.query.patterns import glob_limit
from waterspout_cmdb.sandbox.query.tree import (
    EQ,
    EXISTS,
    GT,
    GTE,
    IN,
    LIKE,
    LT,
    LTE,
    SIZE,
    All,
    Either,
    Not,
    Test,
)
from waterspout_cmdb.sandbox.wire_format import values
from waterspout_cmdb.sandbox.wire_format.api_errors import InvalidArgument
from waterspout_cmdb.sandbox.wire_format.identifiers import attribute_name

#: Tests in one query, each counted once for every name in its path, which is about its cost.
#: A test may bind three values, and SQLite before 3.32 binds at most 999. A long pattern is bound
#: twice, and its test counts twice.
MAX_TESTS = 300

#: Characters of a ``$like`` pattern. SQLite allows 50,000 bytes; an escaped character has up to 4.
MAX_PATTERN = 10000

#: Names in a path. Each relation in it joins one more table.
MAX_PATH = 6

_COMPARISONS = {"$gt": GT, "$gte": GTE, "$lt": LT, "$lte": LTE}


def parse_query(query):
    # type: (Any) -> Node
    """Return the tree of a query; None and an empty map match everything."""
    return _Parser().parse({} if query is None else query)


class _Parser(object):
    def __init__(self):
        self._tests = 0

    def parse(self, query):
        _expect(isinstance(query, dict), u"a query must be a map")
        parts = [self._entry(name, operand) for name, operand in query.items()]
        return parts[0] if len(parts) == 1 else All(parts)

    def _entry(self, name, operand):
        if name in ("$and", "$or"):
            _expect(isinstance(operand, list) and operand, u"%s takes a list of maps" % name)
            return (All if name == "$and" else Either)([self.parse(part) for part in operand])
        _expect(not name.startswith("$"), u"there is no operator %s here" % name)
        return self._field(parse_path(name), operand)

    def _field(self, path, operand):
        if not isinstance(operand, dict):
            return self._test(path, "$eq", operand)
        _expect(operand, u"the condition on %s is empty" % _dotted(path))
        parts = [self._test(path, name, value) for name, value in operand.items()]
        return parts[0] if len(parts) == 1 else All(parts)

    def _test(self, path, name, operand):
        self._tests += len(path) * _weight(name, operand)
        _expect(self._tests <= MAX_TESTS, u"a query has at most %d conditions" % MAX_TESTS)
        _expect(name in _OPERATORS, u"there is no operator %s, used on %s" % (name, _dotted(path)))
        try:
            return _OPERATORS[name](path, operand)
        except values.InvalidValue as error:
            raise InvalidArgument(u"%s on %s %s" % (name, _dotted(path), error.args[0]))


def _weight(name, operand):
    """Return the number of tests in an operator: a ``$size`` may have several comparisons."""
    if name == "$size" and isinstance(operand, dict):
        return len(operand)
    if name in ("$like", "$nlike") and isinstance(operand, basestring_type):
        return 1 if glob_limit(operand) is None else 2
    return 1


def parse_path(name):
    # type: (Text) -> Tuple[Text, ...]
    """Split a dotted name. Raises: InvalidArgument."""
    path = tuple(map(attribute_name, name.split(u".")))
    _expect(len(path) <= MAX_PATH, u"the path %s is too long" % name)
    return path


def _equal(path, operand):
    if isinstance(operand, list):
        return Test(path, EQ, [values.as_scalar(item) for item in values.as_elements(operand)])
    return Test(path, EQ, _scalar_or_none(operand))


def _member(path, operand):
    return Test(path, IN, [_scalar_or_none(item) for item in values.as_list(operand)])


def _ordering(operator):
    def make(path, operand):
        literal = values.as_scalar(operand)
        if isinstance(literal, bool):
            raise values.InvalidValue(u"must be text or a number")
        return Test(path, operator, literal)

    return make


def _like(path, operand):
    pattern = values.as_text(operand)
    if len(pattern) > MAX_PATTERN:
        raise values.InvalidValue(u"must be shorter than %d characters" % MAX_PATTERN)
    return Test(path, LIKE, pattern)


def _exists(path, operand):
    if operand not in (True, False):  # 1 and 0 too
        raise values.InvalidValue(u"must be true or false")
    return Test(path, EXISTS) if operand else Not(Test(path, EXISTS))


def _size(path, operand):
    if not isinstance(operand, dict):
        operand = {"$eq": operand}
    parts = [_one_size(path, name, number) for name, number in operand.items()]
    if not parts:
        raise values.InvalidValue(u"must compare with something")
    return All(parts)


def _one_size(path, name, operand):
    number = values.as_integer(operand)
    if name == "$ne":
        return Not(Test(path, SIZE, (EQ, number)))
    operator = EQ if name == "$eq" else _COMPARISONS.get(name)
    if operator is None:
        raise values.InvalidValue(u"must compare, and %s does not" % name)
    return Test(path, SIZE, (operator, number))


def _negated(make):
    return lambda path, operand: Not(make(path, operand))


_OPERATORS = {
    "$eq": _equal,
    "$ne": _negated(_equal),
    "$in": _member,
    "$nin": _negated(_member),
    "$like": _like,
    "$nlike": _negated(_like),
    "$exists": _exists,
    "$size": _size,
}
_OPERATORS.update((name, _ordering(operator)) for name, operator in _COMPARISONS.items())


def _scalar_or_none(value):
    return value if value is None else values.as_scalar(value)


def _dotted(path):
    return u".".join(path)


def _expect(condition, complaint):
    if not condition:
        raise InvalidArgument(complaint)
