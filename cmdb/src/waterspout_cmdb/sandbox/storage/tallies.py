"""The stored numbers of instances with each value of an indexed attribute.

They are stored because every search returns its total, and SQLite takes a tenth of a second to
count a third of a million instances, even with an index.
"""

from __future__ import absolute_import, division, print_function

import collections
import json

from waterspout_cmdb.sandbox.storage.indexes import Indexes

# The values are bound as JSON, each as often as it counts, so that SQLite reads them like stored
# values (see `bound` in the compiler) and sorts them like the table.
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
    """Writes the table ``tallies``; valid during the transaction that made it.

    Changes are collected and written at the end, because an import changes the same few values
    many times.
    """

    def __init__(self, connection):
        # type: (sqlite3.Connection) -> None
        self._connection = connection
        self._indexes = {}  # By the numbers of models; see `indexes`.
        self._noted = []  # Triples: an index, an old value, a new value.
        self._written = 0  # How many of them are in the table.

    def indexes(self, key):
        # type: (int) -> Dict[Text, int]
        """Return the numbers of a model's tallied indexes, by attribute."""
        if key not in self._indexes:
            self._indexes[key] = Indexes(self._connection, key).tallied()
        return self._indexes[key]

    def note(self, key, before, after):
        # type: (int, dict, dict) -> None
        """Note a change of an instance; a document is empty before creation and after deletion.

        Args:
            key: the model's number.
        """
        for name, index in self.indexes(key).items():
            old, new = before.get(name), after.get(name)
            if old != new:
                self._noted.append((index, old, new))

    def mark(self):
        # type: () -> tuple
        """Return the current state, for :meth:`undo`."""
        return len(self._noted), self._written, dict(self._indexes)

    def undo(self, mark):
        # type: (tuple) -> None
        """Return to the state of ``mark``; the caller has rolled the table back."""
        noted, self._written, self._indexes = mark
        del self._noted[noted:]

    def write(self):
        # type: () -> None
        """Write the noted changes; call it also before indexes change."""
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
