"""How often each value of an indexed attribute occurs.

Kept, not counted: every search tells how many instances it finds in all, and to count a third of a
million takes SQLite a tenth of a second, index or not.
"""

from __future__ import absolute_import, division, print_function

import collections
import json

_OF_VALUE = " WHERE index_id = ? AND value = json_extract(?, '$')"


class Tallies(object):
    """Writes the table ``tallies``; a part of the transaction it was made in.

    What is noted is written at the end: an import changes the same few values again and again.
    """

    def __init__(self, connection):
        # type: (sqlite3.Connection) -> None
        self._connection = connection
        self._noted = []

    def note(self, indexes, before, after):
        # type: (Mapping[Text, int], dict, dict) -> None
        """An instance becomes another one; where there is none, that is an empty document.

        Args:
            indexes: the numbers of the indexes that are tallied, by their attributes.
        """
        for name, index in indexes.items():
            old, new = before.get(name), after.get(name)
            if old != new:
                self._noted += [(index, old, -1), (index, new, 1)]

    def noted(self):
        # type: () -> int
        """How much has been noted and not written."""
        return len(self._noted)

    def forget(self, noted):
        # type: (int) -> None
        """Undo what has been noted since there was so much."""
        del self._noted[noted:]

    def write(self):
        # type: () -> None
        """Have the table say what has been noted."""
        changes = collections.Counter()
        for index, value, change in self._noted:
            changes[index, value] += change
        self._noted = []
        for (index, value), change in changes.items():
            if change and value is not None:
                self._change(index, value, change)

    def _change(self, index, value, change):
        # Values take the way of the stored ones: see `bound` of the compiler.
        key = [index, json.dumps(value)]
        execute = self._connection.execute
        if change > 0:
            execute("INSERT OR IGNORE INTO tallies VALUES (?, json_extract(?, '$'), 0)", key)
        execute("UPDATE tallies SET instances = instances + ?" + _OF_VALUE, [change] + key)
        if change < 0:
            execute("DELETE FROM tallies" + _OF_VALUE + " AND instances = 0", key)
