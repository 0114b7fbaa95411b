"""Connections to the file, and what happens on them as a whole or not at all."""

from __future__ import absolute_import, division, print_function

import contextlib
import sqlite3

from tornado.escape import to_unicode

from waterspout_cmdb.sandbox.query.patterns import define_function

#: Seconds to wait for another process that writes to the same file.
LOCK_TIMEOUT = 5.0

#: How much of the file a connection may keep in memory. An import of 3,000 rows changes up to
#: 30 MiB of pages; with SQLite's own 2 MiB it would write most of them several times.
WRITER_CACHE_BYTES = 64 * 1024 * 1024
READER_CACHE_BYTES = 16 * 1024 * 1024


#: What SQLite says when the file or its disk is to blame, not the statement. (Python has no error
#: codes for that before 3.11.) A statement that we got wrong is not to be mistaken for these.
_ABOUT_FILE = (
    "database or disk is full",
    "disk I/O error",
    "unable to open database file",
    "is locked",  # "database", "database table", "database schema"
    "locking protocol",
    "disk image is malformed",
    "malformed database schema",
    "not a database",
    "large file support is disabled",
    "access permission denied",
)
_READ_ONLY = "attempt to write a readonly database"


class StorageError(Exception):
    """The file cannot be used. Its text is one line that names the file and says what to do.

    Attributes:
        reason (text or None): why, without the file's name: for callers.
    """

    def __init__(self, text, reason=None):
        # type: (str, Optional[Text]) -> None
        super(StorageError, self).__init__(text)
        self.reason = reason


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
        raise StorageError("%s cannot be used: %s" % (path, error), to_unicode(str(error)))
    except sqlite3.DatabaseError as error:
        raise StorageError(
            "%s is damaged (%s): restore it from a backup, or choose another file" % (path, error),
            to_unicode(str(error)),
        )


@contextlib.contextmanager
def blamed_on_file(path, writes):
    # type: (str, bool) -> ContextManager[None]
    """Errors of SQLite inside become StorageErrors if they are about the file.

    Args:
        writes: whether to write is what is done inside. A reader never should: a bug of ours.
    """
    try:
        yield
    except sqlite3.DatabaseError as error:
        text = str(error)
        if any(complaint in text for complaint in _ABOUT_FILE) or writes and text == _READ_ONLY:
            raise StorageError("%s cannot be used: %s" % (path, text), to_unicode(text))
        raise


def _roll_back(connection, *statements):
    try:
        for statement in statements:
            connection.execute(statement)
    except sqlite3.OperationalError:
        pass  # SQLite has done so itself, as it does when the disk is full.
