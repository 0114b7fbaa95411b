"""The table with the instances of one model of one organisation."""

from __future__ import absolute_import, division, print_function

import collections
import json
import sqlite3

from waterspout_cmdb.sandbox.query.columns import extract, json_path
from waterspout_cmdb.sandbox.query.compiler import EVERYTHING, bound
from waterspout_cmdb.sandbox.storage import schema
from waterspout_cmdb.sandbox.storage.indexes import Indexes
from waterspout_cmdb.sandbox.wire_format.api_errors import AlreadyExists, InvalidArgument

#: SQLite's messages about queries beyond its limits.
_TOO_COMPLEX = ("parser stack overflow", "tree is too large", "too many", "too complex")

#: A stored instance: its number, which its id spells, and its document.
Row = collections.namedtuple("Row", "number document")


class InstanceTable(object):
    """Reads and writes the table of a model; valid during the transaction that made it.

    Attributes:
        model (Model): the model of the instances.
        name (native str): the table's name in SQL.
    """

    def __init__(self, connection, key, model, tallies):
        # type: (sqlite3.Connection, int, Model, Tallies) -> None
        self.model = model
        self._connection = connection
        self._key = key
        self.name = schema.instance_table(key)
        self._indexes = Indexes(connection, key)
        self._tallies = tallies

    def create(self):
        # type: () -> None
        """Create the table with its indexes."""
        # ``id`` is the number that ``instance_id`` spells, so rows are in order of creation.
        self._connection.execute(
            "CREATE TABLE %s (id INTEGER PRIMARY KEY, instance_id TEXT NOT NULL UNIQUE,"
            " document TEXT NOT NULL)" % self.name
        )
        schema.count_instances(self._connection, self._key)
        self.model_changed()

    # Reading

    def get(self, instance_id):
        # type: (Text) -> Optional[Row]
        """Return the instance with this id, or None."""
        rows = self.select("instance_id = ?", [instance_id])
        return rows[0] if rows else None

    def rows(self, numbers):
        # type: (Iterable[int]) -> List[Row]
        """Return the instances with these numbers, oldest first."""
        return self.select("id IN (SELECT value FROM json_each(?))", [json.dumps(list(numbers))])

    def numbers(self, instance_ids):
        # type: (Iterable[Text]) -> Dict[Text, int]
        """Return the numbers of the existing instances among these, by id."""
        return dict(
            self._connection.execute(
                "SELECT instance_id, id FROM %s"
                " WHERE instance_id IN (SELECT value FROM json_each(?))" % self.name,
                [json.dumps(list(instance_ids))],
            )
        )

    def find(self, key, limit):
        # type: (Mapping[Text, Any], int) -> List[Row]
        """Return up to ``limit`` instances whose attributes have these values."""
        values = [bound(value) for value in key.values()]
        where = " AND ".join(
            "%s = %s" % (extract(name), value.sql) for name, value in zip(key, values)
        )
        parameters = [parameter for value in values for parameter in value.values]
        return self.select(where, parameters, limit=limit)

    def select(self, where, parameters, order="id", limit=-1, offset=0):
        # type: (str, list, str, int, int) -> List[Row]
        """Return the instances that meet a condition; -1 means no limit.

        SQLite finds their numbers first, often from an index alone, and then reads only the
        documents of the result.
        """
        rows = self.query(
            "SELECT id, document FROM {table} WHERE id IN"
            " (SELECT id FROM {table} WHERE {where} ORDER BY {order} LIMIT ? OFFSET ?)"
            " ORDER BY {order}".format(table=self.name, where=where, order=order),
            list(parameters) + [limit, offset],
        )
        return [Row(number, json.loads(text)) for number, text in rows]

    def count(self, where, parameters):
        # type: (str, list) -> int
        """Count the instances that meet a condition."""
        if where == EVERYTHING.sql:
            sql, parameters = "SELECT instances FROM counts WHERE model = ?", [self._key]
        else:
            sql = "SELECT count(*) FROM %s WHERE %s" % (self.name, where)
        return self.query(sql, parameters)[0][0]

    def count_values(self, name, condition):
        # type: (Text, Condition) -> Optional[int]
        """Count the instances whose value of an attribute meets a condition on ``value``.

        It uses the stored numbers, and returns None if there are none for the attribute.
        """
        index = self._tallies.indexes(self._key).get(name)
        if index is None:
            return None
        sql = "SELECT coalesce(sum(instances), 0) FROM tallies WHERE index_id = ? AND "
        return self.query(sql + condition.sql, [index] + condition.values)[0][0]

    def query(self, sql, parameters):
        # type: (str, list) -> List[tuple]
        """Run a SELECT and return its rows.

        Raises: InvalidArgument: the query has too many or too deeply nested conditions for SQLite.
            The limits depend on its build.
        """
        try:
            return self._connection.execute(sql, parameters).fetchall()
        except sqlite3.OperationalError as error:
            if any(complaint in str(error) for complaint in _TOO_COMPLEX):
                raise InvalidArgument(u"the query is too complex for SQLite: %s" % error)
            raise

    # Writing

    def insert(self, row):
        # type: (Row) -> None
        """Store a new row. Raises: AlreadyExists: another instance has a unique key's values."""
        sql = "INSERT INTO %s (id, instance_id, document) VALUES (?, ?, ?)" % self.name
        self._write(sql, [row.number, row.document["instanceId"], json.dumps(row.document)], row)
        self._tallies.note(self._key, {}, row.document)

    def update(self, row, document):
        # type: (Row, dict) -> Row
        """Store a new document for a row, and return the new row.

        Raises: AlreadyExists: another instance has the values of a unique key.
        """
        sql = "UPDATE %s SET document = ? WHERE id = ?" % self.name
        changed = row._replace(document=document)
        self._write(sql, [json.dumps(document), row.number], changed)
        self._tallies.note(self._key, row.document, document)
        return changed

    def delete(self, row):
        # type: (Row) -> None
        """Delete a row."""
        self._connection.execute("DELETE FROM %s WHERE id = ?" % self.name, [row.number])
        self._tallies.note(self._key, row.document, {})

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
        """Return the error that names the taken unique key and the instance that has it."""
        for names in self.model.unique_keys:
            key = {name: row.document.get(name) for name in names}
            for other in [] if None in key.values() else self.find(key, limit=2):
                if other.number != row.number:
                    return AlreadyExists(
                        u"%s is taken by %s %s"
                        % (u", ".join(names), self.model.object_id, other.document["instanceId"])
                    )
        return None

    # Changes of the model

    def has_values(self, name):
        # type: (Text) -> bool
        """Say whether any instance has a value of an attribute."""
        sql = "SELECT EXISTS (SELECT 1 FROM %s WHERE json_type(document, ?) IS NOT NULL)"
        found = self._connection.execute(sql % self.name, [json_path(name)]).fetchone()
        return bool(found[0])

    def drop_values(self, name):
        # type: (Text) -> None
        """Remove the values of an attribute from all instances."""
        self._connection.execute(
            "UPDATE %s SET document = json_remove(document, ?)"
            " WHERE json_type(document, ?) IS NOT NULL" % self.name,
            [json_path(name), json_path(name)],
        )

    # Indexes

    def ensure_index(self, names):
        # type: (Sequence[Text]) -> None
        """Create an index for lookups by these attributes, unless the table has too many."""
        self._tallies.write()
        self._indexes.ensure(names)

    def model_changed(self):
        # type: () -> None
        """Create and drop indexes as the model needs. Raises: AlreadyExists: see `Indexes`."""
        self._tallies.write()
        self._indexes.follow(self.model)
