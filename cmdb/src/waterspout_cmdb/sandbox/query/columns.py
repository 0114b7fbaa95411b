"""Where a query's path leads in a row of an instance table, as SQL.

A row has the columns ``id``, ``instance_id`` and ``document``; see ``storage/table.py``. Where
rows of several tables meet, a prefix such as ``peer1.`` says whose are meant.
Everything pasted into SQL here passed :func:`attribute_name`; values never are.
"""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.sandbox.wire_format.api_errors import InvalidArgument
from waterspout_cmdb.sandbox.wire_format.identifiers import attribute_name
from waterspout_cmdb.sandbox.wire_format.values import ANY, BOOLEAN, LIST, MAP, NUMBER, TEXT

#: What JSON functions of SQLite call the values of each kind.
_JSON_TYPES = {TEXT: "'text'", NUMBER: "'integer', 'real'", BOOLEAN: "'true', 'false'"}

_VALUE = "json_extract(%s, '%s')"


class Column(object):
    """A value in a row.

    Attributes:
        kind (native str): of the value: a kind of ``values``.
        value, json_type, length (native str): SQL for the value, its JSON type (NULL when
            there is none) and, of a list, its length.
        elements (native str or None): SQL for a list as the rows of a table.
        element (Column or None): the value in one of these rows.
        whole (bool): False when only the elements can be asked for: a member of ``structs``.
    """

    def __init__(self, kind, source, path, value=None):
        # type: (str, str, str, Optional[str]) -> None
        self.kind = kind
        self.value = value or _VALUE % (source, path)
        self.json_type = "json_type(%s, '%s')" % (source, path)
        self.length = "json_array_length(%s, '%s')" % (source, path)
        self.elements = None
        self.element = None
        self.whole = True

    def guard(self, kind):
        # type: (str) -> Optional[str]
        """SQL that holds where the value is of ``kind``: "" if it always is, None if never."""
        if self.kind == kind:
            return ""
        if self.kind == ANY and kind in _JSON_TYPES:
            return "%s IN (%s)" % (self.json_type, _JSON_TYPES[kind])
        return None


def find_column(model, path, prefix=""):
    # type: (Model, Tuple[Text, ...], str) -> Column
    """The column for an attribute, a member of a struct, or a system field.

    Raises: InvalidArgument: the model has no such thing.
    """
    name = path[0]
    type_ = model.type_of(name)
    if type_ is None:
        raise InvalidArgument(u"%s has no attribute %s" % (model.object_id, name))
    if len(path) == 1:
        return _attribute_column(name, type_, prefix)
    return _member_column(model, path, type_, prefix)


def extract(name):
    # type: (Text) -> str
    """SQL for an attribute's value; indexes are on this very text, or SQLite would not use them."""
    return _own_column(name, "") or _VALUE % ("document", json_path(name))


def json_path(*names):
    # type: (*Text) -> str
    """Where in a document a field is, or a member of it."""
    return "$." + ".".join('"%s"' % attribute_name(name) for name in names)


def _attribute_column(name, type_, prefix):
    return _typed(prefix + "document", json_path(name), type_, _own_column(name, prefix))


def _own_column(name, prefix):
    """The column of the one field that has one."""
    return prefix + "instance_id" if name == "instanceId" else None


def _member_column(model, path, type_, prefix):
    member = type_.members.get(path[1]) if len(path) == 2 else None
    if member is None:
        raise InvalidArgument(u"%s has no attribute %s" % (model.object_id, u".".join(path)))
    if type_.kind == MAP:
        return _typed(prefix + "document", json_path(*path), member)
    column = _attribute_column(path[0], type_, prefix)
    column.element = _typed("element.value", json_path(path[1]), member)
    column.whole = False
    return column


def _typed(source, path, type_, value=None):
    column = Column(type_.kind if type_ else ANY, source, path, value)
    if column.kind == LIST:
        # A list in a struct in a list is searched while ``element`` is taken.
        name = "item" if source == "element.value" else "element"
        column.elements = "json_each(%s, '%s') AS %s" % (source, path, name)
        column.element = Column(type_.element_kind, source, path, value=name + ".value")
        column.element.json_type = name + ".type"
    return column
