"""Create, get, update and delete one instance at a time."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.sandbox.models import documents
from waterspout_cmdb.sandbox.operations import peers
from waterspout_cmdb.sandbox.operations.showing import Shape, show_one
from waterspout_cmdb.sandbox.wire_format.api_errors import InvalidArgument, NotFound

_WHOLE = Shape()


def create(transaction, object_id, values):
    # type: (Transaction, Text, dict) -> dict
    """Store a new instance and return it, system fields and related instances included.

    Raises: NotFound: no such model, or no such related instance. InvalidArgument: a value its
        attribute does not accept, or a required one missing. AlreadyExists: a unique value is
        taken. FailedPrecondition: too many related instances.
    """
    table = transaction.table(object_id)
    row = insert(transaction, table, documents.accept(table.model, values), values)
    return show_one(transaction, table, row, _WHOLE)


def insert(transaction, table, accepted, values, nested=True):
    # type: (Transaction, InstanceTable, dict, dict, bool) -> Row
    """Store a new instance and return its row.

    Args:
        accepted: its attributes in the form to store.
        values: the caller's values, from which its related instances are read.
        nested: whether related instances may be created.
    """
    related = peers.accept(transaction, table, values, creator(transaction, nested))
    row = transaction.new_row(
        lambda instance_id: documents.create(
            table.model, accepted, transaction.author, instance_id
        )
    )
    table.insert(row)
    peers.add(transaction, row.number, related)
    return row


def creator(transaction, nested):
    # type: (Transaction, bool) -> Callable[[InstanceTable, dict], int]
    """Return the function that creates a related instance, or refuses to if not ``nested``."""

    def create_peer(table, values):
        if not nested:
            raise InvalidArgument(
                u"creating a %s among related instances is disabled" % table.model.object_id
            )
        transaction.unknown.note(table.model, values)
        return insert(transaction, table, documents.accept(table.model, values), values).number

    return create_peer


def get(transaction, object_id, instance_id, shape):
    # type: (Transaction, Text, Text, Shape) -> dict
    """Return the parts of an instance that ``shape`` selects. Raises: NotFound."""
    table = transaction.table(object_id)
    return show_one(transaction, table, find(table, instance_id), shape)


def update(transaction, object_id, instance_id, values):
    # type: (Transaction, Text, Text, dict) -> dict
    """Merge values into an instance and return it; None clears an attribute.

    Raises: as in :func:`create`.
    """
    table = transaction.table(object_id)
    row = find(table, instance_id)
    row = merge(transaction, table, row, documents.accept(table.model, values), values)
    return show_one(transaction, table, row, _WHOLE)


def update_attributes(transaction, object_id, instance_id, values):
    # type: (Transaction, Text, Text, dict) -> dict
    """Like :func:`update`, but for version 1 of the API, which does not accept relations.

    Empty relations are ignored, because some clients send every field.

    Raises: InvalidArgument: the values have a relation. The errors of :func:`update`.
    """
    sides = transaction.table(object_id).model.sides
    for name in sorted(set(values).intersection(sides)):
        if values[name]:
            raise InvalidArgument(u"%s is a relation, which needs version 2 of update" % name)
    values = {name: value for name, value in values.items() if name not in sides}
    return update(transaction, object_id, instance_id, values)


def merge(transaction, table, row, accepted, values, nested=True):
    # type: (Transaction, InstanceTable, Row, dict, dict, bool) -> Row
    """Merge values into a stored row, and return the new row, or the same one if nothing changed.

    Arguments as for :func:`insert`.
    """
    related = peers.accept(transaction, table, values, creator(transaction, nested))
    relates = peers.replace(transaction, row.number, related)
    document = documents.change(table.model, row.document, accepted, transaction.author, relates)
    if document is row.document:
        return row
    return table.update(row, document)


def delete(transaction, object_id, instance_id):
    # type: (Transaction, Text, Text) -> dict
    """Delete an instance and return it. Raises: NotFound."""
    table = transaction.table(object_id)
    row = find(table, instance_id)
    shown = show_one(transaction, table, row, _WHOLE)
    remove(transaction, table, row)
    return shown


def remove(transaction, table, row):
    # type: (Transaction, InstanceTable, Row) -> None
    """Delete an instance and its relations."""
    peers.drop(transaction, table, row.number)
    table.delete(row)


def find(table, instance_id):
    # type: (InstanceTable, Text) -> Row
    """Return a stored row. Raises: NotFound."""
    row = table.get(instance_id)
    if row is None:
        raise NotFound(u"there is no %s %s" % (table.model.object_id, instance_id))
    return row
