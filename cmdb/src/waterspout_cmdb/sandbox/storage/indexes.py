"""The indexes on the table of a model's instances.

They are on expressions over the document, so that there is nothing to keep in step with it. The
table ``indexes`` says which there are.
"""

from __future__ import absolute_import, division, print_function

import collections
import json
import sqlite3

from waterspout_cmdb.sandbox.query.columns import extract
from waterspout_cmdb.sandbox.storage import schema
from waterspout_cmdb.sandbox.wire_format.api_errors import AlreadyExists
from waterspout_cmdb.sandbox.wire_format.values import PLAIN_KINDS

#: Indexes for searches, per model, the first that it names. Each makes a write of an instance
#: 10 to 20 microseconds longer.
MAX_SEARCH_INDEXES = 8

#: Indexes for the keys of imports, per model, beyond those; callers use one or two.
MAX_KEY_INDEXES = 8


class _Index(collections.namedtuple("_Index", "attributes is_unique")):
    __slots__ = ()

    @property
    def is_tallied(self):
        # type: () -> bool
        """Whether it is kept how many instances have each value."""
        return len(self.attributes) == 1 and not self.is_unique


class Indexes(object):
    """Makes and drops them; a part of the transaction it was made in.

    Args:
        key (int): of the model, in the table ``models``.
    """

    def __init__(self, connection, key):
        # type: (sqlite3.Connection, int) -> None
        self._connection = connection
        self._key = key
        self._table = schema.instance_table(key)

    def follow(self, model):
        # type: (Model) -> None
        """Have those that the model asks for now; to be called whenever it has changed.

        Raises: AlreadyExists: a key is to be unique, and its values are not.
        """
        wanted = _wanted_by(model)
        for index_id, index in self._existing().items():
            if not _may_stay(index, wanted, model):
                self._drop(index_id)
        existing = self._existing().values()
        for index in wanted:
            if index not in existing:
                self._create(index)

    def ensure(self, names):
        # type: (Sequence[Text]) -> None
        """Have lookups of instances by these attributes use an index, if there is room for it."""
        existing = self._existing().values()
        if any(_serves(index, names) for index in existing):
            return
        if sum(not index.is_unique for index in existing) < MAX_SEARCH_INDEXES + MAX_KEY_INDEXES:
            self._create(_Index(tuple(sorted(names)), False))

    def tallied(self):
        # type: () -> Dict[Text, int]
        """The numbers of the indexes that are tallied, by their attributes."""
        return {
            index.attributes[0]: index_id
            for index_id, index in self._existing().items()
            if index.is_tallied
        }

    def _existing(self):
        # type: () -> Dict[int, _Index]
        rows = self._connection.execute(
            "SELECT id, attributes, is_unique FROM indexes WHERE model = ?", [self._key]
        )
        return {
            index_id: _Index(tuple(json.loads(attributes)), bool(is_unique))
            for index_id, attributes, is_unique in rows
        }

    def _create(self, index):
        cursor = self._connection.execute(
            "INSERT INTO indexes (model, attributes, is_unique) VALUES (?, ?, ?)",
            [self._key, json.dumps(index.attributes), index.is_unique],
        )
        sql = "CREATE %s INDEX %s ON %s (%s)" % (
            "UNIQUE" if index.is_unique else "",
            self._name(cursor.lastrowid),
            self._table,
            ", ".join(map(extract, index.attributes)),
        )
        try:
            self._connection.execute(sql)
        except sqlite3.IntegrityError:
            raise AlreadyExists(
                u"several instances have the same %s" % u", ".join(index.attributes)
            )
        if index.is_tallied:
            name = index.attributes[0]
            schema.tally_values(self._connection, cursor.lastrowid, self._key, name)

    def _drop(self, index_id):
        self._connection.execute("DROP INDEX %s" % self._name(index_id))
        self._connection.execute("DELETE FROM tallies WHERE index_id = ?", [index_id])
        self._connection.execute("DELETE FROM indexes WHERE id = ?", [index_id])

    def _name(self, index_id):
        return "%s_by_%d" % (self._table, index_id)


def _wanted_by(model):
    # type: (Model) -> List[_Index]
    """Its unique keys, and what it is searched by as far as there is room."""
    wanted = [_Index(names, True) for names in collections.OrderedDict.fromkeys(model.unique_keys)]
    room = len(wanted) + MAX_SEARCH_INDEXES
    for names in model.search_keys:
        if len(wanted) < room and not any(index.attributes == names for index in wanted):
            wanted.append(_Index(names, False))
    return wanted


def _may_stay(index, wanted, model):
    """One that nobody asked for may, if it is for the keys of imports and not in the way."""
    if index in wanted:
        return True
    is_in_the_way = any(index.attributes == other.attributes for other in wanted)
    attributes = [model.attributes.get(name) for name in index.attributes]
    fits = all(one is not None and one.type.kind in PLAIN_KINDS for one in attributes)
    return fits and not (index.is_unique or is_in_the_way)


def _serves(index, names):
    """Whether a lookup by these attributes reads, thanks to the index, no more than it finds."""
    if index.is_unique and set(names).issuperset(index.attributes):
        return True
    return set(index.attributes[: len(names)]) == set(names)
