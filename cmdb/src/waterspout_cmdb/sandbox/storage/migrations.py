"""Bringing a file to the current version of the schema, a step at a time."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.sandbox.storage import schema


def migrate(connection):
    # type: (sqlite3.Connection) -> None
    """Take the steps that the file lacks.

    Within the caller's transaction, which settles the race with another process that is starting
    on the same file, and undoes all steps when one of them fails.
    """
    version = version_of(connection)
    for step in schema.STEPS[version:]:
        step(connection)
    if version < current_version():
        # A PRAGMA takes no bound values; this one is our own number.
        connection.execute("PRAGMA user_version = %d" % current_version())


def version_of(connection):
    # type: (sqlite3.Connection) -> int
    """How many steps the file has taken."""
    return connection.execute("PRAGMA user_version").fetchone()[0]


def current_version():
    # type: () -> int
    """How many steps there are."""
    return len(schema.STEPS)
