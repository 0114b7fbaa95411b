"""The instances of one model of one organisation."""

from __future__ import absolute_import, division, print_function

import collections
import json
import sqlite3

from waterspout_cmdb.sandbox.errors import AlreadyExists
from waterspout_cmdb.sandbox.query.columns import extract
from waterspout_cmdb.sandbox.query.compiler import bound

#: Indexes made for import keys, per model. Each slows every write; callers use one or two.
MAX_KEY_INDEXES = 8

#: A stored instance: the number behind its id, and what callers see of it.
Row = collections.namedtuple("Row", "number document")


class InstanceTable(object):
    """Reads and writes the table of a model; a part of the transaction it was made in.

    Attributes:
        model (Model): what the instances look like.
    """

    def __init__(self, connection, key, model):
        # type: (sqlite3.Connection, int, Model) -> None
        self.model = model
        self._connection = connection
        self._key = key
        self._name = "instances_%d" % key

    def create(self):
        # type: () -> None
        """Make the table, with an index for each unique key of the model."""
        # ``id`` is the number that ``instance_id`` spells: the table is in order of creation.
        self._connection.execute(
            "CREATE TABLE %s (id INTEGER PRIMARY KEY, instance_id TEXT NOT NULL UNIQUE,"
            " document TEXT NOT NULL)" % self._name
        )
        for names in self.model.unique_keys:
            self._create_index(names, unique=True)

    # Reading

    def get(self, instance_id):
        # type: (Text) -> Optional[Row]
        """The instance of that id, or None."""
        rows = self.select("instance_id = ?", [instance_id])
        return rows[0] if rows else None

    def find(self, key, limit):
        # type: (Mapping[Text, Any], int) -> List[Row]
        """Up to ``limit`` instances whose attributes have these values."""
        values = [bound(value) for value in key.values()]
        where = " AND ".join(
            "%s = %s" % (extract(name), value.sql) for name, value in zip(key, values)
        )
        parameters = [parameter for value in values for parameter in value.values]
        return self.select(where, parameters, limit=limit)

    def select(self, where, parameters, order="id", limit=-1, offset=0):
        # type: (str, list, str, int, int) -> List[Row]
        """The instances that a condition holds for; a limit of -1 is none."""
        cursor = self._connection.execute(
            "SELECT id, document FROM %s WHERE %s ORDER BY %s LIMIT ? OFFSET ?"
            % (self._name, where, order),
            list(parameters) + [limit, offset],
        )
        return [Row(number, json.loads(text)) for number, text in cursor]

    def count(self, where, parameters):
        # type: (str, list) -> int
        """How many instances a condition holds for."""
        sql = "SELECT count(*) FROM %s WHERE %s" % (self._name, where)
        return self._connection.execute(sql, parameters).fetchone()[0]

    # Writing

    def insert(self, row):
        # type: (Row) -> None
        """Raises: AlreadyExists: another instance has the values of a unique key."""
        sql = "INSERT INTO %s (id, instance_id, document) VALUES (?, ?, ?)" % self._name
        self._write(sql, [row.number, row.document["instanceId"], json.dumps(row.document)], row)

    def update(self, row):
        # type: (Row) -> None
        """Raises: AlreadyExists: another instance has the values of a unique key."""
        sql = "UPDATE %s SET document = ? WHERE id = ?" % self._name
        self._write(sql, [json.dumps(row.document), row.number], row)

    def delete(self, row):
        # type: (Row) -> None
        self._connection.execute("DELETE FROM %s WHERE id = ?" % self._name, [row.number])

    def _write(self, sql, parameters, row):
        try:
            self._connection.execute(sql, parameters)
        except sqlite3.IntegrityError:
            conflict = self._conflict(row)
            if conflict is None:
                raise  # Not about a key of the model: a bug of ours.
            raise conflict

    def _conflict(self, row):
        # type: (Row) -> Optional[AlreadyExists]
        """The error that says which unique key is taken, and by whom."""
        for names in self.model.unique_keys:
            key = {name: row.document.get(name) for name in names}
            for other in [] if None in key.values() else self.find(key, limit=2):
                if other.number != row.number:
                    return AlreadyExists(
                        u"%s is taken by %s %s"
                        % (u", ".join(names), self.model.object_id, other.document["instanceId"])
                    )
        return None

    # Indexes

    def ensure_index(self, names):
        # type: (Sequence[Text]) -> None
        """Have lookups by these attributes use an index, if the table has room for one more."""
        wanted = frozenset(names)
        existing = self._connection.execute(
            "SELECT attributes, is_unique FROM indexes WHERE model = ?", [self._key]
        ).fetchall()
        if any(wanted.issuperset(json.loads(attributes)) for attributes, _ in existing):
            return
        if sum(1 for _, is_unique in existing if not is_unique) < MAX_KEY_INDEXES:
            self._create_index(sorted(wanted), unique=False)

    def _create_index(self, names, unique):
        cursor = self._connection.execute(
            "INSERT INTO indexes (model, attributes, is_unique) VALUES (?, ?, ?)",
            [self._key, json.dumps(list(names)), unique],
        )
        self._connection.execute(
            "CREATE %s INDEX %s_by_%d ON %s (%s)"
            % (
                "UNIQUE" if unique else "",
                self._name,
                cursor.lastrowid,
                self._name,
                ", ".join(map(extract, names)),
            )
        )
