"""ClusterPasses: the two passes of an import, by the workers of a cluster."""

from __future__ import absolute_import, division, print_function

from tornado.ioloop import IOLoop

from waterspout_cmdb.bulk.checking import SeenKeys
from waterspout_cmdb.bulk.cluster.blocks import MOST_BYTES, of_ranges, of_rows
from waterspout_cmdb.bulk.cluster.check_pass import ClusterCheckPass
from waterspout_cmdb.bulk.cluster.pieces import pieces_of
from waterspout_cmdb.bulk.cluster.send_pass import ClusterSendPass
from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.importing.passes import Passes
from waterspout_cmdb.bulk.importing.waiting import settled

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Iterator, Text  # noqa: F401

#: Bytes of the file in a block, at least where it is checked.
LEAST_BYTES = 16 * 1024

#: Blocks of a small file for each thread of the workers: all have something to do to the end.
_BLOCKS_PER_SLOT = 3

#: How full a block of the second pass makes a batch: where rows are shorter than elsewhere in the
#: file, a block must not have a few rows more than a batch may.
_FULL = 0.9


class ClusterPasses(Passes):
    """Checks and sends as `Passes` does, with the same journal: each can go on with the other's.

    Args:
        connection (Connection)
        plan (PackedPlan)
        others: of `Passes`.
    """

    def __init__(self, connection, plan, *others):
        # type: (Any, Any, *Any) -> None
        super(ClusterPasses, self).__init__(*others)
        self._connection = connection
        self._plan = plan
        self._blocks = None  # type: Any

    def _checking(self):
        # type: () -> Iterator[Any]
        journal, source = self._journal, self._source
        journal.set_state("checking")
        journal.start_check()
        size = max(
            LEAST_BYTES, source.file.size // (_BLOCKS_PER_SLOT * self._connection.slots))
        with SeenKeys() as seen:
            self._check = ClusterCheckPass(
                self._connection, self._plan, seen, self._mapper, journal)
            for waiting in self._cut(size, self._options.limits.max_rows, again=True):
                yield waiting
            for waiting in self._check.steps(self._blocks):
                yield waiting
        source.file.check_unchanged()
        self._note_checked()

    def _sending(self):
        # type: () -> Iterator[Any]
        journal, source, limits = self._journal, self._source, self._options.limits
        self._send = self._dispatch = ClusterSendPass(
            self._connection, self._plan, source.file, journal, limits, self._tell)
        if self._is_stopping:
            self._send.stop()
        # The average row tells how many bytes are a batch.
        size = source.file.size * limits.max_rows * _FULL / max(1, self._before.rows)
        for waiting in self._cut(int(size), limits.max_rows):
            yield waiting
        before = self._connection.lost_calls
        pieces = pieces_of(self._blocks, journal.finished_ranges(), journal.rejected_rows())
        for waiting in self._send.steps(pieces):
            yield waiting
        yield settled(self._connection.counting)
        lost = self._connection.lost_calls - before
        if lost:
            self._tell(
                "workers were lost with %d batches of which it is not known whether they were "
                "sent; they were given to others: rows of these that were inserted may be counted "
                "as updated" % lost)
        yield None  # The last batches are told, too.

    def _cut(self, size, rows, again=False):
        """Find the blocks: ranges of the file, or rows that are read here if it has none."""
        table = self._source.table
        # The file is read as a whole for that: in a thread, since the loop has calls to make.
        cutting = IOLoop.current().run_in_executor(None, of_ranges, table, min(size, MOST_BYTES))
        yield settled(cutting)
        try:
            self._blocks = cutting.result()
        except BulkError as error:
            if again:
                self._tell(
                    "%s: so its rows are read here, and only checked and sent by the workers"
                    % "; ".join(error.reasons))
            self._blocks = of_rows(table, self._source.rows(again), rows)
