"""The file of a journal: made, opened, replaced, and held by one import."""

from __future__ import absolute_import, division, print_function

import os
import sqlite3

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.recording import journal_schema, progress
from waterspout_cmdb.bulk.recording.lock_file import LockFile

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Text, Tuple  # noqa: F401

#: Seconds that a statement waits; readers hold nothing for long.
_TIMEOUT = 10

#: Every size of page that SQLite has is a multiple of it.
_SECTOR = 512

#: What SQLite puts beside a database; the log would be applied to a new file of the same name.
_COMPANIONS = ("-wal", "-shm", "-journal")

_BEGUN = "INSERT INTO progress VALUES (1, 'checking', NULL, 0, NULL, 0, 0, 0, 0, 0, 0, ?, ?)"


def create(path, replace, identity, now):
    # type: (Text, bool, Text, float) -> Tuple[sqlite3.Connection, LockFile]
    """Make a journal, or empty the one that is there; see ``Journal.create``."""
    lock = LockFile(path)
    try:
        database = _emptied(path, replace)
        try:
            database.execute("BEGIN IMMEDIATE")
            journal_schema.clear(database)
            database.execute(_BEGUN, (now, now))
            database.execute("INSERT INTO facts VALUES ('identity', ?)", (identity,))
            database.execute("COMMIT")
        except BaseException:
            database.close()
            raise
    except sqlite3.Error as error:
        lock.close()
        raise BulkError("the journal %s cannot be written (%s): make room, or name another folder "
                        "with --journal" % (path, error))
    except BaseException:
        lock.close()
        raise
    return database, lock


def open_existing(path):
    # type: (Text) -> Tuple[sqlite3.Connection, LockFile]
    """Open a journal to go on with it; see ``Journal.open``."""
    if not os.path.exists(path):
        raise BulkError("there is no journal %s to go on from: run the import without --resume"
                        % path)
    lock = LockFile(path)
    try:
        database = _opened(path)
        if not progress.is_begun(database):  # Killed while it was made.
            database.close()
            raise _Unusable("is empty, nothing has been sent", True)
        return database, lock
    except _Unusable as error:
        lock.close()
        raise BulkError("%s %s: it cannot be resumed; %s" % (path, error, error.advice))
    except BaseException:
        lock.close()
        raise


class _Unusable(Exception):
    """``str()`` completes "the file ..."; ``is_ours`` says whether it may be replaced."""

    def __init__(self, text, is_ours):
        super(_Unusable, self).__init__(text)
        self.is_ours = is_ours
        self.advice = ("--restart begins again, with a new journal" if is_ours
                       else "name another file with --journal")


def _emptied(path, replace):
    """Return an open journal, whose content may be deleted."""
    if os.path.exists(path) and os.path.getsize(path):
        try:
            database = _opened(path)
        except _Unusable as error:
            if not (replace and error.is_ours):
                raise BulkError("%s %s: %s" % (path, error, error.advice))
        else:
            _check_replaceable(path, database, replace)
            return database
    _make(path)
    return _opened(path)


def _check_replaceable(path, database, replace):
    found = progress.read(database)
    if replace or found["state"] == "done" or not found["sent"]:
        return
    database.close()
    raise BulkError(
        "%s is of an import that is not done (%d of %s rows are sent): --resume goes on with it, "
        "--restart begins again" % (path, found["sent"], found["rows"]))


def _make(path):
    """Put an empty journal in place, at once complete."""
    new = path + ".new"
    for name in (new, path):  # The database before its log, which is no harm alone.
        for end in ("",) + _COMPANIONS:
            if os.path.exists(name + end):
                os.unlink(name + end)
    journal_schema.create(new)
    os.rename(new, path)


def _opened(path):
    """Raises: _Unusable."""
    database, is_cut = None, _is_cut(path)
    try:
        database = journal_schema.connect(path, _TIMEOUT)
        journal_schema.check_kind(database)
        damage = "its end is missing" if is_cut else journal_schema.damage(database)
        if damage is not None:
            raise _Unusable("is damaged (%s)" % damage, True)
        database.execute("PRAGMA synchronous = FULL")
        return database
    except journal_schema.NotAJournal as error:
        _close(database)
        raise _Unusable(str(error), error.is_ours)
    except sqlite3.Error as error:
        _close(database)
        raise _Unusable("is damaged, or not a journal (%s)" % error, _is_ours(path))
    except _Unusable:
        _close(database)
        raise


def _close(database):
    if database is not None:
        database.close()


def _is_cut(path):
    """Say whether the last page is not whole, which SQLite lets pass: it reads zeros there.

    With a log beside the file it may be so after a kill; the log has the whole page.
    """
    has_log = os.path.exists(path + "-wal") and os.path.getsize(path + "-wal")
    return not has_log and os.path.getsize(path) % _SECTOR != 0


def _is_ours(path):
    """Say whether the file's header, at least, is that of a journal."""
    with open(path, "rb") as file:
        header = file.read(100)
    number = bytearray(header[68:72])
    return (header[:15] == b"SQLite format 3"
            and list(number) == [0x57, 0x53, 0x50, 0x4A])
