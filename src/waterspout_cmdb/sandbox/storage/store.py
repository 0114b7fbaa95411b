"""The store: requests' work on the data, done in threads of its own.

One thread writes, so that writes never wait for locks of each other; the others read the last
committed state meanwhile, which a write-ahead log allows. The IOLoop only gets Futures.
"""

from __future__ import absolute_import, division, print_function

import os
import threading
import time
from concurrent import futures

from waterspout_cmdb.sandbox.documents import Author
from waterspout_cmdb.sandbox.identifiers import InstanceIds
from waterspout_cmdb.sandbox.seed import plant, shipped_definitions
from waterspout_cmdb.sandbox.storage import database
from waterspout_cmdb.sandbox.storage.transaction import Transaction

#: Threads that read. Python runs one at a time, but while SQLite searches it runs another.
READERS = 2


class Store(object):
    """The data of all organisations.

    Use :meth:`open`. An organisation exists as soon as it is named, with the models of the seed.
    """

    def __init__(self, path, seed, clock):
        # type: (str, List[dict], Callable[[], float]) -> None
        self._path = path
        self._seed = seed
        self._clock = clock
        self._organisations = set()  # those whose models are there
        self._connections = []
        self._local = threading.local()
        self._writer = futures.ThreadPoolExecutor(max_workers=1)
        self._readers = futures.ThreadPoolExecutor(max_workers=READERS)

    @classmethod
    def open(cls, path, seed=None, clock=time.time):
        # type: (str, Optional[List[dict]], Callable[[], float]) -> Store
        """Open the file at ``path``, making it if need be.

        Args:
            seed (list of dict): definitions of the models every organisation has; default:
                those of ``seed.json``.
            clock: seconds since the epoch.
        Raises: StorageError: the file cannot be used.
        """
        path = os.path.abspath(path)  # SQLite gives some names, like ":memory:", a meaning.
        database.prepare(path)
        return cls(path, shipped_definitions() if seed is None else seed, clock)

    def __repr__(self):
        return "<Store %s>" % self._path

    def read(self, org, user, function, *args):
        # type: (int, Text, Callable, *Any) -> futures.Future
        """Call ``function(transaction, *args)`` on a snapshot of the data."""
        return self._readers.submit(self._read, org, user, function, args)

    def write(self, org, user, function, *args):
        # type: (int, Text, Callable, *Any) -> futures.Future
        """Call ``function(transaction, *args)``; when it returns, what it did is on the disk.

        When it raises, nothing of it is, and the Future raises the same.
        """
        return self._writer.submit(self._write, org, user, function, args)

    def close(self):
        # type: () -> None
        """Finish what was submitted, then let go of the file. Blocks until then."""
        self._readers.shutdown()  # First: a reader may wait for the writer.
        self._writer.shutdown()
        while self._connections:
            self._connections.pop().close()

    # In the threads

    def _read(self, org, user, function, args):
        if org not in self._organisations:
            self.write(org, user, _nothing).result()
        connection = self._connection(read_only=True)
        with database.transaction(connection):
            return function(Transaction(connection, Author(org, user, self._clock())), *args)

    def _write(self, org, user, function, args):
        connection = self._connection(read_only=False)
        with database.transaction(connection, "IMMEDIATE"):
            # Read each time, not kept: another process may have the file open.
            last = connection.execute("SELECT last FROM instance_ids").fetchone()[0]
            ids = InstanceIds(last, self._clock)
            transaction = Transaction(connection, Author(org, user, self._clock()), ids)
            if org not in self._organisations:
                plant(self._seed, transaction)
            result = function(transaction, *args)
            if ids.last != last:
                connection.execute("UPDATE instance_ids SET last = ?", [ids.last])
        self._organisations.add(org)
        return result

    def _connection(self, read_only):
        """This thread's connection."""
        if not hasattr(self._local, "connection"):
            self._local.connection = database.connect(self._path, read_only)
            self._connections.append(self._local.connection)
        return self._local.connection


def _nothing(transaction):
    """A write that only makes the organisation."""
