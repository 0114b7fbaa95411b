"""The SQL for the relations that a path in a query follows.

It reads only ``links`` between the first and the last instance: an end of a link is the number of
an instance, so the instances in between are not needed.
"""

from __future__ import absolute_import, division, print_function

#: The name in SQL of the table at the end of the path, if it is not the searched table.
PEER = "peer"


class Hops(object):
    """The relations at the beginning of a path, from the instances of one model to their peers.

    Attributes:
        sides (list of Side): the relations, in order.
        table (InstanceTable or None): the table of the last peers; None without relations.
        rest (tuple of text): the rest of the path.
    """

    def __init__(self, model, path, find_table):
        # type: (Model, Tuple[Text, ...], Callable[[Text], InstanceTable]) -> None
        self.sides = []
        self.table = None
        self.rest = path
        while self.rest and self.rest[0] in model.sides:
            self.sides.append(model.sides[self.rest[0]])
            self.rest = self.rest[1:]
            self.table = find_table(self.sides[-1].peer)
            model = self.table.model

    def reach(self, number, condition):
        # type: (int, str) -> str
        """Return SQL for instances that lead, in ``number`` hops, to one that meets a condition.

        Args:
            condition (str): on :meth:`end`, or on a row of the last table, named PEER.
        """
        if number == 0:
            return condition
        links = ["links AS hop1"]
        for position in range(2, number + 1):
            side = self.sides[position - 1]
            links.append(
                "JOIN links AS hop{0} ON hop{0}.relation = {1} AND hop{0}.{2}_end = {3}".format(
                    position, side.key, side.here, self.end(position - 1)
                )
            )
        if number == len(self.sides) and self.rest:
            table = "JOIN {0} AS {1} ON {1}.id = {2}"
            links.append(table.format(self.table.name, PEER, self.end(number)))
        return "id IN (SELECT hop1.%s_end FROM %s WHERE hop1.relation = %d AND %s)" % (
            self.sides[0].here, " ".join(links), self.sides[0].key, condition
        )

    def end(self, number):
        # type: (int) -> str
        """Return SQL for the number of the instance after ``number`` hops."""
        return "hop%d.%s_end" % (number, self.sides[number - 1].there) if number else "id"

    def ends_with_peers(self, number):
        # type: (int) -> str
        """Return SQL that is true if the instance after ``number`` hops has peers."""
        side = self.sides[number]
        return "%s IN (SELECT %s_end FROM links WHERE relation = %d)" % (
            self.end(number), side.here, side.key
        )

    def peers(self, number):
        # type: (int) -> str
        """Return SQL for the number of peers of the instance after ``number`` hops."""
        side = self.sides[number]
        return "(SELECT count(*) FROM links WHERE relation = %d AND %s_end = %s)" % (
            side.key, side.here, self.end(number)
        )
