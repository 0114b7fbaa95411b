"""SendPass: the second pass over the rows, in which they are sent."""

from __future__ import absolute_import, division, print_function

from tornado.util import raise_exc_info

from waterspout_cmdb.bulk.importing.preparing.chunks import chunks
from waterspout_cmdb.bulk.importing.preparing.encoding import encode
from waterspout_cmdb.bulk.importing.preparing.preparation import reason_of

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Iterator  # noqa: F401


class SendPass(object):
    """Sends the rows that were neither refused nor finished before.

    A batch that fails, or `stop`, ends the reading; what is under way then is still recorded.

    Args:
        rows (iterable of Row): all of the file.
        skipper (Skipper): leaves out what was refused or finished.
        preparation (Preparation)
        key_of (callable): returns the key of a document, a tuple.
        batcher (Batcher): collects rows.
        dispatch (Dispatch): sends batches, and records them.
        journal (Journal)
    Attributes:
        rows (int): how many were read so far, those that are left out with them.
        is_complete (bool): all rows were read, and sent.
    """

    def __init__(self, rows, skipper, preparation, key_of, batcher, dispatch, journal):
        # type: (Any, Any, Any, Any, Any, Any, Any) -> None
        self._rows = rows
        self._skipper = skipper
        self._preparation = preparation
        self._key_of = key_of
        self._batcher = batcher
        self._dispatch = dispatch
        self._journal = journal
        self._is_stopping = False
        self._start = self._next = 0
        self._cells = {}  # type: dict
        self.rows = 0
        self._has_read_all = False

    def stop(self):
        # type: () -> None
        """Read and send no more; the steps end when all that is under way is recorded."""
        self._is_stopping = True
        self._dispatch.stop()

    @property
    def is_complete(self):
        # type: () -> bool
        return self._has_read_all and not self._dispatch.unsent

    def steps(self):
        # type: () -> Iterator[Any]
        """Yield what must be waited for: a Future, or None for a turn of the loop.

        Raises: BulkError: after what was under way is recorded.
        """
        dispatch = self._dispatch
        try:
            for waiting in self._reading():
                yield waiting
                dispatch.record()
                if self._is_stopping or dispatch.failure is not None:
                    break
        except Exception:
            dispatch.fail()
        while len(dispatch):
            yield dispatch.any_done()
            dispatch.record()
        if dispatch.failure is not None:
            raise_exc_info(dispatch.failure)

    def _reading(self):
        for chunk in chunks(self._rows):
            self.rows += len(chunk)
            for start, run in self._skipper.runs(chunk):
                if start != self._start:
                    for waiting in self._sending(self._batcher.rest()):
                        yield waiting
                    self._start = self._next = start
                for waiting in self._preparation.steps(run):
                    yield waiting
                for row, mapped in self._preparation.ready:
                    for waiting in self._sending(self._collected(row, mapped)):
                        yield waiting
            yield None
        for waiting in self._sending(self._batcher.rest()):
            yield waiting
        self._has_read_all = True

    def _collected(self, row, mapped):
        """Add a row to the batch, and return the batch if it is full, else None."""
        if mapped.problems:  # What it refers to has gone since the check.
            self._journal.reject(row.number, reason_of(mapped.problems), row.cells, "send")
            self._dispatch.leave_out()
            return None
        self._cells[row.number] = row.cells
        document = mapped.document
        return self._batcher.add(row.number, self._key_of(document), encode(document))

    def _sending(self, batch):
        """Send a batch, if there is one, once fewer are under way than may be."""
        if batch is None:
            return
        while self._dispatch.is_full:
            yield self._dispatch.any_done()
        first, self._next = self._next, batch.last_row + 1
        pop = self._cells.pop  # The batch may be without the row that filled it.
        self._dispatch.send(batch, first, {number: pop(number) for number, _, _ in batch.rows})
