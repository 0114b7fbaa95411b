"""The store, which runs the requests' work on the data in threads.

One thread writes, so that writes never wait for each other's locks. The others read the last
committed state meanwhile, which a write-ahead log allows. Organisations take turns in both. The
IOLoop only gets Futures.
"""

from __future__ import absolute_import, division, print_function

import contextlib
import os
import threading
import time

from waterspout_cmdb.sandbox.models.documents import Author
from waterspout_cmdb.sandbox.models.seed import BadSeed, add_missing_models, shipped_definitions
from waterspout_cmdb.sandbox.storage import analysis, database, migrations, preparation
from waterspout_cmdb.sandbox.storage.file_identity import FileIdentity
from waterspout_cmdb.sandbox.storage.instance_ids import InstanceIds
from waterspout_cmdb.sandbox.storage.time_limits import TimeLimits
from waterspout_cmdb.sandbox.storage.transaction import Transaction
from waterspout_cmdb.sandbox.storage.turns import Turns
from waterspout_cmdb.sandbox.wire_format.api_errors import SandboxError

#: Threads that read. Python runs one at a time, but runs another while SQLite searches. A search
#: without an index among a million instances takes seconds, and others should not wait for it.
READERS = 4

#: The number of these that one organisation may use, so that others are served meanwhile.
READERS_OF_ONE = 3

#: Seconds that SQLite may work on one request. A search without an index among a million instances
#: takes several, an import of the highest number of rows three.
READ_SECONDS, WRITE_SECONDS = 30.0, 60.0

#: Seconds that requests have to finish when the store is closed; a service waits 5 seconds.
CLOSE_SECONDS = 3.0


