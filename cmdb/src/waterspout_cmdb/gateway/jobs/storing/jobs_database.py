"""JobsDatabase: the SQLite file of jobs: it is opened, made, and used in transactions."""

from __future__ import absolute_import, division, print_function

import contextlib
import os
import sqlite3

from waterspout_cmdb.gateway.jobs.storing.schema import SCHEMA, VERSION

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Iterator  # noqa: F401

#: Name of the file in the folder of all jobs.
FILE = "jobs.db"

#: Seconds to wait for another process that writes.
BUSY_TIMEOUT = 5.0


class JobStoreError(Exception):
    """The store cannot be used: locked for too long, damaged, of another version, or no disk.

    ``str()`` names the file, and is for operators.

    Attributes:
        is_busy (bool): another process was writing for too long; it may be tried again.
    """

    def __init__(self, text, is_busy=False):
        # type: (str, bool) -> None
        super(JobStoreError, self).__init__(text)
        self.is_busy = is_busy


class JobsDatabase(object):
    """The file, with the tables of `SCHEMA`. Used by one thread at a time.

    Args:
        jobs_dir (native str): a folder that exists; the file is made if it is not there.
        busy_timeout (float seconds): to wait for another process that writes.
    Raises: JobStoreError.
    """

    def __init__(self, jobs_dir, busy_timeout=BUSY_TIMEOUT):
        # type: (str, float) -> None
        self.path = os.path.join(jobs_dir, FILE)
        self._connection = None  # type: Any
        with self.errors():
            # For this user alone; the files that SQLite makes beside it are like it.
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
            self._connection = sqlite3.connect(
                self.path, timeout=busy_timeout, isolation_level=None, check_same_thread=False)
            self._prepare()

    def __repr__(self):
        # type: () -> str
        return "<JobsDatabase %s>" % self.path

    def close(self):
        # type: () -> None
        """Close the file. A no-op if it is closed."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def run(self, statement, *arguments):
        # type: (str, *Any) -> Any
        """Run a statement in `errors` or in a `transaction`; return its cursor."""
        if self._connection is None:
            raise JobStoreError("%s is closed" % self.path)
        return self._connection.execute(statement, arguments)

    @contextlib.contextmanager
    def transaction(self):
        # type: () -> Iterator[None]
        """What writes: other writers wait; all of it is stored, or nothing."""
        with self.errors():
            self.run("BEGIN IMMEDIATE")
            try:
                yield
                self.run("COMMIT")
            except BaseException:
                _roll_back(self._connection)
                raise

    @contextlib.contextmanager
    def errors(self):
        # type: () -> Iterator[None]
        """What reads: errors of SQLite and of the disk become a `JobStoreError`."""
        try:
            yield
        except EnvironmentError as error:
            raise JobStoreError("cannot open %s: %s" % (self.path, os.strerror(error.errno)))
        except sqlite3.Error as error:
            is_busy = "locked" in str(error) or "busy" in str(error)
            raise JobStoreError("cannot use %s: %s%s" % (
                self.path, error, "" if is_busy or isinstance(error, sqlite3.OperationalError)
                else "; if it is damaged, stop the gateway, move it away, and start again"),
                is_busy)

    def _prepare(self):
        self.run("PRAGMA journal_mode = WAL")
        self.run("PRAGMA synchronous = FULL")  # A job that was accepted survives a power cut.
        if self._version() == VERSION:
            return
        with self.transaction():
            if self._version() == 0:  # Another process may have made them meanwhile.
                for statement in SCHEMA:
                    self.run(statement)
                self.run("PRAGMA user_version = %d" % VERSION)
            if self._version() != VERSION:
                raise JobStoreError(
                    "%s is of version %d, and this release reads version %d; use another folder, "
                    "or the release that made it" % (self.path, self._version(), VERSION))

    def _version(self):
        # type: () -> int
        return self.run("PRAGMA user_version").fetchone()[0]


def _roll_back(connection):
    try:
        connection.execute("ROLLBACK")
    except sqlite3.Error:
        pass  # There is nothing to roll back: SQLite has done it.
