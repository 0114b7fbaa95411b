"""Migrate a file to the current version of the schema, step by step."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.sandbox.storage import schema


def migrate(connection):
    # type: (sqlite3.Connection) -> None
    """Run the steps that the file needs, in the caller's transaction.

    The transaction prevents a race with another process that starts on the same file, and rolls
    back all steps if one of them fails.
    """
    version = version_of(connection)
    for step in schema.STEPS[version:]:
        step(connection)
    if version < current_version():
        # A PRAGMA has no parameters; this number is our own.
        connection.execute("PRAGMA user_version = %d" % current_version())


def version_of(connection):
    # type: (sqlite3.Connection) -> int
    """Return the version of the file: the number of steps that it has run."""
    return connection.execute("PRAGMA user_version").fetchone()[0]


def current_version():
    # type: () -> int
    """Return the current version: the number of all steps."""
    return len(schema.STEPS)