class Store(object):
    """The data of all organisations.

    Use :meth:`open`. Every organisation has the models of the seed. An organisation without a
    write is not in the file; reads see it with the models of the seed and no instances.
    """

    def __init__(self, path, seed, clock, read_seconds=READ_SECONDS, write_seconds=WRITE_SECONDS):
        # type: (str, List[dict], Callable[[], float], float, float) -> None
        self._path = path
        self._seed = seed
        self._clock = clock
        self._read_seconds, self._write_seconds = read_seconds, write_seconds
        self._organisations = set()  # Those known to be in the file.
        self._connections = []
        self._identity = None  # Of the file, while it is open.
        self._limits = TimeLimits()
        self._age = 0  # Of the statistics that connections use.
        self._local = threading.local()
        self._writer = Turns(1, 1)
        self._readers = Turns(READERS, READERS_OF_ONE)

    @classmethod
    def open(cls, path, seed=None, clock=time.time, **limits):
        # type: (str, Optional[List[dict]], Callable[[], float], **float) -> Store
        """Open the file at ``path``; create it if it does not exist.

        Args:
            seed (list of dict): definitions of the models every organisation has; default:
                those of ``seed.json``.
            clock: seconds since the epoch.
            limits: ``read_seconds`` and ``write_seconds``: how long SQLite may work on one request.
        Raises: StorageError: the file cannot be used. BadSeed: the models contradict each other, or
            those that an organisation has created.
        """
        path = os.path.abspath(path)  # Some names, like ":memory:", are special in SQLite.
        store = cls(path, shipped_definitions() if seed is None else seed, clock, **limits)
        preparation.prepare(path)
        with _as_bad_seed("together"), store._in_memory(0, u""):
            pass
        with database.explained(path), _as_bad_seed("what is in %s" % path):
            store._update()
            store._hold()
        return store

    def __repr__(self):
        return "<Store %s>" % self._path

    def read(self, org, user, function, *args):
        # type: (int, Text, Callable, *Any) -> futures.Future
        """Call ``function(transaction, *args)`` on a snapshot of the data.

        The Future has the function's result or error. It also raises StorageError, if the file
        cannot be used (any more), and TookTooLong and Closing, see ``time_limits.py``.
        """
        return self._readers.submit(org, self._read, org, user, function, args)

    def write(self, org, user, function, *args):
        # type: (int, Text, Callable, *Any) -> futures.Future
        """Call ``function(transaction, *args)`` and commit its changes to the disk.

        The Future raises the function's error, or those of :meth:`read`. In both cases nothing is
        stored, except in a file that has been deleted, moved or replaced.
        """
        return self._writer.submit(org, self._write, org, user, function, args)

    def close(self, seconds=CLOSE_SECONDS):
        # type: (float) -> None
        """Finish the submitted work, then close the file. It blocks until then.

        Args:
            seconds: unfinished work is interrupted and rolled back after that time, or not started.
        """
        self._limits.end_in(seconds)
        self._readers.shutdown()  # First: a reader may wait for the writer.
        self._writer.shutdown()
        self._limits.close()
        while self._connections:  # The connection of `_hold` is closed last.
            self._connections.pop().close()

    def _update(self):
        """Add the missing models and indexes to the organisations in the file."""
        with contextlib.closing(database.connect(self._path)) as connection:
            with self._begun(connection, "IMMEDIATE"):
                models = connection.execute("SELECT org, object_id FROM models").fetchall()
                for org, object_id in models:
                    self._transaction(connection, org, u"").table(object_id).model_changed()
                for org in set(org for org, _ in models):
                    add_missing_models(self._seed, self._transaction(connection, org, u""))
                    self._organisations.add(org)
                analysis.renew(connection)

    def _hold(self):
        """Keep a connection open, so that the files beside this one stay the same."""
        connection = database.connect(self._path, read_only=True)
        self._connections.append(connection)
        connection.execute("SELECT count(*) FROM models").fetchone()
        self._identity = FileIdentity(self._path)

    # In the threads

    def _read(self, org, user, function, args):
        with self._connected(read_only=True) as connection:
            with self._begun(connection):
                if self._is_there(connection, org):
                    with self._limits.limited(connection, self._read_seconds):
                        return function(self._transaction(connection, org, user), *args)
        # To create the organisation in the file, this would have to wait for the writer.
        with self._in_memory(org, user) as transaction:
            return function(transaction, *args)

    def _write(self, org, user, function, args):
        with self._connected(read_only=False) as connection:
            result, is_time = self._written(connection, org, user, function, args)
        self._organisations.add(org)
        if is_time:
            self._submit_renewal()
        return result

    def _written(self, connection, org, user, function, args):
        """Return a function's result, and whether the statistics should be renewed."""
        with self._begun(connection, "IMMEDIATE"):
            # Read each time, because another process may have the file open.
            last = connection.execute("SELECT last FROM instance_ids").fetchone()[0]
            ids = InstanceIds(last, self._clock)
            transaction = self._transaction(connection, org, user, ids)
            with self._limits.limited(connection, self._write_seconds) as check_time:
                transaction.check_time = check_time
                if not self._is_there(connection, org):
                    add_missing_models(self._seed, transaction)
                result = function(transaction, *args)
                transaction.finish()
            if ids.last != last:
                connection.execute("UPDATE instance_ids SET last = ?", [ids.last])
            return result, analysis.is_outdated(connection)

    def _submit_renewal(self):
        """Renew the statistics after this write; if that fails, a later write tries again."""
        try:
            self._writer.submit(None, self._renew_statistics)
        except RuntimeError:
            pass  # The store is being closed; the next run does it.

    def _renew_statistics(self):
        with self._connected(read_only=False) as connection, self._begun(connection, "IMMEDIATE"):
            with self._limits.limited(connection, self._write_seconds):
                analysis.renew(connection)
        self._age += 1

    @contextlib.contextmanager
    def _in_memory(self, org, user):
        """Give a read-only transaction, in memory, on an organisation that is not in the file."""
        with contextlib.closing(database.connect(":memory:")) as connection:
            migrations.migrate(connection)
            add_missing_models(self._seed, self._transaction(connection, org, user))
            database.forbid_writing(connection)
            with self._limits.limited(connection, self._read_seconds):
                yield self._transaction(connection, org, user)

    @contextlib.contextmanager
    def _begun(self, connection, mode="DEFERRED"):
        """Begin a transaction, and check that no newer release has migrated the file meanwhile."""
        with database.transaction(connection, mode):
            preparation.check_version(connection, self._path)
            yield

    @contextlib.contextmanager
    def _connected(self, read_only):
        """Give this thread's connection, and check afterwards that the file is still at its path.

        The connection is closed after an error, because its state is unknown.
        """
        try:
            with database.blamed_on_file(self._path, writes=not read_only):
                yield self._connection(read_only)
            self._identity.check()
        except SandboxError:
            raise
        except BaseException:
            self._disconnect()
            raise

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
        """Return this thread's connection; open a new one after the statistics were renewed."""
        local, age = self._local, self._age
        if getattr(local, "age", None) != age:
            self._disconnect()
            self._identity.check()  # Otherwise SQLite would create a missing file.
            local.connection, local.age = database.connect(self._path, read_only), age
            self._connections.append(local.connection)
        return local.connection

    def _disconnect(self):
        """Close this thread's connection; the next work opens another."""
        local = self._local
        if getattr(local, "age", None) is not None:
            local.age = None
            self._connections.remove(local.connection)
            local.connection.close()


@contextlib.contextmanager
def _as_bad_seed(what):
    """Translate a SandboxError inside to a BadSeed about the seed's models."""
    try:
        yield
    except SandboxError as error:
        raise BadSeed("the seed's models do not fit %s: %s" % (what, error))
