"""JournalTransactions: how a journal is written, as a whole or not at all."""

from __future__ import absolute_import, division, print_function

import functools
import json
import sqlite3
from contextlib import contextmanager

from tornado.escape import to_unicode

from waterspout_cmdb.bulk.errors import BulkError


def told(method):
    """Have errors of the disk and of SQLite say what to do."""

    @functools.wraps(method)
    def wrapper(self, *args, **kwargs):
        try:
            return method(self, *args, **kwargs)
        except sqlite3.Error as error:
            self._is_broken = True
            raise BulkError(
                "the journal %s cannot be written (%s): make room or name another folder with "
                "--journal; --resume goes on from what is recorded" % (self.path, error))

    return wrapper


class JournalTransactions(object):
    """The writing of a journal's tables.

    Args:
        path (native str)
        database (sqlite3.Connection)
        clock (callable): returns seconds since 1970.
    """

    def __init__(self, path, database, clock):
        self.path = path
        self._database = database
        self._clock = clock
        self._is_broken = False

    @contextmanager
    def _transaction(self):
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._database.execute("COMMIT")
        except BaseException:
            try:
                self._database.execute("ROLLBACK")
            except sqlite3.Error:
                pass  # After some errors, such as a full disk, SQLite has done it already.
            raise

    def _add(self, **numbers):
        sets = ", ".join("%s = %s + :%s" % (name, name, name) for name in numbers)
        self._database.execute(
            "UPDATE progress SET changed = :now, " + sets, dict(numbers, now=self._clock()))

    def _set(self, **values):
        sets = ", ".join("%s = :%s" % (name, name) for name in values)
        self._database.execute(
            "UPDATE progress SET changed = :now, " + sets, dict(values, now=self._clock()))

    def _remember(self, name, value):
        self._database.execute(
            "INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, to_unicode(json.dumps(value))))
