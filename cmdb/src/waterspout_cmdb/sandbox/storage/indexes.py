"""The indexes on the table of a model's instances.

They are on expressions over the document, so that no other column has to be updated with it. The
table ``indexes`` lists them.
"""

from __future__ import absolute_import, division, print_function

import collections
import json
import sqlite3

from waterspout_cmdb.sandbox.query.columns import extract
from waterspout_cmdb.sandbox.storage import schema
from waterspout_cmdb.sandbox.wire_format.api_errors import AlreadyExists
from waterspout_cmdb.sandbox.wire_format.values import PLAIN_KINDS

#: The number of indexes for searches of a model: the first in ``search_keys``. Each adds 10 to 20
#: microseconds to a write of an instance.
MAX_SEARCH_INDEXES = 8

#: The number of further indexes of a model for the keys of imports; callers use one or two.
MAX_KEY_INDEXES = 8


class _Index(collections.namedtuple("_Index", "attributes is_unique")):
    __slots__ = ()

    @property
    def is_tallied(self):
        # type: () -> bool
        """Whether the number of instances with each value is stored."""
        return len(self.attributes) == 1 and not self.is_unique


class Indexes(object):
    """Creates and drops a model's indexes; valid during the transaction that made it.

    Args:
        key (int): the model's number in the table ``models``.
    """

    def __init__(self, connection, key):
        # type: (sqlite3.Connection, int) -> None
        self._connection = connection
        self._key = key
        self._table = schema.instance_table(key)

    def follow(self, model):
        # type: (Model) -> None
        """Create and drop indexes as the model needs; call it after each change of the model.

        Raises: AlreadyExists: several instances have the same values of a unique key.
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
        """Create an index for lookups by these attributes, unless the model has too many."""
        existing = self._existing().values()
        if any(_serves(index, names) for index in existing):
            return
        if sum(not index.is_unique for index in existing) < MAX_SEARCH_INDEXES + MAX_KEY_INDEXES:
            self._create(_Index(tuple(sorted(names)), False))

    def tallied(self):
        # type: () -> Dict[Text, int]
        """Return the numbers of the indexes that are tallied, by attribute."""
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
    """Return indexes for a model's unique keys, and for its first search keys."""
    wanted = [_Index(names, True) for names in collections.OrderedDict.fromkeys(model.unique_keys)]
    room = len(wanted) + MAX_SEARCH_INDEXES
    for names in model.search_keys:
        if len(wanted) < room and not any(index.attributes == names for index in wanted):
            wanted.append(_Index(names, False))
    return wanted


def _may_stay(index, wanted, model):
    """Say whether an index may stay: it is wanted, or serves imports and conflicts with none."""
    if index in wanted:
        return True
    conflicts = any(index.attributes == other.attributes for other in wanted)
    attributes = [model.attributes.get(name) for name in index.attributes]
    fits = all(one is not None and one.type.kind in PLAIN_KINDS for one in attributes)
    return fits and not (index.is_unique or conflicts)


def _serves(index, names):
    """Say whether a lookup by these attributes reads only the rows that it finds in the index."""
    if index.is_unique and set(names).issuperset(index.attributes):
        return True
    return set(index.attributes[: len(names)]) == set(names)
