"""Duplicates: finds rows whose key an earlier row of the file has."""

from __future__ import absolute_import, division, print_function

import sqlite3
import tempfile

from waterspout_cmdb.bulk.checking import SeenKeys, duplicate_problem
from waterspout_cmdb.bulk.errors import BulkError

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Dict, Optional, Sequence, Text  # noqa: F401

    from waterspout_cmdb.bulk.rows import Problem  # noqa: F401


class Duplicates(object):
    """Remembers the keys of all rows in a temporary file, and tells those that come again.

    Args:
        keys (list of text): the attributes that are the key.
        path (text or None): of the temporary file; None: the system's place for such.
    """

    def __init__(self, keys, path=None):
        # type: (Sequence[Text], Optional[Text]) -> None
        self._keys = keys
        self._seen = SeenKeys(path)

    def problem(self, row_number, document):
        # type: (int, Dict[Text, Any]) -> Optional[Problem]
        """Return what is wrong with a row whose key an earlier one has; None if it is the first.

        Raises: BulkError: the disk is full.
        """
        key = tuple([document[name] for name in self._keys])
        try:
            first = self._seen.add(key, row_number)
        except sqlite3.Error as error:
            raise BulkError(
                "the keys of rows cannot be kept in a temporary file in %s (%s): make room there, "
                "or name another folder with the environment variable TMPDIR"
                % (tempfile.gettempdir(), error))
        if first is None:
            return None
        return duplicate_problem(row_number, first, self._keys, key)

    def close(self):
        # type: () -> None
        self._seen.close()

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.close()
