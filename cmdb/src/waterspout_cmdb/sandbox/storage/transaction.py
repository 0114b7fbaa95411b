"""A transaction on one organisation's data."""

from __future__ import absolute_import, division, print_function

import contextlib

from waterspout_cmdb.sandbox.models.definition_checks import model_definition, relation_definition
from waterspout_cmdb.sandbox.models.model import Model
from waterspout_cmdb.sandbox.models.relation import relation_fields
from waterspout_cmdb.sandbox.models.unknown_attributes import UnknownAttributes
from waterspout_cmdb.sandbox.storage import database
from waterspout_cmdb.sandbox.storage.definition_tables import ModelTable, RelationTable
from waterspout_cmdb.sandbox.storage.instance_ids import instance_id
from waterspout_cmdb.sandbox.storage.links import Links
from waterspout_cmdb.sandbox.storage.table import InstanceTable, Row
from waterspout_cmdb.sandbox.storage.tallies import Tallies
from waterspout_cmdb.sandbox.wire_format.api_errors import AlreadyExists, NotFound


class Transaction(object):
    """Reads and changes the data of one organisation.

    Attributes:
        author (Author): the user and the time of the transaction.
        models (ModelTable), relations (RelationTable), links (Links): the stored data besides
            instances; for those see :meth:`table`.
        unknown (UnknownAttributes): attributes that were sent and are not in a model.
        check_time (callable): raises when the time is up; called for each savepoint.
    """

    def __init__(self, connection, author, ids=None):
        # type: (sqlite3.Connection, Author, Optional[InstanceIds]) -> None
        self.author = author
        self.models = ModelTable(connection, author.org)
        self.relations = RelationTable(connection, author.org)
        self.links = Links(connection)
        self.unknown = UnknownAttributes()
        self.check_time = _nothing
        self._connection = connection
        self._tallies = Tallies(connection)
        self._ids = ids
        self._tables = {}

    def table(self, object_id):
        # type: (Text) -> InstanceTable
        """Return the table of a model's instances. Raises: NotFound: there is no such model."""
        if object_id not in self._tables:
            stored = self.model(object_id)
            model = Model(stored.definition, self.relations.of(object_id))
            self._tables[object_id] = self._table(stored.key, model)
        return self._tables[object_id]

    def model(self, object_id):
        # type: (Text) -> Stored
        """Return the definition of a model. Raises: NotFound."""
        stored = self.models.find(object_id)
        if stored is None:
            raise NotFound(u"there is no model %s" % object_id)
        return stored

    def add_model(self, given):
        # type: (dict) -> bool
        """Store a model without relations; return False if its name is taken."""
        definition = model_definition(given)
        key = self.models.insert(definition)
        if key is not None:
            self._table(key, Model(definition)).create()
        return key is not None

    def add_relation(self, given):
        # type: (dict) -> Optional[dict]
        """Store a relation and return its definition; return None if its id is taken.

        Raises: NotFound: no such model. AlreadyExists: one of its fields is taken.
        """
        definition = relation_definition(given)
        if self.relations.find(definition["relation_id"]) is not None:
            return None
        for object_id, name in relation_fields(definition):
            model = self.table(object_id).model
            if name in model.sides or model.type_of(name) is not None:
                raise AlreadyExists(u"%s has a field %s already" % (object_id, name))
        self.relations.insert(definition)
        self.relation_changed(definition)
        return definition

    def relation_changed(self, definition):
        # type: (dict) -> None
        """Store the next versions of the relation's models, whose sides have changed."""
        for object_id in sorted(set(object_id for object_id, _ in relation_fields(definition))):
            self.change_model(self.model(object_id).definition)

    def change_model(self, definition):
        # type: (dict) -> None
        """Store a model's next version."""
        stored = self.model(definition["objectId"])
        definition = dict(definition, _version=stored.definition["_version"] + 1)
        self.models.replace(stored._replace(definition=definition))
        self._tables.clear()

    def new_row(self, make_document):
        # type: (Callable[[Text], dict]) -> Row
        """Return a row with a new number; ``make_document`` is called with the instance id."""
        number = self._ids.next()
        return Row(number, make_document(instance_id(number)))

    @contextlib.contextmanager
    def savepoint(self):
        # type: () -> ContextManager[None]
        """Roll back only the changes of this block if it raises."""
        self.check_time()
        mark, tables = self._tallies.mark(), dict(self._tables)
        try:
            with database.savepoint(self._connection):
                yield
        except BaseException:
            self._tallies.undo(mark)
            self._tables = tables  # The models are as before.
            raise

    def finish(self):
        # type: () -> None
        """Write the changes of the tallies; call it before the commit."""
        self._tallies.write()

    def _table(self, key, model):
        return InstanceTable(self._connection, key, model, self._tallies)


def _nothing():
    pass
