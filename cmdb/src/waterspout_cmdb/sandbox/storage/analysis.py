"""What SQLite knows of tables when it chooses among their indexes.

Without it ``{"ip": ..., "env": ...}`` may be looked up by either, and one of them finds a third of
all. SQLite gathers it when told to, in a second for a million instances.
"""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.sandbox.storage import schema

#: In smaller tables any index will do.
_SMALL = 1000


def is_outdated(connection):
    # type: (sqlite3.Connection) -> bool
    """Whether a table has doubled since it was last looked at."""
    return bool(_grown(connection, limit=1))


def renew(connection):
    # type: (sqlite3.Connection) -> None
    """Look at such tables. Only connections made after the commit know what was found."""
    grown = _grown(connection, limit=-1)
    for key in grown:
        connection.execute("ANALYZE %s" % schema.instance_table(key))
        connection.execute("UPDATE counts SET analysed = instances WHERE model = ?", [key])
    if grown:  # Or it walks a whole tally for each of several ranges.
        connection.execute("ANALYZE tallies")


def _grown(connection, limit):
    sql = "SELECT model FROM counts WHERE instances > 2 * analysed + ? LIMIT ?"
    return [key for key, in connection.execute(sql, [_SMALL, limit]).fetchall()]
