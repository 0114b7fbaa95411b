"""The statistics by which SQLite chooses among the indexes of a table.

Without them ``{"ip": ..., "env": ...}`` may use the index on ``env``, which finds a third of all
instances. SQLite gathers them on demand, in a second for a million instances.
"""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.sandbox.storage import schema

#: In smaller tables the choice does not matter.
_SMALL = 1000


def is_outdated(connection):
    # type: (sqlite3.Connection) -> bool
    """Say whether a table has doubled since it was last analysed."""
    return bool(_grown(connection, limit=1))


def renew(connection):
    # type: (sqlite3.Connection) -> None
    """Analyse such tables. Only connections made after the commit use the new statistics."""
    grown = _grown(connection, limit=-1)
    for key in grown:
        connection.execute("ANALYZE %s" % schema.instance_table(key))
        connection.execute("UPDATE counts SET analysed = instances WHERE model = ?", [key])
    if grown:  # Otherwise SQLite reads a whole tally for each of several ranges.
        connection.execute("ANALYZE tallies")


def _grown(connection, limit):
    sql = "SELECT model FROM counts WHERE instances > 2 * analysed + ? LIMIT ?"
    return [key for key, in connection.execute(sql, [_SMALL, limit]).fetchall()]
