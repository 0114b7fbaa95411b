"""A query as a tree.

Operators that negate (``$ne``, ``$nin``, ``$nlike``, ``$exists: false``) become :class:`Not`
around their positive form, so that each test is implemented once.
"""

from __future__ import absolute_import, division, print_function

#: The operators of a :class:`Test`. Each is false without a value, except ``EQ None``.
EQ, IN, GT, GTE, LT, LTE, LIKE, EXISTS, SIZE = (
    "eq", "in", "gt", "gte", "lt", "lte", "like", "exists", "size",
)


class Node(object):
    """The base of the nodes, which compares and shows them by their fields."""

    __slots__ = ()

    def __eq__(self, other):
        return type(self) is type(other) and self._fields() == other._fields()

    def __ne__(self, other):  # py2: does not follow from __eq__
        return not self == other

    __hash__ = None

    def __repr__(self):
        return "%s(%s)" % (type(self).__name__, ", ".join(map(repr, self._fields())))

    def _fields(self):
        return [getattr(self, name) for name in self.__slots__]


class All(Node):
    """True if every part is true, or if there are no parts."""

    __slots__ = ("parts",)

    def __init__(self, parts):
        # type: (List[Node]) -> None
        self.parts = parts


class Either(Node):
    """True if at least one part is true."""

    __slots__ = ("parts",)

    def __init__(self, parts):
        # type: (List[Node]) -> None
        self.parts = parts


class Not(Node):
    """True if its part is false; also without a value, because the part is false then."""

    __slots__ = ("part",)

    def __init__(self, part):
        # type: (Node) -> None
        self.part = part


class Test(Node):
    """One operator on one field.

    Attributes:
        path (tuple of text): the attribute, then the member if it is a struct.
        operator (native str): EQ and so on.
        operand (Any): EQ: a scalar, None or a list of scalars. IN: a list of scalars and None.
            GT, GTE, LT, LTE: text or a number. LIKE: text. EXISTS: None. SIZE: a pair of one of
            the comparing operators and an int.
    """

    __slots__ = ("path", "operator", "operand")
    __test__ = False  # not for pytest

    def __init__(self, path, operator, operand=None):
        # type: (Tuple[Text, ...], str, Any) -> None
        self.path = path
        self.operator = operator
        self.operand = operand
