"""The store: requests' work on the data, done in threads of its own.

One thread writes, so that writes never wait for locks of each other; the others read the last
committed state meanwhile, which a write-ahead log allows. The IOLoop only gets Futures.
"""

from __future__ import absolute_import, division, print_function

import contextlib
import os
import threading
import time
from concurrent import futures

from waterspout_cmdb.sandbox.documents import Author
from waterspout_cmdb.sandbox.errors import SandboxError
from waterspout_cmdb.sandbox.identifiers import InstanceIds
from waterspout_cmdb.sandbox.seed import BadSeed, plant, shipped_definitions
from waterspout_cmdb.sandbox.storage import analysis, database, migrations, preparation
from waterspout_cmdb.sandbox.storage.transaction import Transaction

#: Threads that read. Python runs one at a time, but while SQLite searches it runs another. Of a
#: million instances a search that no index helps takes seconds, and others should not wait for it.
READERS = 4


class Store(object):
    """The data of all organisations.

    Use :meth:`open`. Every organisation has the models of the seed. One that nobody has written
    to is not in the file, and reads as if it had just been made.
    """

    def __init__(self, path, seed, clock):
        # type: (str, List[dict], Callable[[], float]) -> None
        self._path = path
        self._seed = seed
        self._clock = clock
        self._organisations = set()  # those that are known to be in the file
        self._connections = []
        self._age = 0  # of the statistics that connections know of
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
        Raises: StorageError: the file cannot be used. BadSeed: the models do not fit together, or
            with those that an organisation has made.
        """
        path = os.path.abspath(path)  # SQLite gives some names, like ":memory:", a meaning.
        store = cls(path, shipped_definitions() if seed is None else seed, clock)
        preparation.prepare(path)
        with _blamed_on_seed("together"), store._imagined(0, u""):
            pass
        with database.explained(path), _blamed_on_seed("what is in %s" % path):
            store._update()
        return store

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

    def _update(self):
        """Give the organisations of an older file the models and indexes that they lack."""
        with contextlib.closing(database.connect(self._path)) as connection:
            with self._begun(connection, "IMMEDIATE"):
                models = connection.execute("SELECT org, object_id FROM models").fetchall()
                for org, object_id in models:
                    self._transaction(connection, org, u"").table(object_id).model_changed()
                for org in set(org for org, _ in models):
                    plant(self._seed, self._transaction(connection, org, u""))
                    self._organisations.add(org)
                analysis.renew(connection)

    # In the threads

    def _read(self, org, user, function, args):
        connection = self._connection(read_only=True)
        with self._begun(connection):
            if self._is_there(connection, org):
                return function(self._transaction(connection, org, user), *args)
        # To make it in the file would be to wait for whoever writes.
        with self._imagined(org, user) as transaction:
            return function(transaction, *args)

    def _write(self, org, user, function, args):
        connection = self._connection(read_only=False)
        with self._begun(connection, "IMMEDIATE"):
            # Read each time, not kept: another process may have the file open.
            last = connection.execute("SELECT last FROM instance_ids").fetchone()[0]
            ids = InstanceIds(last, self._clock)
            transaction = self._transaction(connection, org, user, ids)
            if not self._is_there(connection, org):
                plant(self._seed, transaction)
            result = function(transaction, *args)
            transaction.finish()
            if ids.last != last:
                connection.execute("UPDATE instance_ids SET last = ?", [ids.last])
            is_time = analysis.is_outdated(connection)
        self._organisations.add(org)
        if is_time:
            self._submit_renewal()
        return result

    def _submit_renewal(self):
        """After this write has been answered; one that fails is tried again after the next."""
        try:
            self._writer.submit(self._renew_statistics)
        except RuntimeError:
            pass  # The store is being closed; the next one does it.

    def _renew_statistics(self):
        connection = self._connection(read_only=False)
        with self._begun(connection, "IMMEDIATE"):
            analysis.renew(connection)
        self._age += 1

    @contextlib.contextmanager
    def _imagined(self, org, user):
        """The data of an organisation that is not there, as if it had just been made; to read."""
        with contextlib.closing(database.connect(":memory:")) as connection:
            migrations.migrate(connection)
            plant(self._seed, self._transaction(connection, org, user))
            database.forbid_writing(connection)
            yield self._transaction(connection, org, user)

    @contextlib.contextmanager
    def _begun(self, connection, mode="DEFERRED"):
        """A transaction on the file, if no newer release has taken it over in the meantime."""
        with database.transaction(connection, mode):
            preparation.check_version(connection, self._path)
            yield

    def _transaction(self, connection, org, user, ids=None):
        return Transaction(connection, Author(org, user, self._clock()), ids)

    def _is_there(self, connection, org):
        if org not in self._organisations:
            sql = "SELECT 1 FROM models WHERE org = ? LIMIT 1"
            if connection.execute(sql, [org]).fetchone() is None:
                return False
            self._organisations.add(org)
        return True

    def _connection(self, read_only):
        """This thread's connection, made anew where there are statistics that it has not read."""
        local, age = self._local, self._age
        if getattr(local, "age", None) != age:
            if hasattr(local, "connection"):
                self._connections.remove(local.connection)
                local.connection.close()
            local.connection, local.age = database.connect(self._path, read_only), age
            self._connections.append(local.connection)
        return local.connection


@contextlib.contextmanager
def _blamed_on_seed(what):
    """What is refused inside becomes a BadSeed that says what the models do not fit."""
    try:
        yield
    except SandboxError as error:
        raise BadSeed("the seed's models do not fit %s: %s" % (what, error))
