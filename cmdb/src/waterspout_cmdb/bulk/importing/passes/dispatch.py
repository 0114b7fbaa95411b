"""Dispatch: batches under way, each recorded when its answer has come."""

from __future__ import absolute_import, division, print_function

import collections
import json
import sys

from tornado.escape import to_unicode
from tornado.util import basestring_type

from waterspout_cmdb.bulk.importing.waiting import UnderWay
from waterspout_cmdb.bulk.sending import Stopped

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Dict  # noqa: F401

#: A batch that is under way: the range of rows that is finished with it, and its rows' cells,
#: which the rejects file needs if the CMDB refuses any.
_Sent = collections.namedtuple("_Sent", "first last rows cells")


class Dispatch(object):
    """Sends batches, a limited number at a time, and records what became of each.

    Args:
        sender (Sender)
        journal (Journal)
        source (SourceFile): must not have changed when a batch is sent.
        most (int): how many batches may be under way.
    Attributes:
        done, inserted, updated, unchanged, rejected (int): rows of the batches that are recorded,
            and those that were left out.
        unsent (int): batches that were still waiting when it was stopped.
        failure (exc_info or None): of the first batch that failed; later ones are not raised.
    """

    def __init__(self, sender, journal, source, most):
        # type: (Any, Any, Any, int) -> None
        self._sender = sender
        self._journal = journal
        self._source = source
        self._most = most
        self._under_way = UnderWay()
        self.done = self.inserted = self.updated = self.unchanged = self.rejected = 0
        self.unsent = 0
        self.failure = None  # type: Any

    def __len__(self):
        # type: () -> int
        """Return how many batches are under way, or not recorded yet."""
        return len(self._under_way)

    @property
    def is_full(self):
        # type: () -> bool
        return len(self._under_way) >= self._most

    def send(self, batch, first, cells):
        # type: (Any, int, Dict[int, list]) -> None
        """Send a batch; call this only while it is not full.

        Args:
            batch (Batch)
            first: the number of the first row that is finished with it: rows between it and the
                batch's own first row are blank or refused.
            cells: of the batch's rows, by their numbers.
        Raises: BulkError: the source has changed; the batch is not sent.
        """
        self._source.check_unchanged()
        about = _Sent(first, batch.last_row, len(cells), cells)
        self._under_way.add(self._sender.send(batch), about)

    def leave_out(self):
        # type: () -> None
        """Count a row that was refused when it was its turn: it is in no batch."""
        self.done += 1
        self.rejected += 1

    def any_done(self):
        # type: () -> Any
        """Return a Future that is resolved when `record` has something to do."""
        return self._under_way.any_done()

    def record(self):
        # type: () -> None
        """Record the batches whose answers have come; what fails is in ``failure``."""
        for future, about in self._under_way.taken():
            try:
                self._finish(future.result(), about)
            except Stopped:
                self.unsent += 1
            except Exception:
                self.fail()

    def stop(self):
        # type: () -> None
        """Send no more: not even what waits for its turn, or until a pause is over."""
        self._sender.close()

    def fail(self):
        # type: () -> None
        """Keep the error that is being handled, if it is the first."""
        if self.failure is None:
            self.failure = sys.exc_info()

    def _finish(self, result, about):
        rejects = [(number, reason, about.cells[number]) for number, reason in result.rejected]
        unchanged = getattr(result, "unchanged", 0)  # A dry run's alone: a CMDB does not tell.
        self._journal.finish(
            about.first, about.last, about.rows, result.inserted, result.updated, rejects,
            unchanged, [_as_text(each) for each in result.warnings])
        self.done += about.rows
        self.inserted += result.inserted
        self.updated += result.updated
        self.unchanged += unchanged
        self.rejected += len(rejects)


def _as_text(warning):
    """Return a CMDB's remark, which may be any JSON value."""
    if isinstance(warning, basestring_type):
        return to_unicode(warning)
    return to_unicode(json.dumps(warning, sort_keys=True))
