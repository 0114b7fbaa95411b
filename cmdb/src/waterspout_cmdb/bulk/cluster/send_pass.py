"""ClusterSendPass: the second pass over the rows, in which the workers send them."""

from __future__ import absolute_import, division, print_function

import collections
import random
import sys

from tornado.concurrent import Future
from tornado.ioloop import IOLoop
from tornado.util import raise_exc_info

from waterspout_cmdb.bulk.cluster import tasks
from waterspout_cmdb.bulk.cluster.outcomes import consumed, outcome_of
from waterspout_cmdb.bulk.cluster.plan import Shipment
from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.importing.waiting import UnderWay
from waterspout_cmdb.bulk.sending.batch_size import GOAL
from waterspout_cmdb.bulk.sending.pace import Pace
from waterspout_cmdb.bulk.sending.sender import PATIENCE

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable, Iterable, Iterator, Optional, Text  # noqa: F401

#: Seconds; shorter pauses are not told.
_TOLD = 1.0


class ClusterSendPass(object):
    """Has the workers send batches, and records each before more of its rows may leave.

    One call sends one batch. So the limit of what is under way is kept here, for the upstream as a
    whole, and no worker has to ask for leave.

    Args:
        connection (Connection)
        plan (PackedPlan)
        source (SourceFile): must not have changed when a batch is sent.
        journal (Journal)
        limits (Limits): for all workers together.
        tell (callable): called with lines for the user.
    Attributes:
        done, inserted, updated, unchanged, rejected (int): rows of the batches that are recorded.
        is_complete (bool): nothing is left to be sent.
    """

    def __init__(self, connection, plan, source, journal, limits, tell):
        # type: (Any, Any, Any, Any, Any, Callable[[Text], None]) -> None
        self._connection = connection
        self._plan = plan
        self._pieces = iter(())  # type: Iterator[Any]
        self._source = source
        self._journal = journal
        # A sender's, but for all workers: how large batches are, how many are under way, pauses.
        self._pace = Pace(limits, GOAL, PATIENCE, random.random)
        self._now = IOLoop.current().time
        self._tell = tell
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

    def steps(self, pieces):
        # type: (Iterable[Any]) -> Iterator[Any]
        """Yield what must be waited for: a Future, or None for a turn of the loop.

        Args:
            pieces (iterable of Piece): what is left to be sent.
        Raises: BulkError: after what was under way is recorded.
        """
        self._pieces = iter(pieces)
        try:
            while True:
                for waiting in self._sending():
                    yield waiting
                if len(self._under_way):
                    yield self._under_way.any_done()
                    self._record()
                elif self._goes_on and self._pause() > 0:
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
        while (self._goes_on and self._pause() <= 0
                and len(self._under_way) < self._pace.concurrency.limit):
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
            self._plan, piece.block.loaded(), piece.first_row, piece.last_row, piece.refused,
            self._pace.size.rows)
        call = consumed(self._connection.call(tasks.send, shipment, "send"))
        self._under_way.add(call, (piece, self._now()))

    def _record(self):
        for future, (piece, began) in self._under_way.taken():
            try:
                self._finish(outcome_of(future), piece, began)
            except Exception:
                self._fail()

    def _finish(self, sent, piece, began):
        if sent.pause is not None:
            self._again.append(piece)
            self._note_pause(sent.pause, began)
            return
        result = sent.result
        if result is not None:
            self._pace.answered(sent.rows, sent.seconds)
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

    def _note_pause(self, error, began):
        """Have all workers wait. Raises: BulkError: the target has taken nothing for too long."""
        now = self._now()
        is_new = self._pace.failed(error.kind, 0, began, now, error.retry_after)
        if self._pace.is_over(now):
            raise BulkError(error.reasons + [
                "given up: nothing was taken for more than %d s" % PATIENCE])
        pause = self._pace.paused_until() - now
        if is_new and pause >= _TOLD:
            self._tell("%s; no worker sends for %.0f s" % (error, pause))

    def _pause(self):
        """Return the seconds until the next batch may leave; 0 or less: none."""
        return self._pace.paused_until() - self._now()

    def _fail(self):
        if self._failure is None:
            self._failure = sys.exc_info()

    def _paused(self):
        self._wake = Future()
        IOLoop.current().call_later(max(0.0, self._pause()), self._wake_up)
        return self._wake

    def _wake_up(self):
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)
