"""Where the names in a query lead: into a model, or over its relations into others."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.sandbox.query.columns import find_column


class Scope(object):
    """The rows that a condition is on.

    Args:
        model (Model): what these rows are.
        find_table (callable): from the id of a model to its InstanceTable, for related instances.
        alias (str): what SQL calls their table; "" where it is the only one.
    """

    def __init__(self, model, find_table, alias=""):
        # type: (Model, Callable[[Text], InstanceTable], str) -> None
        self.model = model
        self._find_table = find_table
        self._alias = alias
        self._prefix = alias + "." if alias else ""

    @property
    def id(self):
        # type: () -> str
        """SQL for the number of a row."""
        return self._prefix + "id"

    def side(self, path):
        # type: (Tuple[Text, ...]) -> Optional[Side]
        """The side of a relation that a path begins with; None if it begins with a field."""
        return self.model.sides.get(path[0])

    def column(self, path):
        # type: (Tuple[Text, ...]) -> Column
        """The column that a path leads to. Raises: InvalidArgument: there is none."""
        return find_column(self.model, path, self._prefix)

    def related(self, side):
        # type: (Side) -> Tuple[Scope, str]
        """The instances at a side of a relation, and SQL for the rows that lead to them."""
        table = self._find_table(side.peer)
        # Each lies within the last, so one more letter makes a name of its own.
        alias = self._alias + "p"
        rows = "links JOIN {table} AS {alias} ON {alias}.id = links.{there}_end".format(
            table=table.name, alias=alias, there=side.there
        )
        return Scope(table.model, self._find_table, alias), rows
