"""The store: requests' work on the data, done in threads of its own.

One thread writes, so that writes never wait for locks of each other; the others read the last
committed state meanwhile, which a write-ahead log allows. Organisations take turns in both. The
IOLoop only gets Futures.
"""

from __future__ import absolute_import, division, print_function

import contextlib
import os
import threading
import time

from waterspout_cmdb.sandbox.models.documents import Author
from waterspout_cmdb.sandbox.models.seed import BadSeed, plant, shipped_definitions
from waterspout_cmdb.sandbox.storage import analysis, database, migrations, preparation
from waterspout_cmdb.sandbox.storage.identity import FileIdentity
from waterspout_cmdb.sandbox.storage.instance_ids import InstanceIds
from waterspout_cmdb.sandbox.storage.limits import Limits
from waterspout_cmdb.sandbox.storage.transaction import Transaction
from waterspout_cmdb.sandbox.storage.turns import Turns
from waterspout_cmdb.sandbox.wire_format.api_errors import SandboxError

#: Threads that read. Python runs one at a time, but while SQLite searches it runs another. Of a
#: million instances a search that no index helps takes seconds, and others should not wait for it.
READERS = 4

#: How many of these one organisation may have: others are to be served meanwhile.
READERS_OF_ONE = 3

#: Seconds that SQLite may work on one request. A search among a million instances that no index
#: helps takes some of them, an import of as many rows as there may be, three.
READ_SECONDS, WRITE_SECONDS = 30.0, 60.0

#: Seconds that requests get to finish when the store is closed; a service waits 5 for that.
CLOSE_SECONDS = 3.0


