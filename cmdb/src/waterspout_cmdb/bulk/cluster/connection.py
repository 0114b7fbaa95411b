"""A connection to a Dask cluster, over which calls are made that survive the loss of a worker."""

from __future__ import absolute_import, division, print_function

import collections
import logging
import uuid

from tornado import gen
from tornado.ioloop import IOLoop, PeriodicCallback

from waterspout_cmdb.bulk.cluster import same_code
from waterspout_cmdb.bulk.cluster.dask_import import import_distributed
from waterspout_cmdb.bulk.errors import BulkError

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable, Dict  # noqa: F401

    from tornado.concurrent import Future  # noqa: F401

LOG = logging.getLogger("waterspout_cmdb")

#: Seconds to reach the scheduler, and for its first worker to be there.
CONNECT_TIMEOUT = 10

#: Seconds that an import waits, with calls under way, for a cluster that has lost all its workers.
WAIT_FOR_WORKERS = 60

#: Calls that are done, of which the scheduler is asked when it has lost a worker.
_RECENT = 200


#: Dask keeps the last 1,000 messages that it has sent, with what is in them: pieces of the file.
_FEW_MESSAGES = {"distributed.admin.low-level-log-length": 2}


class Connection(object):
    """What an import has of a cluster; `connect` makes it.

    Attributes:
        address (str): of the scheduler.
        slots (int): how many calls the workers can run at a time, as it was a second ago.
        counting (Future): resolved when `lost_calls` has all that is known of lost workers.
    """

    def __init__(self, address, client, slots, tell, wait_for_workers):
        self.address = address
        self.slots = slots
        self.counting = gen.maybe_future(None)  # type: Any
        self._client = client
        self._tell = tell
        self._id = uuid.uuid4().hex[:8]
        self._number = 0
        self._calls = {}  # key -> dask Future: those under way.
        self._forgotten = set()  # Keys of calls that are given up.
        self._recent = collections.deque(maxlen=_RECENT)  # Keys of calls that are done.
        self._lost = collections.Counter()  # How often a call was lost, by its key.
        self._reason = None  # Why no call can be made any more, a text.
        self._wait_for_workers = wait_for_workers
        self._deserted_since = None
        self._watch = PeriodicCallback(self._look_for_workers, 1000)
        self._watch.start()
        # The scheduler tells of each worker that it loses, and which tasks that one had.
        client.subscribe_topic("all", self._on_event)

    @property
    def lost_calls(self):
        # type: () -> int
        """How often a call was given to another worker, since the one that had it was lost.

        Of some of them the lost worker had done the work, of others it had not begun it.
        """
        return sum(self._lost.values())

    @gen.coroutine
    def call(self, function, argument, what):
        # type: (Callable, object, str) -> Future
        """Run ``function(argument)`` on one of the workers, and again if that one is lost.

        The scheduler sees to that by itself: it runs a call again as long as it has not been asked
        to forget it, which is done here once the result has arrived.

        Args:
            function: a function of a module, or coroutine; it is found by its name there.
            argument: can be pickled. Its ``repr`` is shown in Dask's logs and pages.
            what (str): what is done, for the dashboard: letters only.
        Returns: a Future of the result.
        Raises: BulkError: the cluster was lost, or the call broke several workers.
        """
        from distributed.scheduler import KilledWorker

        self._check()
        self._number += 1
        key = "waterspout_%s-%s-%d" % (what, self._id, self._number)
        # ``pure=False``: an equal argument is another call. ``retries=0``: an exception is a
        # mistake of ours, which would come again. ``distributed.scheduler.allowed-failures`` (3)
        # workers may be lost by a call before it is given up. Work stealing may stay on: a task
        # moves only if its worker confirms that it has not begun it.
        future = self._client.submit(function, argument, key=key, pure=False, retries=0)
        self._calls[key] = future
        try:
            result = yield future
        except _lost():
            if key in self._forgotten:
                raise BulkError("%r was given up on the cluster" % (argument,))
            self._reason = self._reason or (
                "the connection to the Dask scheduler %s was lost" % self.address)
            self._check()
        except KilledWorker:
            raise BulkError(
                "%r on the cluster %s: each worker that began it was lost (killed, or out of"
                " memory?); see the logs of the workers" % (argument, self.address))
        finally:
            del self._calls[key]
            self._forgotten.discard(key)
            self._recent.append(key)
            future.release()
        raise gen.Return(result)

    def forget(self):
        # type: () -> None
        """Give up the calls that are under way: they fail with a BulkError.

        Those that no worker has begun are not begun; others go on, and their results are dropped.
        """
        if self._calls and self._reason is None:
            self._forgotten.update(self._calls)
            IOLoop.current().spawn_callback(self._client.cancel, list(self._calls.values()))

    @gen.coroutine
    def everywhere(self, function, argument):
        # type: (Callable, object) -> Future
        """Run ``function(argument)`` once on each worker that there is now; errors are logged."""
        if self._reason is not None:
            return
        try:
            yield self._client.run(function, argument, on_error="ignore")
        except (EnvironmentError, ValueError) as error:
            LOG.warning("on the workers of %s: %s", self.address, error)

    @gen.coroutine
    def close(self):
        # type: () -> Future
        """End the connection; what is under way is forgotten by the cluster."""
        self._watch.stop()
        self._reason = self._reason or "the connection to %s was closed" % self.address
        yield self._client.close()

    def _check(self):
        if self._reason is not None:
            raise BulkError(self._reason)

    def _on_event(self, event):
        message = event[1]
        if isinstance(message, dict) and message.get("action") == "remove-worker":
            # ``processing`` were with it, ``lost-computed`` had results there that did not arrive.
            given = set(message.get("processing-tasks", ())) | set(
                message.get("lost-computed-tasks", ()))
            self._lost.update(given.intersection(self._calls))
            self._tell("the cluster lost the worker %s: what it had goes to others"
                       % message.get("worker"))
            self.counting = self._count_lost(self.counting)

    @gen.coroutine
    def _count_lost(self, others):
        """Look for calls that went to another worker before the loss of theirs was told.

        A worker that is ended by a signal gives back what it has, and leaves only then.
        """
        yield others
        keys = set(self._calls).union(self._recent)
        try:
            story = yield self._client.story(*keys, on_error="ignore")
        except EnvironmentError:
            return  # The scheduler is lost; the calls are told.
        begun = collections.Counter(
            each[1] for each in story
            if each[0] == "scheduler" and each[1] in keys and each[3] == "processing")
        for key, times in begun.items():
            if times - 1 > self._lost[key]:
                self._lost[key] = times - 1

    @gen.coroutine
    def _look_for_workers(self):
        if self._client.status != "running":
            return
        try:
            threads = yield self._client.nthreads()
        except EnvironmentError:
            return  # The scheduler is lost: the calls are told by Dask.
        now = IOLoop.current().time()
        self.slots = sum(threads.values()) or self.slots
        if threads or not self._calls:
            self._deserted_since = None
        elif self._deserted_since is None:
            self._deserted_since = now
        elif now - self._deserted_since >= self._wait_for_workers:
            self._reason = "the cluster %s has had no worker for %d seconds" % (
                self.address, self._wait_for_workers)
            yield self._client.cancel(list(self._calls.values()))


