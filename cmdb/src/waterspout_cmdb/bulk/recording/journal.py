"""The journal of an import, by which it goes on where it was stopped or killed."""

from __future__ import absolute_import, division, print_function

import functools
import json
import sqlite3
import time
from contextlib import contextmanager

from tornado.escape import native_str, to_unicode

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.recording import cells_text, journal_file, journal_rows, progress
from waterspout_cmdb.bulk.recording.identity import differences

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Iterable, Iterator, List, Text, Tuple  # noqa: F401

STATES = ("checking", "sending", "stopped", "done", "failed")

#: How many rejected rows of the check are kept in memory before a transaction takes them.
_BUFFERED = 1000

#: Seconds between two times that the number of checked rows is written.
_NOTED_EVERY = 1.0


def _told(method):
    """Have errors of the disk and of SQLite say what to do."""

    @functools.wraps(method)
    def wrapper(self, *args, **kwargs):
        try:
            return method(self, *args, **kwargs)
        except sqlite3.Error as error:
            self._is_broken = True
            raise BulkError(
                "the journal %s cannot be written (%s): make room or name another folder with "
                "--journal; --resume goes on from what is recorded" % (self.path, error))

    return wrapper


class Journal(object):
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
        self.path = path
        self._database = database
        self._lock = lock
        self._clock = clock
        self._buffer = []  # type: list
        self._noted = None  # Rows checked that are not in the file yet.
        self._flushed = clock()
        self._is_broken = False
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

    @_told
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

    @_told
    def flush(self):
        # type: () -> None
        """Write the rejected rows that are still in memory."""
        if not self._buffer and self._noted is None:
            return
        with self._transaction():
            self._write_buffer()

    @_told
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

    @property
    def is_checked(self):
        # type: () -> bool
        return progress.read(self._database)["is_checked"]

    @property
    def columns(self):
        # type: () -> List[Text] | None
        """The table's columns, None before `check_done`."""
        return self.recall("columns")

    # The sending.

    @_told
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

    def finished_ranges(self):
        # type: () -> List[Tuple[int, int]]
        """Return (first row, last row) of what is stored, in order, without overlaps."""
        return journal_rows.ranges(self._database)

    # What is recorded.

    def rejected_rows(self, stage=None):
        # type: (Text | None) -> Iterator[int]
        """Iterate over the numbers of the rejected rows, in order; of one stage, or of both."""
        self.flush()
        return journal_rows.rejected_rows(self._database, stage)

    def rejects(self, stage=None):
        # type: (Text | None) -> Iterator[Reject]
        """Iterate over the rejected rows: (row, reason, cells), in the order of the file."""
        self.flush()
        return journal_rows.rejects(self._database, stage)

    def reasons(self, most=20, first_rows=3):
        # type: (int, int) -> list
        """Return the most frequent reasons: dicts of ``reason``, ``rows``, ``first``.

        ``first`` is a list of ``{"row", "reason"}`` of the first rows that have it; ``reason`` is
        without values (see ``kind`` at `reject`).
        """
        self.flush()
        found = journal_rows.kinds(self._database, most)
        examples = {kind: [] for kind, _ in found}
        wanted = sum(min(first_rows, times) for _, times in found)
        for row, kind, reason in journal_rows.rows_by_kind(self._database):
            if not wanted:
                break
            if len(examples.get(kind, "x" * first_rows)) < first_rows:
                examples[kind].append({"row": row, "reason": reason})
                wanted -= 1
        return [{"reason": kind, "rows": times, "first": examples[kind]} for kind, times in found]

    def number_of_reasons(self):
        # type: () -> int
        self.flush()
        return journal_rows.number_of_kinds(self._database)

    def warnings(self):
        # type: () -> List[Tuple[Text, int]]
        """Return the CMDB's remarks and how often each came; the first 200 different ones."""
        return self._database.execute(
            "SELECT text, times FROM warnings ORDER BY times DESC, text").fetchall()

    def counts(self):
        # type: () -> Counts
        self.flush()
        found = progress.read(self._database)
        return journal_rows.Counts(*[found[name] for name in journal_rows.Counts._fields])

    @property
    def state(self):
        # type: () -> str
        return native_str(progress.read(self._database)["state"])

    @property
    def error(self):
        # type: () -> Text | None
        """Why it failed, None if it did not."""
        return progress.read(self._database)["error"]

    @property
    def started(self):
        # type: () -> float
        """When the journal was made, in seconds since 1970."""
        return progress.read(self._database)["started"]

    @_told
    def set_state(self, state, error=None):
        # type: (str, Text | None) -> None
        """Note what the import does now: one of STATES."""
        if state not in STATES:
            raise ValueError("no such state: %r" % (state,))
        with self._transaction():
            self._write_buffer()
            self._set(state=to_unicode(state),
                      error=None if error is None else journal_rows.storable(error))

    @_told
    def remember(self, name, value):
        # type: (str, object) -> None
        """Keep a JSON value under a name of the caller's, for after a resume."""
        with self._transaction():
            self._remember(name, value)

    def recall(self, name, default=None):
        # type: (str, object) -> object
        """Return what `remember` kept."""
        found = self._database.execute(
            "SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return default if found is None else json.loads(found[0])

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

    # Within.

    @contextmanager
    def _transaction(self):
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._database.execute("COMMIT")
        except BaseException:
            try:
                self._database.execute("ROLLBACK")
            except sqlite3.Error:
                pass  # After some errors, such as a full disk, SQLite has done it already.
            raise

    def _write_buffer(self):
        new = sum([journal_rows.put_reject(self._database, *each) for each in self._buffer])
        if new:
            self._add(rejected=new)
        if self._noted is not None:
            self._set(checked=self._noted)
        del self._buffer[:]
        self._noted = None
        self._flushed = self._clock()

    def _add(self, **numbers):
        sets = ", ".join("%s = %s + :%s" % (name, name, name) for name in numbers)
        self._database.execute(
            "UPDATE progress SET changed = :now, " + sets, dict(numbers, now=self._clock()))

    def _set(self, **values):
        sets = ", ".join("%s = :%s" % (name, name) for name in values)
        self._database.execute(
            "UPDATE progress SET changed = :now, " + sets, dict(values, now=self._clock()))

    def _remember(self, name, value):
        self._database.execute(
            "INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, to_unicode(json.dumps(value))))
