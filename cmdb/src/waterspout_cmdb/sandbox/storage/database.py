"""Connections to the file, transactions, and the translation of SQLite's errors."""

from __future__ import absolute_import, division, print_function

import contextlib
import sqlite3

from tornado.escape import to_unicode

from waterspout_cmdb.sandbox.query.patterns import define_function

#: Seconds to wait for another process that writes to the same file.
LOCK_TIMEOUT = 5.0

#: The part of the file that a connection may cache. An import of 3,000 rows changes up to 30 MiB of
#: pages; with SQLite's default of 2 MiB it would write most of them several times.
WRITER_CACHE_BYTES = 64 * 1024 * 1024
READER_CACHE_BYTES = 16 * 1024 * 1024


#: SQLite's messages about the file or its disk, rather than about the statement. (Before Python
#: 3.11 there are no error codes.) An error in one of our statements must not match.
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
    """The file cannot be used. The text is one line that names the file and a remedy.

    Attributes:
        reason (text or None): the cause without the file's name, for answers to callers.
    """

    def __init__(self, text, reason=None):
        # type: (str, Optional[Text]) -> None
        super(StorageError, self).__init__(text)
        self.reason = reason


def connect(path, read_only=False):
    # type: (str, bool) -> sqlite3.Connection
    """Open a connection to the file, for one thread at a time.

    Raises: StorageError: the file cannot be used.
    """
    with explained(path):
        # We begin and commit transactions: Python's module would do so implicitly, and differently
        # on 2.7 and 3. The store keeps each connection to one thread itself.
        connection = sqlite3.connect(
            path, timeout=LOCK_TIMEOUT, isolation_level=None, check_same_thread=False
        )
        # FULL syncs the log at each commit, so that a commit that was answered survives a power
        # cut; with NORMAL it survives only a killed process. One sync for each request is cheap,
        # because an import is one commit, however many rows it has.
        connection.execute("PRAGMA synchronous = FULL")
        cache_bytes = READER_CACHE_BYTES if read_only else WRITER_CACHE_BYTES
        connection.execute("PRAGMA cache_size = -%d" % (cache_bytes // 1024))
        define_function(connection)
        if read_only:
            forbid_writing(connection)
        return connection


def forbid_writing(connection):
    # type: (sqlite3.Connection) -> None
    """Make each later write on this connection raise sqlite3.OperationalError."""
    connection.execute("PRAGMA query_only = ON")


@contextlib.contextmanager
def transaction(connection, mode="DEFERRED"):
    # type: (sqlite3.Connection, str) -> ContextManager[None]
    """Commit the changes inside; roll them back if the block raises."""
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
    """Like :func:`transaction`, for a part of a transaction."""
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
    """Translate each SQLite error inside to a StorageError about the file."""
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
    """Translate the SQLite errors inside that are about the file to StorageErrors.

    Args:
        writes: whether the block may write. If it may not, a failed write is a bug of ours.
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
        pass  # SQLite has rolled back itself, as it does when the disk is full.
