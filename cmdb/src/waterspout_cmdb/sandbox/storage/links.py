"""The links between related instances."""

from __future__ import absolute_import, division, print_function


class Links(object):
    """Reads and writes the table ``links``; valid during the transaction that made it.

    A ``side`` is one end of a relation; instances are given by their numbers.
    """

    def __init__(self, connection):
        # type: (sqlite3.Connection) -> None
        self._connection = connection

    def peers(self, side, number, limit=-1):
        # type: (Side, int, int) -> List[int]
        """Return up to ``limit`` peers of an instance, oldest first; -1 means no limit."""
        cursor = self._execute(
            "SELECT {there}_end FROM links WHERE relation = ? AND {here}_end = ?"
            " ORDER BY {there}_end LIMIT ?",
            side, number, limit,
        )
        return [peer for peer, in cursor]

    def count(self, side, number):
        # type: (Side, int) -> int
        """Return the number of peers of an instance."""
        cursor = self._execute(
            "SELECT count(*) FROM links WHERE relation = ? AND {here}_end = ?", side, number
        )
        return cursor.fetchone()[0]

    def largest(self, key):
        # type: (int) -> Dict[Text, int]
        """Return, for each end of a relation, the highest number of peers of an instance."""
        return {
            end: self._connection.execute(
                "SELECT coalesce(max(peers), 0) FROM (SELECT count(*) AS peers FROM links"
                " WHERE relation = ? GROUP BY %s_end)" % end,
                [key],
            ).fetchone()[0]
            for end in ("left", "right")
        }

    def add(self, side, number, peers):
        # type: (Side, int, Iterable[int]) -> bool
        """Relate an instance to peers; return whether a link is new."""
        return self._changed(
            "INSERT OR IGNORE INTO links (relation, {here}_end, {there}_end)"
            " SELECT ?, ?, value FROM json_each(?)",
            side, number, _dumps(peers),
        )

    def remove(self, side, number, peers):
        # type: (Side, int, Iterable[int]) -> bool
        """Remove the links to these peers; return whether there were any."""
        return self._changed(
            "DELETE FROM links WHERE relation = ? AND {here}_end = ?"
            " AND {there}_end IN (SELECT value FROM json_each(?))",
            side, number, _dumps(peers),
        )

    def keep(self, side, number, peers):
        # type: (Side, int, Iterable[int]) -> bool
        """Remove the links to all other peers; return whether there were any."""
        return self._changed(
            "DELETE FROM links WHERE relation = ? AND {here}_end = ?"
            " AND {there}_end NOT IN (SELECT value FROM json_each(?))",
            side, number, _dumps(peers),
        )

    def _changed(self, sql, side, *values):
        return self._execute(sql, side, *values).rowcount > 0

    def _execute(self, sql, side, *values):
        sql = sql.format(here=side.here, there=side.there)
        return self._connection.execute(sql, (side.key,) + values)


def _dumps(numbers):
    """Return JSON; `json.dumps` takes five times as long for one or two numbers."""
    return "[%s]" % ",".join(map(str, numbers))
