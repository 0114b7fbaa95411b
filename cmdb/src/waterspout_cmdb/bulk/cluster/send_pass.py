"""ClusterSendPass: the second pass over the rows, in which the workers send them."""

from __future__ import absolute_import, division, print_function

import collections
import sys

from tornado.concurrent import Future
from tornado.ioloop import IOLoop
from tornado.util import raise_exc_info

from waterspout_cmdb.bulk.cluster import tasks
from waterspout_cmdb.bulk.cluster.outcomes import consumed, outcome_of
from waterspout_cmdb.bulk.cluster.pace import Pace
from waterspout_cmdb.bulk.cluster.plan import Shipment
from waterspout_cmdb.bulk.importing.waiting import UnderWay

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable, Iterable, Iterator, Optional, Text  # noqa: F401


class ClusterSendPass(object):
    """Has the workers send batches, and records each before more of its rows may leave.

    One call sends one batch. So the limit of what is under way is kept here, for the upstream as a
    whole, and no worker has to ask for leave.

    Args:
        connection (Connection)
        plan (PackedPlan)
        pieces (iterable of Piece): what is left to be sent.
        source (SourceFile): must not have changed when a batch is sent.
        journal (Journal)
        most (int): how many batches may be under way.
        tell (callable): called with lines for the user.
    Attributes:
        done, inserted, updated, unchanged, rejected (int): rows of the batches that are recorded.
        is_complete (bool): nothing is left to be sent.
    """

    def __init__(self, connection, plan, pieces, source, journal, most, tell):
        # type: (Any, Any, Iterable[Any], Any, Any, int, Callable[[Text], None]) -> None
        self._connection = connection
        self._plan = plan
        self._pieces = iter(pieces)
        self._source = source
        self._journal = journal
        self._tell = tell
        self._pace = Pace(most, IOLoop.current().time)
        self._under_way = UnderWay()
        self._again = collections.deque()  # type: collections.deque
        self._is_stopping = self.is_complete = False
        self._failure = None  # type: Any
        self._wake = None  # type: Optional[Future]
        self.done = self.inserted = self.updated = self.unchanged = self.rejected = 0

    def stop(self):
        # type: () -> None
        """Send no more; the steps end when all that is under way is recorded."""
        self._is_stopping = True
        self._wake_up()

    def steps(self):
        # type: () -> Iterator[Any]
        """Yield what must be waited for: a Future, or None for a turn of the loop.

        Raises: BulkError: after what was under way is recorded.
        """
        try:
            while True:
                for waiting in self._sending():
                    yield waiting
                if len(self._under_way):
                    yield self._under_way.any_done()
                    self._record()
                elif self._goes_on and self._pace.pause:
                    yield self._paused()
                else:
                    break
        finally:
            self._connection.forget()
        if self._failure is not None:
            raise_exc_info(self._failure)

    @property
    def _goes_on(self):
        return not (self._is_stopping or self.is_complete) and self._failure is None

    def _sending(self):
        """Send batches until enough are under way."""
        while (self._goes_on and not self._pace.pause
                and len(self._under_way) < self._pace.allowed):
            try:
                piece = self._again.popleft() if self._again else next(self._pieces, None)
                if piece is None:
                    self.is_complete = not len(self._under_way)
                    return
                self._send(piece)
            except Exception:
                self._fail()
            yield None
            self._record()

    def _send(self, piece):
        self._source.check_unchanged()
        shipment = Shipment(
            self._plan, piece.block.loaded(), piece.first_row, piece.last_row, piece.refused)
        self._under_way.add(
            consumed(self._connection.call(tasks.send, shipment, "send")), piece)

    def _record(self):
        for future, piece in self._under_way.taken():
            try:
                self._finish(outcome_of(future), piece)
            except Exception:
                self._fail()

    def _finish(self, sent, piece):
        if sent.pause is not None:
            if self._pace.refused(sent.pause):
                self._tell("the CMDB asks for a pause of %.0f s: no worker sends meanwhile, and "
                           "at most %d batches are under way then"
                           % (sent.pause, self._pace.allowed))
            self._again.append(piece)
            return
        self._pace.taken()
        result = sent.result
        inserted, updated, warnings = (
            (0, 0, ()) if result is None else (result.inserted, result.updated, result.warnings))
        if sent.last_row is not None:
            self._journal.finish(
                piece.first_row, sent.last_row, sent.rows, inserted, updated, sent.rejects,
                warnings=warnings)
        self.done += sent.rows
        self.inserted += inserted
        self.updated += updated
        self.rejected += len(sent.rejects)
        if not sent.is_last:
            self._again.append(piece._replace(first_row=sent.last_row + 1))

    def _fail(self):
        if self._failure is None:
            self._failure = sys.exc_info()

    def _paused(self):
        self._wake = Future()
        IOLoop.current().call_later(self._pace.pause, self._wake_up)
        return self._wake

    def _wake_up(self):
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)
