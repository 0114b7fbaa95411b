"""The SQL for the value at a query's path in a row of an instance table.

A row has the columns ``id``, ``instance_id`` and ``document``; see ``storage/table.py``. In a join
a prefix such as ``peer.`` names the table. Only names that :func:`attribute_name` has accepted are
written into the SQL; values never are.
"""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.sandbox.wire_format.api_errors import InvalidArgument
from waterspout_cmdb.sandbox.wire_format.identifiers import attribute_name
from waterspout_cmdb.sandbox.wire_format.values import ANY, BOOLEAN, LIST, MAP, NUMBER, TEXT

#: The types of SQLite's JSON functions, by kind.
_JSON_TYPES = {TEXT: "'text'", NUMBER: "'integer', 'real'", BOOLEAN: "'true', 'false'"}

_VALUE = "json_extract(%s, '%s')"


class Column(object):
    """A value in a row.

    Attributes:
        kind (native str): of the value: one of the kinds in ``wire_format/values.py``.
        value, json_type, length (native str): SQL for the value, for its JSON type (NULL without
            a value), and for the length of a list.
        elements (native str or None): SQL for the elements of a list as the rows of a table.
        element (Column or None): the value in one of these rows.
        whole (bool): False if a query can test the elements only: a member of ``structs``.
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
        """Return SQL that is true for values of ``kind``: "" if all are, None if none is."""
        if self.kind == kind:
            return ""
        if self.kind == ANY and kind in _JSON_TYPES:
            return "%s IN (%s)" % (self.json_type, _JSON_TYPES[kind])
        return None


def find_column(model, path, prefix=""):
    # type: (Model, Tuple[Text, ...], str) -> Column
    """Return the column of an attribute, a member of a struct, or a system field.

    Raises: InvalidArgument: the model has no such field.
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
    """Return SQL for an attribute's value. SQLite uses an index only for exactly this text."""
    return _own_column(name, "") or _VALUE % ("document", json_path(name))


def json_path(*names):
    # type: (*Text) -> str
    """Return SQLite's JSON path of a field, or of its member."""
    return "$." + ".".join('"%s"' % attribute_name(name) for name in names)


def _attribute_column(name, type_, prefix):
    return _typed(prefix + "document", json_path(name), type_, _own_column(name, prefix))


def _own_column(name, prefix):
    """Return the table's column of ``instanceId``, the only field that has one; else None."""
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
        # In a list in a struct in a list, the name ``element`` is in use.
        name = "item" if source == "element.value" else "element"
        column.elements = "json_each(%s, '%s') AS %s" % (source, path, name)
        column.element = Column(type_.element_kind, source, path, value=name + ".value")
        column.element.json_type = name + ".type"
    return column
