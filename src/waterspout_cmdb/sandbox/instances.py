"""One instance at a time: create, get, update, delete."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.sandbox import documents
from waterspout_cmdb.sandbox.errors import NotFound


def create(transaction, object_id, values):
    # type: (Transaction, Text, dict) -> dict
    """Store a new instance and return it, system fields included.

    Raises: NotFound: no such model. InvalidArgument: a value its attribute does not accept, or a
        required one missing. AlreadyExists: a unique value is taken.
    """
    table = transaction.table(object_id)
    return insert(transaction, table, documents.accept(table.model, values))


def insert(transaction, table, accepted):
    # type: (Transaction, InstanceTable, dict) -> dict
    """Store a new instance made of accepted values and return it."""
    row = transaction.new_row(
        lambda instance_id: documents.create(
            table.model, accepted, transaction.author, instance_id
        )
    )
    table.insert(row)
    return row.document


def get(transaction, object_id, instance_id, show):
    # type: (Transaction, Text, Text, Projection) -> dict
    """What ``show`` shows of an instance. Raises: NotFound."""
    return show(find(transaction.table(object_id), instance_id).document)


def update(transaction, object_id, instance_id, values):
    # type: (Transaction, Text, Text, dict) -> dict
    """Merge values into an instance and return it; None clears an attribute.

    Raises: NotFound, InvalidArgument, AlreadyExists: as in :func:`create`.
    """
    table = transaction.table(object_id)
    accepted = documents.accept(table.model, values)
    return merge(transaction, table, find(table, instance_id), accepted)


def merge(transaction, table, row, accepted):
    # type: (Transaction, InstanceTable, Row, dict) -> dict
    """Merge accepted values into a stored row and return the instance."""
    document = documents.change(table.model, row.document, accepted, transaction.author)
    if document is not row.document:
        table.update(row._replace(document=document))
    return document


def delete(transaction, object_id, instance_id):
    # type: (Transaction, Text, Text) -> dict
    """Remove an instance and return what it was. Raises: NotFound."""
    table = transaction.table(object_id)
    row = find(table, instance_id)
    table.delete(row)
    return row.document


def find(table, instance_id):
    # type: (InstanceTable, Text) -> Row
    """A stored row. Raises: NotFound."""
    row = table.get(instance_id)
    if row is None:
        raise NotFound(u"there is no %s %s" % (table.model.object_id, instance_id))
    return row
