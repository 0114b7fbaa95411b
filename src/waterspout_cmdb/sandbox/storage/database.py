"""Connections to the file, and what happens on them as a whole or not at all."""

from __future__ import absolute_import, division, print_function

import contextlib
import sqlite3

from waterspout_cmdb.sandbox.query.patterns import define_function

#: Seconds to wait for another process that writes to the same file.
LOCK_TIMEOUT = 5.0

#: How much of the file a connection may keep in memory. An import of 3,000 rows changes up to
#: 30 MiB of pages; with SQLite's own 2 MiB it would write most of them several times.
WRITER_CACHE_BYTES = 64 * 1024 * 1024
READER_CACHE_BYTES = 16 * 1024 * 1024


class StorageError(Exception):
    """The file cannot be used. Its text is one line that names the file and says what to do."""


def connect(path, read_only=False):
    # type: (str, bool) -> sqlite3.Connection
    """A connection to the file, for one thread at a time.

    Raises: StorageError.
    """
    with explained(path):
        # Transactions are ours: Python's module would begin and commit them behind our back, and
        # not in the same way on 2.7 and 3. Stores keep each connection to one thread themselves.
        connection = sqlite3.connect(
            path, timeout=LOCK_TIMEOUT, isolation_level=None, check_same_thread=False
        )
        # A commit that was answered is on the disk, power cut or not: FULL syncs the log at each
        # commit. NORMAL would survive a killed process only. One sync per request is cheap here,
        # because an import is one commit however many rows it has.
        connection.execute("PRAGMA synchronous = FULL")
        cache_bytes = READER_CACHE_BYTES if read_only else WRITER_CACHE_BYTES
        connection.execute("PRAGMA cache_size = -%d" % (cache_bytes // 1024))
        define_function(connection)
        if read_only:
            forbid_writing(connection)
        return connection


def forbid_writing(connection):
    # type: (sqlite3.Connection) -> None
    """From now on a write on this connection raises sqlite3.OperationalError."""
    connection.execute("PRAGMA query_only = ON")


@contextlib.contextmanager
def transaction(connection, mode="DEFERRED"):
    # type: (sqlite3.Connection, str) -> ContextManager[None]
    """Commit what happens inside, or, when it raises, none of it."""
    connection.execute("BEGIN " + mode)
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        _roll_back(connection, "ROLLBACK")
        raise


@contextlib.contextmanager
def savepoint(connection):
    # type: (sqlite3.Connection) -> ContextManager[None]
    """As :func:`transaction`, for a part of one."""
    connection.execute("SAVEPOINT part")
    try:
        yield
    except BaseException:
        _roll_back(connection, "ROLLBACK TO part", "RELEASE part")
        raise
    connection.execute("RELEASE part")


@contextlib.contextmanager
def explained(path):
    # type: (str) -> ContextManager[None]
    """Errors of SQLite inside become StorageErrors about the file."""
    try:
        yield
    except sqlite3.OperationalError as error:  # a directory, no permission, locked, disk full
        raise StorageError("%s cannot be used: %s" % (path, error))
    except sqlite3.DatabaseError as error:
        raise StorageError(
            "%s is damaged (%s): restore it from a backup, or choose another file" % (path, error)
        )


def _roll_back(connection, *statements):
    try:
        for statement in statements:
            connection.execute(statement)
    except sqlite3.OperationalError:
        pass  # SQLite has done so itself, as it does when the disk is full.
