"""How far an import is, for another process than the one that runs it."""

from __future__ import absolute_import, division, print_function

import os
import sqlite3
from contextlib import closing

from tornado.escape import native_str

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.recording import journal_schema, lock_file

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Text  # noqa: F401

_COLUMNS = ("state", "error", "is_checked", "rows", "checked", "sent", "inserted", "updated",
            "unchanged", "rejected", "started", "changed")

_NONE = dict({name: 0 for name in _COLUMNS}, state=u"unknown", error=None, rows=None,
             started=None, changed=None)


def read(database):
    # type: (sqlite3.Connection) -> dict
    """Return the row of progress of an open journal, as `read_progress` does."""
    found = database.execute("SELECT %s FROM progress" % ", ".join(_COLUMNS)).fetchone()
    progress = dict(zip(_COLUMNS, found)) if found else dict(_NONE)
    progress["is_checked"] = bool(progress["is_checked"])
    return progress


def is_begun(database):
    # type: (sqlite3.Connection) -> bool
    """Say whether an open journal is of an import; it has no rows while it is made."""
    return database.execute("SELECT id FROM progress").fetchone() is not None


def read_progress(path):
    # type: (Text) -> dict
    """Return how far an import is; neither waits for it nor holds it up.

    Args:
        path: its journal.
    Returns: a dict: ``state`` ("checking", "sending", "stopped", "done", "failed"; "unknown": the
        journal is not there, or not yet), ``is_running`` (a process works on it now; one that was
        killed leaves "sending", and False here), ``error`` (text or None), ``is_checked``,
        ``rows`` (None until all are checked), ``checked``, ``sent``, ``inserted``, ``updated``,
        ``unchanged``, ``rejected``, ``started`` and ``changed`` (seconds since 1970, or None).
    Raises: BulkError: the file is not a journal, or damaged.
    """
    path = native_str(path)
    is_running = lock_file.is_locked(path)  # First: a state that is read later is not older.
    progress = dict(_NONE, is_checked=False)
    try:
        if os.path.getsize(path):
            progress = _read_file(path)
    except OSError:
        pass  # It is not there yet.
    progress["is_running"] = is_running
    return progress


def _read_file(path):
    try:
        # Not mode=ro: after a kill the log is recovered first, which writes.
        with closing(journal_schema.connect(path, 0.5)) as database:
            database.execute("PRAGMA query_only = 1")
            journal_schema.check_kind(database)
            return read(database)
    except journal_schema.NotAJournal as error:
        raise BulkError("%s %s" % (path, error))
    except sqlite3.OperationalError:
        return dict(_NONE, is_checked=False)  # Being opened, closed, or removed at this moment.
    except sqlite3.DatabaseError as error:
        raise BulkError("the journal %s is damaged (%s)" % (path, error))
