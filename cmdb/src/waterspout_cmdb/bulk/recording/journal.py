"""The journal of an import, by which it goes on where it was stopped or killed."""

from __future__ import absolute_import, division, print_function

import json
import time

from tornado.escape import native_str, to_unicode

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.recording import cells_text, journal_file, journal_rows
from waterspout_cmdb.bulk.recording.identity import differences
from waterspout_cmdb.bulk.recording.journal_contents import JournalContents
from waterspout_cmdb.bulk.recording.journal_transactions import JournalTransactions, told

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Iterable, Text  # noqa: F401

STATES = ("checking", "sending", "stopped", "done", "failed")

#: How many rejected rows of the check are kept in memory before a transaction takes them.
_BUFFERED = 1000

#: Seconds between two times that the number of checked rows is written.
_NOTED_EVERY = 1.0


class Journal(JournalTransactions, JournalContents):
    """What an import has done so far, in a SQLite file; made by `create` or `open`.

    One import at a time has it; others can read it (`read_progress`). The process may be killed at
    any moment: the journal then has each batch that `finish` returned for, and no half ones. It may
    be used by several threads, but by one at a time. Its methods raise `BulkError` if the disk is
    full; what is recorded then stays, and an import can go on from it later.

    Attributes:
        path (native str)
        identity (dict): as it was given to `create`.
    """

    def __init__(self, path, database, lock, clock=time.time):
        super(Journal, self).__init__(path, database, clock)
        self._lock = lock
        self._buffer = []  # type: list
        self._noted = None  # Rows checked that are not in the file yet.
        self._flushed = clock()
        self.identity = self.recall("identity")

    @classmethod
    def create(cls, path, identity, replace=False, clock=time.time):
        # type: (Text, dict, bool, ...) -> Journal
        """Begin a journal.

        Args:
            path: of its file. A journal of an import that is done, or that has sent nothing yet,
                is replaced.
            identity: what must be the same when the import goes on: a dict of JSON values, see
                `differences`.
            replace: also replace that of an import that can go on, or a damaged one; never a
                file that is not a journal.
            clock: returns seconds since 1970.
        Raises: BulkError: it is in use by a running import; the file there may not be replaced;
            it cannot be written.
        """
        path = native_str(path)
        text = to_unicode(json.dumps(identity, sort_keys=True))
        database, lock = journal_file.create(path, replace, text, clock())
        return cls(path, database, lock, clock)

    @classmethod
    def open(cls, path, clock=time.time):
        # type: (Text, ...) -> Journal
        """Open the journal of an import that was stopped or killed.

        Raises: BulkError: there is none; it is damaged, of another version, or in use by a
            running import.
        """
        path = native_str(path)
        database, lock = journal_file.open_existing(path)
        return cls(path, database, lock, clock)

    def check_identity(self, identity):
        # type: (dict) -> None
        """Raise BulkError with each difference if the journal is of another import."""
        found = differences(self.identity, identity)
        if found:
            found = [u"the import cannot go on: %s" % each for each in found]
            raise BulkError(found + [u"--restart begins again, with a new journal"])

    # The check.

    @told
    def start_check(self):
        # type: () -> None
        """Forget the rows that a check rejected before it was stopped: it begins again."""
        del self._buffer[:]
        self._noted = None
        self._database.execute("PRAGMA synchronous = NORMAL")  # The check can be done again.
        with self._transaction():
            count = self._database.execute("DELETE FROM rejects WHERE stage = 'check'").rowcount
            self._add(rejected=-count)
            self._set(checked=0, is_checked=0, rows=None)

    def reject(self, row_number, reason, cells, stage="check", kind=None):
        # type: (int, Text, list, Text, Text | None) -> None
        """Note a rejected row; it is in the file with the next 1000, or by `flush`.

        Args:
            row_number: as in `Row`.
            reason: one line for the user. A further reason for a row is added to the first.
            cells: as in `Row`.
            stage: "check" or "send".
            kind: the reason without the row's own values, by which reasons are counted; by
                default the reason without what is in quotes.
        """
        reason = journal_rows.storable(reason)
        kind = journal_rows.kind_of(reason) if kind is None else journal_rows.storable(kind)
        self._buffer.append(
            (row_number, to_unicode(stage), kind, reason, cells_text.encode(cells)))
        if len(self._buffer) >= _BUFFERED:
            self.flush()

    def note_checked(self, rows):
        # type: (int) -> None
        """Say how many rows are checked so far, for `read_progress`; written once in a second."""
        self._noted = rows
        if abs(self._clock() - self._flushed) >= _NOTED_EVERY:
            self.flush()

    @told
    def flush(self):
        # type: () -> None
        """Write the rejected rows that are still in memory."""
        if not self._buffer and self._noted is None:
            return
        with self._transaction():
            self._write_buffer()

    @told
    def check_done(self, rows, columns):
        # type: (int, list) -> None
        """Note that all rows are checked; what the check found is on the disk when this returns.

        Args:
            rows: how many there are, with the rejected ones.
            columns: the names of the table's columns, at the end of the check.
        """
        self._database.execute("PRAGMA synchronous = FULL")
        with self._transaction():
            self._write_buffer()
            self._set(rows=rows, checked=rows, is_checked=1)
            self._remember("columns", columns)

    # The sending.

    @told
    def finish(self, first_row, last_row, rows, inserted, updated, rejects=(), unchanged=0,
               warnings=()):
        # type: (int, int, int, int, int, Iterable, int, Iterable) -> bool
        """Note that a batch is stored; it is on the disk when this returns.

        Finished ranges are merged if one begins right after another. So that there are few of
        them, give as ``first_row`` the row after the ``last_row`` of the batch that was read
        before: blank lines and rejected rows in between then belong to the range.

        Args:
            first_row, last_row: the batch's row numbers; both belong to it.
            rows, inserted, updated, unchanged: numbers of rows.
            rejects: (row number, reason, cells), or (row number, reason, cells, kind), of those
                that the CMDB refused.
            warnings: the CMDB's remarks, texts.
        Returns: False: the range was finished before, and nothing is noted again.
        Raises: ValueError: a part of the range was finished before.
        """
        with self._transaction():
            self._write_buffer()
            if not journal_rows.put_range(self._database, first_row, last_row):
                return False
            self._add(sent=rows, inserted=inserted, updated=updated, unchanged=unchanged,
                      rejected=sum([self._put_refused(*each) for each in rejects]))
            journal_rows.put_warnings(self._database, warnings)
        return True

    def _put_refused(self, row, reason, cells, kind=None):
        reason = journal_rows.storable(reason)
        kind = journal_rows.kind_of(reason) if kind is None else journal_rows.storable(kind)
        return journal_rows.put_reject(
            self._database, row, u"send", kind, reason, cells_text.encode(cells))

    # As a whole.

    @told
    def set_state(self, state, error=None):
        # type: (str, Text | None) -> None
        """Note what the import does now: one of STATES."""
        if state not in STATES:
            raise ValueError("no such state: %r" % (state,))
        with self._transaction():
            self._write_buffer()
            self._set(state=to_unicode(state),
                      error=None if error is None else journal_rows.storable(error))

    @told
    def remember(self, name, value):
        # type: (str, object) -> None
        """Keep a JSON value under a name of the caller's, for after a resume."""
        with self._transaction():
            self._remember(name, value)

    def close(self):
        # type: () -> None
        """Write what is in memory, close the file, and let another import have it."""
        if self._lock is None:
            return
        try:
            if not self._is_broken:
                self.flush()
        finally:
            lock, self._lock = self._lock, None
            self._database.close()
            lock.close()

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self.close()

    def _write_buffer(self):
        new = sum([journal_rows.put_reject(self._database, *each) for each in self._buffer])
        if new:
            self._add(rejected=new)
        if self._noted is not None:
            self._set(checked=self._noted)
        del self._buffer[:]
        self._noted = None
        self._flushed = self._clock()
