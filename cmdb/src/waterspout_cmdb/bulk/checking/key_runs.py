"""KeyRuns: keys in a temporary file, of which the time to write does not grow with their number.

One table of all keys would be written to at places all over it, so that each batch would write
the whole table again. Here a batch is a table of its own, a run; runs are merged from time to time,
all of it from the first row to the last.
"""

from __future__ import absolute_import, division, print_function

import os
import sqlite3

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import List, Optional, Text, Tuple  # noqa: F401

#: Runs of about the same size that are there before they are merged into one. For 10,000,000 keys
#: in batches of 40,000 there are at most 24 runs to look into, and a key is written three times.
_MERGED = 8

#: KiB of the file that SQLite keeps in memory; the operating system keeps more if it has some.
_CACHE = 8192


class KeyRuns(object):
    """Keys by their numbers, in a file that `close` removes.

    Args:
        path (str): of the file; one that is there is replaced. None: SQLite chooses one.
    """

    def __init__(self, path=None):
        # type: (Optional[str]) -> None
        self._path = path
        self._remove()  # That of an import that was killed.
        # One import uses it, but not always in the thread that made it.
        self._database = sqlite3.connect(
            path or "", isolation_level=None, check_same_thread=False)
        self._database.execute("PRAGMA journal_mode=OFF")
        self._database.execute("PRAGMA synchronous=OFF")
        self._database.execute("PRAGMA cache_size=-%d" % _CACHE)
        self._levels = []  # type: List[List[str]]  # Names of tables, the smallest ones first.
        self._queries = []  # type: List[str]
        self._made = 0

    def find(self, number):
        # type: (int) -> Optional[Tuple[int, Text]]
        """Return the row and the key that have the number, or None."""
        for query in self._queries:
            found = self._database.execute(query, (number,)).fetchone()
            if found is not None:
                return found
        return None

    def write(self, keys):
        # type: (List[Tuple[int, int, Text]]) -> None
        """Add keys: (number, row, key) in the order of numbers, none of which is there already."""
        self._database.execute("BEGIN")
        self._add(0, "VALUES (?, ?, ?)", keys)
        for level in range(len(self._levels)):
            names = self._levels[level]
            if len(names) == _MERGED:
                # SQLite merges what is sorted, and needs no memory for it.
                self._add(level + 1, "%s ORDER BY number" % " UNION ALL ".join(
                    "SELECT number, row, key FROM %s" % name for name in names), [()])
                for name in names:
                    self._database.execute("DROP TABLE %s" % name)
                del names[:]
        self._database.execute("COMMIT")
        self._queries = [
            "SELECT row, key FROM %s WHERE number = ?" % name
            for names in reversed(self._levels) for name in names]

    def close(self):
        # type: () -> None
        """Remove the file. It can be called again."""
        self._database.close()
        self._remove()

    def _add(self, level, source, parameters):
        """Make a run of what an INSERT's source has."""
        name = "run_%d" % self._made
        self._made += 1
        self._database.execute(
            "CREATE TABLE %s (number INTEGER PRIMARY KEY, row INTEGER, key TEXT)" % name)
        self._database.executemany("INSERT INTO %s %s" % (name, source), parameters)
        if level == len(self._levels):
            self._levels.append([])
        self._levels[level].append(name)

    def _remove(self):
        if self._path is not None and os.path.exists(self._path):
            os.remove(self._path)
