"""What callers send and a model has no place for: it is left out, and told.

Clients send path arguments along, and the system fields of what they have read; these are no
mistake. Any other name is more likely a typing error than a remark.
"""

from __future__ import absolute_import, division, print_function

import collections

from waterspout_cmdb.sandbox.models.documents import is_empty
from waterspout_cmdb.sandbox.models.model import SYSTEM_FIELDS

#: Names that one answer tells, and characters of each.
MAX_NAMES, MAX_CHARACTERS = 20, 100

_PATH_ARGUMENTS = ("objectId", "object_id")


class UnknownAttributes(object):
    """Collects the names, and in how many rows each had a value; a part of one transaction."""

    def __init__(self):
        # type: () -> None
        self._known = {}  # By the ids of models: their fields, and those with members.
        self._rows = collections.OrderedDict()  # Numbers of rows by (model, name).

    def note(self, model, values):
        # type: (Model, dict) -> None
        """``values`` have been stored as an instance of the model, as far as it has the fields."""
        if model.object_id not in self._known:
            self._known[model.object_id] = _fields(model)
        known, structs = self._known[model.object_id]
        if not known.issuperset(values):  # Hardly ever; this is quick for each of many rows.
            for name in values:
                if name not in known:
                    self._add(model, name, values[name])
        for name, members in structs:
            for member, value in _members(values.get(name)):
                if member not in members:
                    self._add(model, u"%s.%s" % (name, member), value)

    def take(self):
        # type: () -> List[Text]
        """One sentence for each name, in the order in which they came; then forget them."""
        texts = [
            u"%s has no attribute %s: not stored, in %d row%s"
            % (object_id, _shortened(name), rows, u"" if rows == 1 else u"s")
            for (object_id, name), rows in list(self._rows.items())[:MAX_NAMES]
        ]
        more = len(self._rows) - MAX_NAMES
        if more > 0:
            texts.append(u"so it is with %d more names" % more)
        self._rows.clear()
        return texts

    def _add(self, model, name, value):
        if not is_empty(value):
            key = model.object_id, name
            self._rows[key] = self._rows.get(key, 0) + 1


def _fields(model):
    """The names that are known, and for each struct among them those of its members."""
    known = set(model.attributes).union(SYSTEM_FIELDS, model.sides, _PATH_ARGUMENTS)
    types = [(name, attribute.type) for name, attribute in model.attributes.items()]
    return frozenset(known), [(name, type_.members) for name, type_ in types if type_.members]


def _members(value):
    """The names and values in a struct, or in a list of them, each name once."""
    found = {}
    for one in value if isinstance(value, list) else [value]:
        found.update(one if isinstance(one, dict) else ())
    return found.items()


def _shortened(name):
    return name if len(name) <= MAX_CHARACTERS else name[:MAX_CHARACTERS] + u"..."
