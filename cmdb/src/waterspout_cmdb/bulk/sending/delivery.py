"""Delivery: sends the rows of a batch, whole or in parts, until it is known what became of each."""

from __future__ import absolute_import, division, print_function

import collections

from tornado import gen
from tornado.ioloop import IOLoop

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.sending.batch import BatchResult
from waterspout_cmdb.bulk.sending.existing_rows import INSTANCE_ID, split_by_existence
from waterspout_cmdb.bulk.sending.failed_rows import find_failed
from waterspout_cmdb.bulk.sending.next_step import GIVE_UP, REJECT, SPLIT, WAIT, next_step
from waterspout_cmdb.bulk.targets.target_error import (
    FAILED,
    HOPELESS,
    LATE,
    REFUSED,
    TargetError,
)

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable, List, Sequence, Text, Tuple  # noqa: F401

    from tornado.concurrent import Future  # noqa: F401

    from waterspout_cmdb.bulk.sending.pace import Pace  # noqa: F401
    from waterspout_cmdb.bulk.sending.turns import Turns  # noqa: F401

#: Seconds; shorter pauses are not told.
_TOLD_PAUSE = 1.0


class _Part(object):
    """Rows of a batch that are sent in one request, and what has happened to them."""

    def __init__(self, rows, failed=0, failed_at=None):
        # type: (List[Tuple], int, Any) -> None
        self.rows = rows
        self.attempts = 0
        #: How often, by kind. One kind of failure says nothing about another.
        self.failures = collections.Counter({FAILED: failed})
        #: Successes of the sender when these rows, or those that they were a part of, failed first.
        self.failed_at = failed_at
        self.since = None  # type: Any  # The time of the first failure.

    def halves(self, failed=0):
        # type: (int) -> List[_Part]
        middle = (len(self.rows) + 1) // 2
        return [_Part(rows, failed, self.failed_at)
                for rows in (self.rows[:middle], self.rows[middle:])]


