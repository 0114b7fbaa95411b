"""The relations that a path in a query follows, as SQL.

Only ``links`` is read on the way: an end of a link is the number of an instance, so the instances
in between need not be looked at.
"""

from __future__ import absolute_import, division, print_function

#: What SQL calls the table at the end of the way, where it is not the one that is searched.
PEER = "peer"


class Hops(object):
    """A way from the instances of one model to the instances related to them.

    Attributes:
        sides (list of Side): the relations on the way, in order.
        table (InstanceTable or None): of the instances that it ends at; None if nothing is asked
            of them, and where there are no relations on the way.
        rest (tuple of text): what is left of the path.
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
        """SQL that holds for instances which lead, in ``number`` hops, to some that it holds for.

        Args:
            condition (str): on :meth:`end`, or on a row of the last table, called PEER.
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
        """SQL for the number of the instance that one is at after so many hops."""
        return "hop%d.%s_end" % (number, self.sides[number - 1].there) if number else "id"

    def ends_with_peers(self, number):
        # type: (int) -> str
        """SQL for whether there is a hop more to take after so many."""
        side = self.sides[number]
        return "%s IN (SELECT %s_end FROM links WHERE relation = %d)" % (
            self.end(number), side.here, side.key
        )

    def peers(self, number):
        # type: (int) -> str
        """SQL for how many ways there are to take a hop more after so many."""
        side = self.sides[number]
        return "(SELECT count(*) FROM links WHERE relation = %d AND %s_end = %s)" % (
            side.key, side.here, self.end(number)
        )
