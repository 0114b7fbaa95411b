"""Report attributes that a caller sent and the model does not have; they are not stored.

Clients repeat path arguments and send back the system fields that they have read; these are not
reported. Any other name is probably a mistake.
"""

from __future__ import absolute_import, division, print_function

import collections

from waterspout_cmdb.sandbox.models.documents import is_empty
from waterspout_cmdb.sandbox.models.model import SYSTEM_FIELDS

#: Names in one answer, and characters of each.
MAX_NAMES, MAX_CHARACTERS = 20, 100

_PATH_ARGUMENTS = ("objectId", "object_id")


class UnknownAttributes(object):
    """Collects the names, and the number of rows in which each had a value, in a transaction."""

    def __init__(self):
        # type: () -> None
        self._known = {}  # By model id: the names of fields, and the structs' members.
        self._rows = collections.OrderedDict()  # Numbers of rows by (model, name).

    def note(self, model, values):
        # type: (Model, dict) -> None
        """Note the names that the model does not have in ``values``, which have been stored."""
        if model.object_id not in self._known:
            self._known[model.object_id] = _fields(model)
        known, structs = self._known[model.object_id]
        if not known.issuperset(values):  # Rarely true; the test is fast for many rows.
            for name in values:
                if name not in known:
                    self._add(model, name, values[name])
        for name, members in structs:
            for member, value in _members(values.get(name)):
                if member not in members:
                    self._add(model, u"%s.%s" % (name, member), value)

    def take(self):
        # type: () -> List[Text]
        """Return one sentence for each name, in order of appearance, and clear the collection."""
        texts = [
            u"%s has no attribute %s: not stored, in %d row%s"
            % (object_id, _shortened(name), rows, u"" if rows == 1 else u"s")
            for (object_id, name), rows in list(self._rows.items())[:MAX_NAMES]
        ]
        more = len(self._rows) - MAX_NAMES
        if more > 0:
            texts.append(u"%d more names are unknown, too" % more)
        self._rows.clear()
        return texts

    def _add(self, model, name, value):
        if not is_empty(value):
            key = model.object_id, name
            self._rows[key] = self._rows.get(key, 0) + 1


def _fields(model):
    """Return the names of a model's fields, and for each struct the names of its members."""
    known = set(model.attributes).union(SYSTEM_FIELDS, model.sides, _PATH_ARGUMENTS)
    types = [(name, attribute.type) for name, attribute in model.attributes.items()]
    return frozenset(known), [(name, type_.members) for name, type_ in types if type_.members]


def _members(value):
    """Return the names and values in a struct, or in a list of structs, each name once."""
    found = {}
    for one in value if isinstance(value, list) else [value]:
        found.update(one if isinstance(one, dict) else ())
    return found.items()


def _shortened(name):
    return name if len(name) <= MAX_CHARACTERS else name[:MAX_CHARACTERS] + u"..."