class Delivery(object):
    """Delivers one batch.

    Args:
        target, object_id, keys: as for `Sender`.
        turns (Turns), pace (Pace): the sender's.
        tell (callable): gets lines for the user.
    """

    def __init__(self, target, object_id, keys, turns, pace, tell):
        # type: (Any, Text, Sequence[Text], Turns, Pace, Callable[[str], None]) -> None
        self._target = target
        self._object_id = object_id
        self._keys = keys
        self._turns = turns
        self._pace = pace
        self._tell = tell
        self._is_begun = False

    def deliver(self, rows):
        # type: (List[Tuple]) -> Future[BatchResult]
        """Send the rows of a `Batch`. Raises: through the Future: BulkError."""
        return self._deliver(_Part(rows))

    @gen.coroutine
    def _deliver(self, part):
        # type: (_Part) -> Future[BatchResult]
        while True:
            yield self._turns.take(self._is_begun)
            self._is_begun = True
            step, failure = WAIT, None
            began = IOLoop.current().time()
            try:
                rows, missing, answer = yield self._import(part.rows)
                if answer is not None:
                    self._pace.answered(len(rows), IOLoop.current().time() - began)
            except TargetError as error:
                failure = error
                step = self._step_after(error, part, began)
                if step == GIVE_UP:
                    given_up = BulkError(self._why_given_up(part, error))
                    self._turns.fail(given_up)  # First: `release` would let another one begin.
                    raise given_up
            except Exception as error:
                self._turns.fail(error)
                raise
            finally:
                self._turns.release()
            if failure is None:
                result = yield self._settle(rows, missing, answer)
                raise gen.Return(result)
            if step == REJECT:
                raise gen.Return(BatchResult(0, 0, [(part.rows[0][0], failure.text)], []))
            if step == SPLIT:
                # What fails with 500 was sent often enough to know that it is no accident.
                halves = part.halves(part.failures[FAILED] - 1 if failure.kind == FAILED else 0)
                result = yield self._deliver_all(halves)
                if failure.kind == REFUSED and not result.rejected:
                    self._pace.size.refused(len(part.rows))
                raise gen.Return(result)

    @gen.coroutine
    def _deliver_all(self, parts):
        # type: (List[_Part]) -> Future[BatchResult]
        results = yield gen.multi(
            [self._deliver(part) for part in parts], quiet_exceptions=(BulkError,))
        raise gen.Return(_sum(results))

    @gen.coroutine
    def _import(self, rows):
        # type: (List[Tuple]) -> Future[Tuple]
        """Return ``(rows that were sent, [(row number, reason) of others], ImportResult)``."""
        missing = []  # type: List[Tuple[int, str]]
        if INSTANCE_ID in self._keys:
            rows, missing = yield split_by_existence(
                self._target, self._object_id, self._keys, rows)
        answer = None
        if rows:
            answer = yield self._target.import_rows(
                self._object_id, self._keys, [row[2] for row in rows])
        raise gen.Return((rows, missing, answer))

    def _step_after(self, error, part, began):
        # type: (TargetError, _Part, float) -> str
        """Decide what is done after a failure; that may begin a pause of the whole sender."""
        now = IOLoop.current().time()
        part.attempts += 1
        part.failures[error.kind] += 1
        if part.since is None:
            part.since = now
        if part.failed_at is None:
            part.failed_at = self._pace.successes
        step = next_step(
            error.kind, len(part.rows), part.failures[error.kind],
            self._pace.successes > part.failed_at)
        if step == WAIT or error.kind == LATE:
            is_new = self._pace.failed(error.kind, len(part.rows), began, now, error.retry_after)
            if self._pace.is_over(part.since):
                return GIVE_UP
            pause = self._pace.paused_until() - now
            if is_new and pause >= _TOLD_PAUSE:
                self._tell("%s; the next request is sent in %d s" % (error, round(pause)))
        return step

    @gen.coroutine
    def _settle(self, rows, missing, answer):
        # type: (List[Tuple], List[Tuple[int, str]], Any) -> Future[BatchResult]
        """Find out which rows it is that have failed."""
        if answer is None:
            raise gen.Return(BatchResult(0, 0, missing, []))
        found, not_found = find_failed(rows, self._keys, answer.failures)
        rejected = missing + [(rows[index][0], reason) for index, reason in found.items()]
        result = BatchResult(answer.inserted, answer.updated, rejected, answer.warnings)
        if not_found:
            rest = [row for index, row in enumerate(rows) if index not in found]
            if len(rest) == len(not_found) and len(set(not_found)) == 1:
                rejected += [(row[0], not_found[0]) for row in rest]
            else:
                # It does no harm to send them once more: those that were stored are only updated.
                again = yield self._deliver_all(_Part(rest).halves())
                accepted = len(rest) - len(again.rejected)
                inserted = min(answer.inserted + again.inserted, accepted)
                result = BatchResult(inserted, accepted - inserted, rejected + again.rejected,
                                     answer.warnings)
        result.rejected.sort()
        raise gen.Return(result)

    def _why_given_up(self, part, error):
        # type: (_Part, TargetError) -> str
        first, last = part.rows[0][0], part.rows[-1][0]
        which = "row %d" % first if first == last else "rows %d to %d" % (first, last)
        text = "sending %s: %s" % (which, error)
        if error.kind == HOPELESS:
            return text
        now = IOLoop.current().time()
        if error.retry_after and error.retry_after > self._pace.patience:
            return "%s; it asks to wait %d s, which is too long: try it later" % (
                text, error.retry_after)
        return "%s; given up after %d attempt%s in %d s" % (
            text, part.attempts, "" if part.attempts == 1 else "s", now - part.since)


def _sum(results):
    # type: (Sequence[BatchResult]) -> BatchResult
    return BatchResult(
        sum(each.inserted for each in results),
        sum(each.updated for each in results),
        sorted(pair for each in results for pair in each.rejected),
        [warning for each in results for warning in each.warnings],
    )
