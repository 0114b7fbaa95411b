"""The instances of one model of one organisation."""

from __future__ import absolute_import, division, print_function

import collections
import json
import sqlite3

from waterspout_cmdb.sandbox.errors import AlreadyExists, InvalidArgument
from waterspout_cmdb.sandbox.query.columns import extract, json_path
from waterspout_cmdb.sandbox.query.compiler import bound

#: Indexes made for import keys, per model. Each slows every write; callers use one or two.
MAX_KEY_INDEXES = 8

#: What SQLite says of queries beyond its limits.
_TOO_COMPLEX = ("parser stack overflow", "tree is too large", "too many", "too complex")

#: A stored instance: the number behind its id, and what callers see of it.
Row = collections.namedtuple("Row", "number document")


class InstanceTable(object):
    """Reads and writes the table of a model; a part of the transaction it was made in.

    Attributes:
        model (Model): what the instances look like.
        name (native str): the table's, in SQL.
    """

    def __init__(self, connection, key, model):
        # type: (sqlite3.Connection, int, Model) -> None
        self.model = model
        self._connection = connection
        self._key = key
        self.name = "instances_%d" % key

    def create(self):
        # type: () -> None
        """Make the table, with an index for each unique key of the model."""
        # ``id`` is the number that ``instance_id`` spells: the table is in order of creation.
        self._connection.execute(
            "CREATE TABLE %s (id INTEGER PRIMARY KEY, instance_id TEXT NOT NULL UNIQUE,"
            " document TEXT NOT NULL)" % self.name
        )
        self.model_changed()

    # Reading

    def get(self, instance_id):
        # type: (Text) -> Optional[Row]
        """The instance of that id, or None."""
        rows = self.select("instance_id = ?", [instance_id])
        return rows[0] if rows else None

    def rows(self, numbers):
        # type: (Iterable[int]) -> List[Row]
        """The instances of these numbers, oldest first."""
        return self.select("id IN (SELECT value FROM json_each(?))", [json.dumps(list(numbers))])

    def numbers(self, instance_ids):
        # type: (Iterable[Text]) -> Dict[Text, int]
        """The numbers of those of the instances that exist, by id."""
        return dict(
            self._connection.execute(
                "SELECT instance_id, id FROM %s"
                " WHERE instance_id IN (SELECT value FROM json_each(?))" % self.name,
                [json.dumps(list(instance_ids))],
            )
        )

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
        rows = self.query(
            "SELECT id, document FROM %s WHERE %s ORDER BY %s LIMIT ? OFFSET ?"
            % (self.name, where, order),
            list(parameters) + [limit, offset],
        )
        return [Row(number, json.loads(text)) for number, text in rows]

    def count(self, where, parameters):
        # type: (str, list) -> int
        """How many instances a condition holds for."""
        sql = "SELECT count(*) FROM %s WHERE %s" % (self.name, where)
        return self.query(sql, parameters)[0][0]

    def query(self, sql, parameters):
        # type: (str, list) -> List[tuple]
        """What a SELECT of its own says about the table.

        Raises: InvalidArgument: conditions so many, or nested so deep, that SQLite gives up. Where
            that is depends on how it was built.
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
        """Raises: AlreadyExists: another instance has the values of a unique key."""
        sql = "INSERT INTO %s (id, instance_id, document) VALUES (?, ?, ?)" % self.name
        self._write(sql, [row.number, row.document["instanceId"], json.dumps(row.document)], row)

    def update(self, row):
        # type: (Row) -> None
        """Raises: AlreadyExists: another instance has the values of a unique key."""
        sql = "UPDATE %s SET document = ? WHERE id = ?" % self.name
        self._write(sql, [json.dumps(row.document), row.number], row)

    def delete(self, row):
        # type: (Row) -> None
        self._connection.execute("DELETE FROM %s WHERE id = ?" % self.name, [row.number])

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

    # Changes of the model

    def has_values(self, name):
        # type: (Text) -> bool
        """Whether any instance has a value of an attribute."""
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

    def model_changed(self):
        # type: () -> None
        """Have the unique indexes that the model asks for, and none on what it has no more.

        Raises: AlreadyExists: a key is to be unique, and its values are not.
        """
        wanted = set(self.model.unique_keys)
        for key, names, is_unique in self._indexes():
            if set(names) - set(self.model.attributes) or is_unique != (names in wanted):
                self._connection.execute("DROP INDEX %s_by_%d" % (self.name, key))
                self._connection.execute("DELETE FROM indexes WHERE id = ?", [key])
        for names in sorted(wanted - set(names for _, names, _ in self._indexes())):
            try:
                self._create_index(names, unique=True)
            except sqlite3.IntegrityError:
                raise AlreadyExists(
                    u"several instances have the same %s" % u", ".join(names)
                )

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
                self.name,
                cursor.lastrowid,
                self.name,
                ", ".join(map(extract, names)),
            )
        )

    def _indexes(self):
        rows = self._connection.execute(
            "SELECT id, attributes, is_unique FROM indexes WHERE model = ?", [self._key]
        ).fetchall()
        return [(key, tuple(json.loads(names)), bool(unique)) for key, names, unique in rows]
