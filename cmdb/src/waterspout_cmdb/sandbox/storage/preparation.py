"""Before a file is used: is it ours, is it whole, and is it of this version?

A file that is not, or from a newer release, is refused with one line and left as it is.
"""

from __future__ import absolute_import, division, print_function

import contextlib
import io
import os
import sqlite3
import struct

from waterspout_cmdb.sandbox.storage import database, migrations, schema
from waterspout_cmdb.sandbox.storage.database import StorageError

#: The first SQLite with indexes on expressions; its JSON functions were still optional then.
SQLITE_NEEDED = (3, 9, 0)

# The file format is documented: its first 100 bytes, with numbers big-endian.
_HEADER_BYTES = 100
_MAGIC = b"SQLite format 3\x00"
_APPLICATION_ID_AT = 68


def prepare(path):
    # type: (str) -> None
    """Make the file, or bring it to the current version, and check that it is whole.

    Raises: StorageError.
    """
    _check_sqlite()
    is_new = _check_owner(path)
    with database.explained(path), contextlib.closing(database.connect(path)) as connection:
        check_version(connection, path)
        _check_pages(connection, path)
        if is_new:
            _claim(connection)
        _use_log(connection, path)
        with database.transaction(connection, "IMMEDIATE"):
            migrations.migrate(connection)


def check_version(connection, path):
    # type: (sqlite3.Connection, str) -> None
    """Raise StorageError if a newer release has changed what the file is like."""
    version, current = migrations.version_of(connection), migrations.current_version()
    if version > current:
        raise StorageError(
            "%s was written by a newer release (version %d, this one reads up to %d): start that"
            " release, or choose another file" % (path, version, current)
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
        "the sandbox needs SQLite %d.%d.%d or newer with its JSON functions, and this Python's is"
        " %s: use a Python that has it" % (SQLITE_NEEDED + (sqlite3.sqlite_version,))
    )


def _check_owner(path):
    """Whether the file is yet to be made; refuses one that is somebody else's.

    Its bytes are read here, not by SQLite: that would tidy up after whoever used a database last.
    """
    if os.path.exists(path) and not (os.path.isfile(path) or os.path.isdir(path)):
        raise StorageError("%s is no file: choose another" % path)  # A pipe would be waited for.
    try:
        with io.open(path, "rb") as file:
            header = file.read(_HEADER_BYTES)
    except EnvironmentError as error:
        if os.path.lexists(path):
            raise StorageError("%s cannot be read: %s" % (path, error.strerror))
        return True
    if not header:
        return True
    if len(header) < _HEADER_BYTES or not header.startswith(_MAGIC):
        raise StorageError("%s is no SQLite database: choose another file" % path)
    if struct.unpack_from(">I", header, _APPLICATION_ID_AT)[0] != schema.APPLICATION_ID:
        raise StorageError(
            "%s is a database, but not one of the sandbox: choose another file" % path
        )
    return False


def _claim(connection):
    """Mark the file as ours: before there is a log, so that the mark is in the file itself."""
    connection.execute("PRAGMA application_id = %d" % schema.APPLICATION_ID)


def _check_pages(connection, path):
    """Reads the whole file: a second for a million instances."""
    problem = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if problem != "ok":
        raise StorageError(
            "%s is damaged (%s): restore it from a backup, or choose another file"
            % (path, problem.splitlines()[-1])
        )


def _use_log(connection, path):
    """Kept in the file: readers go on while the one writer writes."""
    mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode != "wal":
        raise StorageError(
            "%s: SQLite cannot use a write-ahead log there; choose a file on a local disk" % path
        )
