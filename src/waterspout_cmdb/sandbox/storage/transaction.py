"""What happens together: one organisation's data, read or changed in one transaction."""

from __future__ import absolute_import, division, print_function

import json

from waterspout_cmdb.sandbox import identifiers
from waterspout_cmdb.sandbox.errors import NotFound
from waterspout_cmdb.sandbox.models import Model
from waterspout_cmdb.sandbox.storage import database
from waterspout_cmdb.sandbox.storage.table import InstanceTable, Row


class Transaction(object):
    """The data of one organisation, as the caller sees and changes it.

    Attributes:
        author (Author): who does this, and when.
    """

    def __init__(self, connection, author, ids=None):
        # type: (sqlite3.Connection, Author, Optional[InstanceIds]) -> None
        self.author = author
        self._connection = connection
        self._ids = ids

    def table(self, object_id):
        # type: (Text) -> InstanceTable
        """The instances of a model. Raises: NotFound: there is no such model."""
        found = self._connection.execute(
            "SELECT id, definition FROM models WHERE org = ? AND object_id = ?",
            [self.author.org, object_id],
        ).fetchone()
        if found is None:
            raise NotFound(u"there is no model %s" % object_id)
        return InstanceTable(self._connection, found[0], Model(json.loads(found[1])))

    def add_model(self, definition):
        # type: (dict) -> None
        """Store a model, unless the organisation has one of that name already."""
        model = Model(definition)
        cursor = self._connection.execute(
            "INSERT OR IGNORE INTO models (org, object_id, definition) VALUES (?, ?, ?)",
            [self.author.org, model.object_id, json.dumps(definition)],
        )
        if cursor.rowcount:
            InstanceTable(self._connection, cursor.lastrowid, model).create()

    def new_row(self, make_document):
        # type: (Callable[[Text], dict]) -> Row
        """A row for what ``make_document`` returns for a new instance id."""
        number = self._ids.next()
        return Row(number, make_document(identifiers.instance_id(number)))

    def savepoint(self):
        # type: () -> ContextManager[None]
        """A part of the transaction that is undone alone when it raises."""
        return database.savepoint(self._connection)
