"""How often each value of an indexed attribute occurs.

Kept, not counted: every search tells how many instances it finds in all, and to count a third of a
million takes SQLite a tenth of a second, index or not.
"""

from __future__ import absolute_import, division, print_function

import collections
import json

from waterspout_cmdb.sandbox.storage.indexes import Indexes

# The values come as JSON, each as often as it is to be counted: so they are read as the stored
# ones are (see `bound` of the compiler), and sorted, as the table is.
_CHANGE = """
    INSERT OR REPLACE INTO tallies
    SELECT :index, value, sum(change) + coalesce((
        SELECT instances FROM tallies WHERE index_id = :index AND tallies.value = changes.value
    ), 0)
    FROM (
        SELECT value, 1 AS change FROM json_each(:added)
        UNION ALL SELECT value, -1 FROM json_each(:removed)
    ) AS changes
    WHERE value IS NOT NULL GROUP BY value
"""
_CLEAR = """
    DELETE FROM tallies
    WHERE index_id = ? AND value IN (SELECT value FROM json_each(?)) AND instances = 0
"""


class Tallies(object):
    """Writes the table ``tallies``; a part of the transaction it was made in.

    What is noted is written at the end: an import changes the same few values again and again.
    """

    def __init__(self, connection):
        # type: (sqlite3.Connection) -> None
        self._connection = connection
        self._indexes = {}  # By the keys of their models; see `indexes`.
        self._noted = []  # An index, and a value that an instance had and has.
        self._written = 0  # So many of them are in the table.

    def indexes(self, key):
        # type: (int) -> Dict[Text, int]
        """The numbers of a model's indexes that are tallied, by their attributes."""
        if key not in self._indexes:
            self._indexes[key] = Indexes(self._connection, key).tallied()
        return self._indexes[key]

    def note(self, key, before, after):
        # type: (int, dict, dict) -> None
        """An instance becomes another one; where there is none, that is an empty document.

        Args:
            key: of its model.
        """
        for name, index in self.indexes(key).items():
            old, new = before.get(name), after.get(name)
            if old != new:
                self._noted.append((index, old, new))

    def mark(self):
        # type: () -> tuple
        """How things are, for :meth:`undo`."""
        return len(self._noted), self._written, dict(self._indexes)

    def undo(self, mark):
        # type: (tuple) -> None
        """Be as at ``mark``; the table is, for the savepoint there has been rolled back to."""
        noted, self._written, self._indexes = mark
        del self._noted[noted:]

    def write(self):
        # type: () -> None
        """Have the table say what has been noted; to be called before indexes change, too."""
        self._indexes.clear()
        changes = collections.defaultdict(lambda: ([], []))
        for index, old, new in self._noted[self._written :]:
            removed, added = changes[index]
            removed.append(old)
            added.append(new)
        self._written = len(self._noted)
        for index, (removed, added) in changes.items():
            self._change(index, json.dumps(removed), json.dumps(added))

    def _change(self, index, removed, added):
        values = {"index": index, "removed": removed, "added": added}
        self._connection.execute(_CHANGE, values)
        self._connection.execute(_CLEAR, [index, removed])
