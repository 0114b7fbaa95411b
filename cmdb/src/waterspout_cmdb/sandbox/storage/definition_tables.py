"""The tables with the definitions of an organisation's models and relations."""

from __future__ import absolute_import, division, print_function

import collections
import json

#: A stored model or relation: its number and its definition.
Stored = collections.namedtuple("Stored", "key definition")


class _DefinitionTable(object):
    """Reads and writes one table; valid during the transaction that made it.

    Attributes:
        table (native str): its name in SQL.
        name_column (native str): the column with the name of a definition.
    """

    table = name_column = ""

    def __init__(self, connection, org):
        # type: (sqlite3.Connection, int) -> None
        self._connection = connection
        self._org = org

    def find(self, name):
        # type: (Text) -> Optional[Stored]
        """Return the definition with this name, or None."""
        return next(iter(self._select(" AND %s = ?" % self.name_column, name)), None)

    def all(self):
        # type: () -> List[Stored]
        """Return all definitions in the order of their creation."""
        return self._select("")

    def replace(self, stored):
        # type: (Stored) -> None
        """Replace a definition; the other columns do not change."""
        self._connection.execute(
            "UPDATE %s SET definition = ? WHERE id = ?" % self.table,
            [json.dumps(stored.definition), stored.key],
        )

    def _select(self, condition, *values):
        cursor = self._connection.execute(
            "SELECT id, definition FROM %s WHERE org = ?%s ORDER BY id" % (self.table, condition),
            (self._org,) + values,
        )
        return [Stored(key, json.loads(text)) for key, text in cursor]


class ModelTable(_DefinitionTable):
    """The models of one organisation."""

    table, name_column = "models", "object_id"

    def insert(self, definition):
        # type: (dict) -> Optional[int]
        """Store a model and return its number; None if its name is taken."""
        cursor = self._connection.execute(
            "INSERT OR IGNORE INTO models (org, object_id, definition) VALUES (?, ?, ?)",
            [self._org, definition["objectId"], json.dumps(definition)],
        )
        return cursor.lastrowid if cursor.rowcount else None


class RelationTable(_DefinitionTable):
    """The relations of one organisation, whose ids and ends never change."""

    table, name_column = "relations", "relation_id"

    def of(self, object_id):
        # type: (Text) -> List[Stored]
        """Return the relations with the model at either end."""
        ends = " AND (left_object_id = ? OR right_object_id = ?)"
        return self._select(ends, object_id, object_id)

    def insert(self, definition):
        # type: (dict) -> bool
        """Store a relation; return False, without a change, if its id is taken."""
        cursor = self._connection.execute(
            "INSERT OR IGNORE INTO relations"
            " (org, relation_id, left_object_id, right_object_id, definition)"
            " VALUES (?, ?, ?, ?, ?)",
            [
                self._org,
                definition["relation_id"],
                definition["left_object_id"],
                definition["right_object_id"],
                json.dumps(definition),
            ],
        )
        return bool(cursor.rowcount)

    def delete(self, stored):
        # type: (Stored) -> None
        """Delete a relation and its links between instances."""
        self._connection.execute("DELETE FROM links WHERE relation = ?", [stored.key])
        self._connection.execute("DELETE FROM relations WHERE id = ?", [stored.key])
