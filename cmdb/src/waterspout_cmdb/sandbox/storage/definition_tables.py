"""What an organisation's data looks like: the tables of its models and of their relations."""

from __future__ import absolute_import, division, print_function

import collections
import json

#: A stored model or relation: its number and what was said of it.
Stored = collections.namedtuple("Stored", "key definition")


class _DefinitionTable(object):
    """A part of the transaction it was made in.

    Attributes:
        table (native str): what it is called in SQL.
        name_column (native str): the column by which definitions are found.
    """

    table = name_column = ""

    def __init__(self, connection, org):
        # type: (sqlite3.Connection, int) -> None
        self._connection = connection
        self._org = org

    def find(self, name):
        # type: (Text) -> Optional[Stored]
        return next(iter(self._select(" AND %s = ?" % self.name_column, name)), None)

    def all(self):
        # type: () -> List[Stored]
        """In the order in which they were made."""
        return self._select("")

    def replace(self, stored):
        # type: (Stored) -> None
        """Change what is said of it; columns other than the definition stay as they are."""
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
        """The number of the new model; None when there is one of its name."""
        cursor = self._connection.execute(
            "INSERT OR IGNORE INTO models (org, object_id, definition) VALUES (?, ?, ?)",
            [self._org, definition["objectId"], json.dumps(definition)],
        )
        return cursor.lastrowid if cursor.rowcount else None


class RelationTable(_DefinitionTable):
    """The relations of one organisation. Their ids and their ends never change."""

    table, name_column = "relations", "relation_id"

    def of(self, object_id):
        # type: (Text) -> List[Stored]
        """Those that a model is at either end of."""
        ends = " AND (left_object_id = ? OR right_object_id = ?)"
        return self._select(ends, object_id, object_id)

    def insert(self, definition):
        # type: (dict) -> bool
        """False, and nothing done, when there is a relation of that id."""
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
        """Remove a relation, and with it what it relates to what."""
        self._connection.execute("DELETE FROM links WHERE relation = ?", [stored.key])
        self._connection.execute("DELETE FROM relations WHERE id = ?", [stored.key])