class Store(object):
    """The data of all organisations.

    Use :meth:`open`. Every organisation has the models of the seed. One that nobody has written
    to is not in the file, and reads as if it had just been made.
    """

    def __init__(self, path, seed, clock, read_seconds=READ_SECONDS, write_seconds=WRITE_SECONDS):
        # type: (str, List[dict], Callable[[], float], float, float) -> None
        self._path = path
        self._seed = seed
        self._clock = clock
        self._read_seconds, self._write_seconds = read_seconds, write_seconds
        self._organisations = set()  # those that are known to be in the file
        self._connections = []
        self._identity = None  # of the file, while it is open
        self._limits = Limits()
        self._age = 0  # of the statistics that connections know of
        self._local = threading.local()
        self._writer = Turns(1, 1)
        self._readers = Turns(READERS, READERS_OF_ONE)

    @classmethod
    def open(cls, path, seed=None, clock=time.time, **limits):
        # type: (str, Optional[List[dict]], Callable[[], float], **float) -> Store
        """Open the file at ``path``, making it if need be.

        Args:
            seed (list of dict): definitions of the models every organisation has; default:
                those of ``seed.json``.
            clock: seconds since the epoch.
            limits: ``read_seconds`` and ``write_seconds``: how long SQLite may work on one request.
        Raises: StorageError: the file cannot be used. BadSeed: the models do not fit together, or
            with those that an organisation has made.
        """
        path = os.path.abspath(path)  # SQLite gives some names, like ":memory:", a meaning.
        store = cls(path, shipped_definitions() if seed is None else seed, clock, **limits)
        preparation.prepare(path)
        with _blamed_on_seed("together"), store._imagined(0, u""):
            pass
        with database.explained(path), _blamed_on_seed("what is in %s" % path):
            store._update()
            store._hold()
        return store

    def __repr__(self):
        return "<Store %s>" % self._path

    def read(self, org, user, function, *args):
        # type: (int, Text, Callable, *Any) -> futures.Future
        """Call ``function(transaction, *args)`` on a snapshot of the data.

        The Future raises what it raises. StorageError: the file cannot be used, or not any more.
        TookTooLong, Closing: see ``limits.py``.
        """
        return self._readers.submit(org, self._read, org, user, function, args)

    def write(self, org, user, function, *args):
        # type: (int, Text, Callable, *Any) -> futures.Future
        """Call ``function(transaction, *args)``; when it returns, what it did is on the disk.

        When it raises, nothing of it is, and the Future raises the same. It raises StorageError
        and so on as :meth:`read` does; nothing is written then either, except to a file that has
        been deleted, moved or replaced.
        """
        return self._writer.submit(org, self._write, org, user, function, args)

    def close(self, seconds=CLOSE_SECONDS):
        # type: (float) -> None
        """Finish what was submitted, then let go of the file. Blocks until then.

        Args:
            seconds: what is not finished by then is interrupted and undone, or not begun.
        """
        self._limits.end_in(seconds)
        self._readers.shutdown()  # First: a reader may wait for the writer.
        self._writer.shutdown()
        self._limits.close()
        while self._connections:  # The one that holds the file is the last.
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
        # To make it in the file would be to wait for whoever writes.
        with self._imagined(org, user) as transaction:
            return function(transaction, *args)

    def _write(self, org, user, function, args):
        with self._connected(read_only=False) as connection:
            result, is_time = self._written(connection, org, user, function, args)
        self._organisations.add(org)
        if is_time:
            self._submit_renewal()
        return result

    def _written(self, connection, org, user, function, args):
        """What a function returns, and whether it is time to renew the statistics."""
        with self._begun(connection, "IMMEDIATE"):
            # Read each time, not kept: another process may have the file open.
            last = connection.execute("SELECT last FROM instance_ids").fetchone()[0]
            ids = InstanceIds(last, self._clock)
            transaction = self._transaction(connection, org, user, ids)
            with self._limits.limited(connection, self._write_seconds) as check_time:
                transaction.check_time = check_time
                if not self._is_there(connection, org):
                    plant(self._seed, transaction)
                result = function(transaction, *args)
                transaction.finish()
            if ids.last != last:
                connection.execute("UPDATE instance_ids SET last = ?", [ids.last])
            return result, analysis.is_outdated(connection)

    def _submit_renewal(self):
        """After this write has been answered; one that fails is tried again after the next."""
        try:
            self._writer.submit(None, self._renew_statistics)
        except RuntimeError:
            pass  # The store is being closed; the next one does it.

    def _renew_statistics(self):
        with self._connected(read_only=False) as connection, self._begun(connection, "IMMEDIATE"):
            with self._limits.limited(connection, self._write_seconds):
                analysis.renew(connection)
        self._age += 1

    @contextlib.contextmanager
    def _imagined(self, org, user):
        """The data of an organisation that is not there, as if it had just been made; to read."""
        with contextlib.closing(database.connect(":memory:")) as connection:
            migrations.migrate(connection)
            plant(self._seed, self._transaction(connection, org, user))
            database.forbid_writing(connection)
            with self._limits.limited(connection, self._read_seconds):
                yield self._transaction(connection, org, user)

    @contextlib.contextmanager
    def _begun(self, connection, mode="DEFERRED"):
        """A transaction on the file, if no newer release has taken it over in the meantime."""
        with database.transaction(connection, mode):
            preparation.check_version(connection, self._path)
            yield

    @contextlib.contextmanager
    def _connected(self, read_only):
        """This thread's connection; afterwards it is certain that it was to the file at the path.

        It is not used again after an error: SQLite may have left it in the middle of something.
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
        """This thread's connection, made anew where there are statistics that it has not read."""
        local, age = self._local, self._age
        if getattr(local, "age", None) != age:
            self._disconnect()
            self._identity.check()  # Or SQLite would make a file where there is none.
            local.connection, local.age = database.connect(self._path, read_only), age
            self._connections.append(local.connection)
        return local.connection

    def _disconnect(self):
        """Have this thread make another connection for what it does next."""
        local = self._local
        if getattr(local, "age", None) is not None:
            local.age = None
            self._connections.remove(local.connection)
            local.connection.close()


@contextlib.contextmanager
def _blamed_on_seed(what):
    """What is refused inside becomes a BadSeed that says what the models do not fit."""
    try:
        yield
    except SandboxError as error:
        raise BadSeed("the seed's models do not fit %s: %s" % (what, error))
