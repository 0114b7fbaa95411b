"""Check a file before it is used: that it is ours, undamaged, and of this or an older version.

A file that fails a check is refused with one line and not changed.
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

# The header of the documented file format: 100 bytes, numbers are big-endian.
_HEADER_BYTES = 100
_MAGIC = b"SQLite format 3\x00"
_APPLICATION_ID_AT = 68


def prepare(path):
    # type: (str) -> None
    """Create the file or migrate it to the current version, and check it.

    Raises: StorageError: the file is refused.
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
    """Raise StorageError if the file has the version of a newer release."""
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
    """Say whether the file has to be created; refuse a file of another program.

    This reads the bytes without SQLite, which would recover another program's database.
    """
    if os.path.exists(path) and not (os.path.isfile(path) or os.path.isdir(path)):
        raise StorageError("%s is not a file: choose another" % path)  # To open a pipe would block.
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
        raise StorageError("%s is not an SQLite database: choose another file" % path)
    if struct.unpack_from(">I", header, _APPLICATION_ID_AT)[0] != schema.APPLICATION_ID:
        raise StorageError(
            "%s is a database, but not one of the sandbox: choose another file" % path
        )
    return False


def _claim(connection):
    """Mark the file as ours, before there is a log, so that the mark is in the file itself."""
    connection.execute("PRAGMA application_id = %d" % schema.APPLICATION_ID)


def _check_pages(connection, path):
    """Check the whole file, which takes a second for a million instances."""
    problem = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if problem != "ok":
        raise StorageError(
            "%s is damaged (%s): restore it from a backup, or choose another file"
            % (path, problem.splitlines()[-1])
        )


def _use_log(connection, path):
    """Set the journal mode, which the file stores; with it readers do not wait for a writer."""
    mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode != "wal":
        raise StorageError(
            "%s: SQLite cannot use a write-ahead log there; choose a file on a local disk" % path
        )
