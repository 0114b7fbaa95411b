"""Connections to the file: opened with care, refused with one clear line."""

from __future__ import absolute_import, division, print_function

import contextlib
import sqlite3

from waterspout_cmdb.sandbox.storage.schema import APPLICATION_ID, MIGRATIONS

#: Seconds to wait for another process that writes to the same file.
LOCK_TIMEOUT = 5.0

#: The first SQLite with indexes on expressions; its JSON functions were still optional then.
SQLITE_NEEDED = (3, 9, 0)


class StorageError(Exception):
    """The file cannot be used. Its text is one line that names the file."""


def prepare(path):
    # type: (str) -> None
    """Make the file, or bring it to the current version, and check that it is whole.

    A file that is not ours, or from a newer release, is left untouched.

    Raises: StorageError.
    """
    _check_sqlite()
    with _explained(path), contextlib.closing(_open(path)) as connection:
        _check_owner(connection, path)
        _check_pages(connection, path)
        # Kept in the file: readers go on while the one writer writes.
        mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
        if mode != "wal":
            raise StorageError("%s: SQLite cannot use a write-ahead log there" % path)
        with transaction(connection, "IMMEDIATE"):
            _migrate(connection)


def connect(path, read_only=False):
    # type: (str, bool) -> sqlite3.Connection
    """A connection to a prepared file, for one thread at a time.

    Raises: StorageError.
    """
    with _explained(path):
        connection = _open(path)
        # A commit that was answered is on the disk, power cut or not: FULL syncs the log at each
        # commit. NORMAL would survive a killed process only. One sync per request is cheap here,
        # because an import is one commit however many rows it has.
        connection.execute("PRAGMA synchronous = FULL")
        if read_only:
            connection.execute("PRAGMA query_only = ON")
        return connection


@contextlib.contextmanager
def transaction(connection, mode="DEFERRED"):
    # type: (sqlite3.Connection, str) -> ContextManager[None]
    """Commit what happens inside, or, when it raises, none of it."""
    connection.execute("BEGIN " + mode)
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        _roll_back(connection)
        raise


@contextlib.contextmanager
def savepoint(connection):
    # type: (sqlite3.Connection) -> ContextManager[None]
    """As :func:`transaction`, for a part of one."""
    connection.execute("SAVEPOINT part")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK TO part")
        connection.execute("RELEASE part")
        raise
    connection.execute("RELEASE part")


def _open(path):
    # Transactions are ours: Python's module would begin and commit them behind our back, and
    # not in the same way on 2.7 and 3. Stores keep each connection to one thread themselves.
    return sqlite3.connect(
        path, timeout=LOCK_TIMEOUT, isolation_level=None, check_same_thread=False
    )


def _check_sqlite():
    if sqlite3.sqlite_version_info >= SQLITE_NEEDED:
        try:
            with contextlib.closing(sqlite3.connect(":memory:")) as connection:
                connection.execute("SELECT json_extract('{}', '$')")
            return
        except sqlite3.OperationalError:
            pass  # It has no JSON functions.
    raise StorageError(
        "the sandbox needs SQLite %d.%d.%d or newer with its JSON functions; this Python has %s"
        % (SQLITE_NEEDED + (sqlite3.sqlite_version,))
    )


def _check_owner(connection, path):
    application_id = connection.execute("PRAGMA application_id").fetchone()[0]
    is_empty = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
    if application_id != APPLICATION_ID and not (is_empty and application_id == 0):
        raise StorageError("%s is a database, but not one of the sandbox" % path)
    version = _version(connection)
    if version > len(MIGRATIONS):
        raise StorageError(
            "%s was written by a newer release (version %d, this one reads up to %d)"
            % (path, version, len(MIGRATIONS))
        )


def _check_pages(connection, path):
    """Reads the whole file: 50 ms for 100,000 instances."""
    problem = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if problem != "ok":
        raise StorageError("%s is damaged: %s" % (path, problem.splitlines()[-1]))


def _migrate(connection):
    """Within a transaction: another process may be starting on the same file."""
    version = _version(connection)
    for statements in MIGRATIONS[version:]:
        for statement in statements:
            connection.execute(statement)
    if version < len(MIGRATIONS):
        # PRAGMA takes no bound values; these two are our own numbers.
        connection.execute("PRAGMA user_version = %d" % len(MIGRATIONS))
        connection.execute("PRAGMA application_id = %d" % APPLICATION_ID)


def _version(connection):
    return connection.execute("PRAGMA user_version").fetchone()[0]


def _roll_back(connection):
    try:
        connection.execute("ROLLBACK")
    except sqlite3.OperationalError:
        pass  # SQLite has done so itself, as it does when the disk is full.


@contextlib.contextmanager
def _explained(path):
    try:
        yield
    except sqlite3.Error as error:
        raise StorageError("%s cannot be used: %s" % (path, error))