@gen.coroutine
def connect(address, security=None, tell=LOG.warning, timeout=CONNECT_TIMEOUT,
            wait_for_workers=WAIT_FOR_WORKERS):
    # type: (str, Any, Callable[[str], Any], float, float) -> Future
    """Connect to a scheduler, and see that it and its workers can run an import.

    Args:
        address (str): such as "tcp://10.0.0.1:8786".
        security: a ``distributed.Security``; Dask's own configuration by default.
        tell (callable): called with lines for the user, such as that a worker is lost.
        timeout (float): seconds to reach it, and for its first worker.
        wait_for_workers (float): seconds; see `WAIT_FOR_WORKERS`.
    Returns: a Future of the `Connection`.
    Raises: BulkError: it cannot be reached, has no worker, or other versions.
    """
    try:
        client_class = import_distributed().Client
    except ImportError:
        if str is bytes:  # Python 2.7.
            raise BulkError("--cluster needs Python 3: Dask has no release for 2.7")
        raise BulkError('--cluster needs Dask: pip install "waterspout-cmdb[cluster]"')
    _quiet()
    try:
        with import_distributed("dask.config").set(_FEW_MESSAGES):
            client = yield client_class(
                address, asynchronous=True, set_as_default=False, timeout=timeout,
                security=security, name="waterspout-cmdb-import")
    except (EnvironmentError, ValueError, TypeError) as error:
        raise BulkError(
            "the Dask scheduler %s cannot be reached (%s): start it with `dask scheduler`, and see"
            " that the address is right" % (address, error))
    try:
        yield _check_processes(address, client, timeout)
        slots = sum((yield client.nthreads()).values())
    except BulkError:
        yield client.close()
        raise
    raise gen.Return(Connection(address, client, slots, tell, wait_for_workers))


@gen.coroutine
def _check_processes(address, client, timeout):
    from distributed import TimeoutError as NoWorker
    from distributed import __version__ as dask

    try:
        yield client.wait_for_workers(1, timeout=timeout)
    except NoWorker:
        raise BulkError(
            "the cluster %s has no worker: start some with `dask worker %s`" % (address, address))
    answers = {}
    try:
        answers["the scheduler %s" % address] = yield client.run_on_scheduler(
            eval, same_code.PROBE)
        workers = yield client.run(eval, same_code.PROBE, on_error="return")
    except Exception as error:  # Anything that went wrong there is raised here.
        raise BulkError("the scheduler %s runs nothing for us: %s" % (address, error))
    answers.update(("the worker %s" % each, answer) for each, answer in workers.items())
    found = same_code.complaints(answers, dask)
    if found:
        raise BulkError(found)


def _quiet():
    """Have Dask write only what is critical: what a user should know is told, without tracebacks.

    Its handlers are those that it has made for itself when it was imported.
    """
    for name in list(logging.Logger.manager.loggerDict):
        if name == "distributed" or name.startswith("distributed."):
            for handler in logging.getLogger(name).handlers:
                handler.setLevel(logging.CRITICAL)


def _lost():
    """Return the classes of the errors by which Dask says that a call will have no result."""
    import asyncio
    import concurrent.futures

    from distributed.comm import CommClosedError

    return (asyncio.CancelledError, concurrent.futures.CancelledError, CommClosedError)
