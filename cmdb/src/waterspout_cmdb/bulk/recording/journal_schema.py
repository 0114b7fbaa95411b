"""The tables of a journal, and how a file is told to be one."""

from __future__ import absolute_import, division, print_function

import sqlite3
from contextlib import closing

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Text  # noqa: F401

#: Written into the file's header; "WSPJ" as a number. Other SQLite files have another one.
APPLICATION_ID = 0x5753504A

#: Of the tables below. A journal is a thing of one import: it is not converted, but begun again.
VERSION = 1

#: ``progress`` has one row. A finished range is of row numbers, both ends belong to it.
TABLES = """
CREATE TABLE progress (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    state TEXT NOT NULL, error TEXT, is_checked INTEGER NOT NULL,
    rows INTEGER, checked INTEGER NOT NULL, sent INTEGER NOT NULL, inserted INTEGER NOT NULL,
    updated INTEGER NOT NULL, unchanged INTEGER NOT NULL, rejected INTEGER NOT NULL,
    started REAL NOT NULL, changed REAL NOT NULL);
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE ranges (first INTEGER PRIMARY KEY, last INTEGER NOT NULL);
CREATE TABLE rejects (
    row INTEGER PRIMARY KEY, stage TEXT NOT NULL, kind TEXT NOT NULL, reason TEXT NOT NULL,
    cells TEXT NOT NULL);
CREATE TABLE warnings (text TEXT PRIMARY KEY, times INTEGER NOT NULL);
"""

_NAMES = ("progress", "facts", "ranges", "rejects", "warnings")


class NotAJournal(Exception):
    """``str()`` completes "the file ..."; ``is_ours``: it is one, of another version."""

    def __init__(self, text, is_ours):
        super(NotAJournal, self).__init__(text)
        self.is_ours = is_ours


def connect(path, timeout):
    # type: (Text, float) -> sqlite3.Connection
    """Open a database; transactions are begun and committed by statements."""
    return sqlite3.connect(path, timeout=timeout, isolation_level=None, check_same_thread=False)


def create(path):
    # type: (Text) -> None
    """Make an empty journal, complete and on the disk when this returns."""
    with closing(connect(path, 10)) as database:
        database.execute("PRAGMA synchronous = FULL")
        database.execute("PRAGMA application_id = %d" % APPLICATION_ID)
        database.execute("PRAGMA user_version = %d" % VERSION)
        database.executescript("BEGIN;" + TABLES + "COMMIT;")
        database.execute("PRAGMA journal_mode = WAL")


def clear(database):
    # type: (sqlite3.Connection) -> None
    """Empty each table, within a transaction of the caller's."""
    for name in _NAMES:
        database.execute("DELETE FROM %s" % name)


def check_kind(database):
    # type: (sqlite3.Connection) -> None
    """Raise: NotAJournal: another kind of file, or of another version. sqlite3.Error: damaged."""
    if _pragma(database, "application_id") != APPLICATION_ID:
        raise NotAJournal("is not a journal of waterspout-cmdb", False)
    version = _pragma(database, "user_version")
    if version > VERSION:
        raise NotAJournal("was written by a newer release of waterspout-cmdb", True)
    if version < VERSION:
        raise NotAJournal("was written by an older release of waterspout-cmdb", True)


def damage(database):
    # type: (sqlite3.Connection) -> Text | None
    """Return what is wrong with the file's pages, None if nothing is. Reads all of it."""
    found = database.execute("PRAGMA quick_check(1)").fetchone()[0]
    return None if found == "ok" else found


def _pragma(database, name):
    return database.execute("PRAGMA " + name).fetchone()[0]
