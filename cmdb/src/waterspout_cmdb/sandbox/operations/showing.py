"""Convert rows to the form that callers see: chosen fields and related instances."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.sandbox.query.columns import find_column
from waterspout_cmdb.sandbox.query.projection import Projection

#: Selects all plain fields, and every related instance with its plain fields.
EVERYTHING = Projection()


class Shape(object):
    """The parts of an instance to show.

    Args:
        fields (Projection): the fields to show.
        limit (int): the highest number of related instances on each side, oldest first; 0 means
            all.
        only_view (bool): of related instances, show only the fields that the model's
            ``view.relation_view`` names for that side; if it names none, ``fields`` applies.
    """

    def __init__(self, fields=EVERYTHING, limit=0, only_view=False):
        # type: (Projection, int, bool) -> None
        self.fields = fields
        self.limit = limit
        self.only_view = only_view

    def of_related(self, model, name):
        # type: (Model, Text) -> Optional[Shape]
        """Return the shape of the instances on a side of a relation; None hides them."""
        fields = self.fields.related(name)
        if fields is None:
            return None
        if self.only_view and model.relation_view.get(name):
            fields = Projection(model.relation_view[name], always=("_object_id", "instanceId"))
        return Shape(fields, self.limit, self.only_view)


def show(transaction, table, rows, shape):
    # type: (Transaction, InstanceTable, List[Row], Shape) -> List[dict]
    """Return the documents of ``rows`` in their order, with the parts that ``shape`` selects.

    It reads once for each side of a relation and each row, and once for all peers of a side.
    """
    documents = [shape.fields(row.document) for row in rows]
    for side in table.model.sides.values():
        inner = shape.of_related(table.model, side.name)
        if inner is not None:
            _show_side(transaction, side, rows, documents, inner)
    return documents


def show_one(transaction, table, row, shape):
    # type: (Transaction, InstanceTable, Row, Shape) -> dict
    """Return the document of one row, with the parts that ``shape`` selects."""
    return show(transaction, table, [row], shape)[0]


def check_fields(transaction, table, fields):
    # type: (Transaction, InstanceTable, Projection) -> None
    """Raise InvalidArgument for the first of ``fields`` that does not exist."""
    for name in fields.names():
        if name in table.model.sides:
            peers = transaction.table(table.model.sides[name].peer)
            check_fields(transaction, peers, fields.related(name))
        else:
            for path in [[name]] + [[name, member] for member in fields.inner_names(name)]:
                find_column(table.model, path)


def _show_side(transaction, side, rows, documents, shape):
    related = [transaction.links.peers(side, row.number, shape.limit or -1) for row in rows]
    peers = transaction.table(side.peer)
    found = peers.rows(set(number for numbers in related for number in numbers))
    shown = show(transaction, peers, found, shape)
    by_number = {row.number: document for row, document in zip(found, shown)}
    for document, numbers in zip(documents, related):
        document[side.name] = [by_number[number] for number in numbers]
