"""ClusterCheckPass: the first pass over the rows, by all workers."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.bulk.checking import duplicate_problem
from waterspout_cmdb.bulk.cluster import tasks
from waterspout_cmdb.bulk.cluster.outcomes import consumed, outcome_of
from waterspout_cmdb.bulk.cluster.plan import Shipment
from waterspout_cmdb.bulk.importing.preparing.preparation import reason_of
from waterspout_cmdb.bulk.importing.waiting import UnderWay

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Dict, Iterable, Iterator  # noqa: F401

#: Blocks under way, and waiting for an earlier one, for each thread of the workers: one that is
#: worked at and one that is there when it is done.
AHEAD = 2


class ClusterCheckPass(object):
    """Has the workers check blocks of rows, and takes their results in the order of the file.

    So what is found is the same as by a `CheckPass`: of the rows with one key the first is good.

    Args:
        connection (Connection)
        plan (PackedPlan)
        seen (SeenKeys)
        mapper (Mapper): has the names of the key; counts what was left out.
        journal (Journal)
    Attributes:
        rows, rejected (int): how many were checked, and refused, so far.
    """

    def __init__(self, connection, plan, seen, mapper, journal):
        # type: (Any, Any, Any, Any, Any) -> None
        self._connection = connection
        self._plan = plan
        self._seen = seen
        self._mapper = mapper
        self._journal = journal
        self._under_way = UnderWay()
        self._arrived = {}  # type: Dict[int, Any]
        self.rows = self.rejected = 0

    def steps(self, blocks):
        # type: (Iterable[Any]) -> Iterator[Any]
        """Yield what must be waited for: a Future, or None for a turn of the loop.

        Args:
            blocks (iterable of Block)
        """
        blocks = iter(blocks)
        begun = noted = 0
        are_left = True
        try:
            while are_left or noted < begun:
                while are_left and begun - noted < AHEAD * self._connection.slots:
                    block = next(blocks, None)
                    if block is None:
                        are_left = False
                        break
                    self._begin(begun, block)
                    begun += 1
                    yield None
                yield self._under_way.any_done()
                for future, (index, block) in self._under_way.taken():
                    self._arrived[index] = outcome_of(future), block
                while noted in self._arrived:
                    self._note(*self._arrived.pop(noted))
                    noted += 1
                    yield None
        finally:
            self._connection.forget()

    def _begin(self, index, block):
        shipment = Shipment(self._plan, block.loaded(), block.first_row, block.last_row)
        call = consumed(self._connection.call(tasks.check, shipment, "check"))
        self._under_way.add(call, (index, block))

    def _note(self, checked, block):
        add = self._seen.add
        again = {}
        for number, key in checked.keys:
            first = add(key, number)
            if first is not None:
                again[number] = duplicate_problem(number, first, self._mapper.keys, key)
        for number, reason, cells in checked.rejects:
            self._journal.reject(number, reason, cells)
        if again:  # Workers do not send the cells of good rows.
            for row in block.loaded().rows():
                if row.number in again:
                    self._journal.reject(row.number, reason_of([again[row.number]]), row.cells)
        self._mapper.offsets.add(checked.offsets)
        self.rows += checked.rows
        self.rejected += len(checked.rejects) + len(again)
        self._journal.note_checked(self.rows)
