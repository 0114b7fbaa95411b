"""JobsAccess: what the handlers of one process share: the store, threads for the disk, the hub."""

from __future__ import absolute_import, division, print_function

import collections
import logging
from concurrent.futures import ThreadPoolExecutor

from tornado import gen
from tornado.ioloop import IOLoop

from waterspout.service import Refusal
from waterspout_cmdb.gateway.jobs.handling.event_hub import EventHub
from waterspout_cmdb.gateway.jobs.handling.store_thread import StoreThread
from waterspout_cmdb.gateway.jobs.storing.jobs_database import JobStoreError

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable  # noqa: F401

#: Methods of the store that may have to wait for another process.
_WRITES = frozenset(["add", "resume", "stop"])

#: Threads that write uploads and read files.
_DISK_THREADS = 4

_log = logging.getLogger("waterspout.cmdb")


class JobsAccess(object):
    """The jobs, as the handlers of one process reach them. No method holds the loop up.

    Args:
        jobs_dir (native str): the folder of all jobs.
        org (text): for which the CMDB is called where a request names none.
        max_upload_bytes (int): of a request that has a file.
        most_per_tenant (int): jobs of a tenant that wait or run; 0: any number.
    Attributes:
        arriving (Counter): uploads that this process receives now, by `Tenant`.
    """

    def __init__(self, jobs_dir, org, max_upload_bytes, most_per_tenant=0):
        # type: (str, Any, int, int) -> None
        self.jobs_dir = jobs_dir
        self.org = u"%s" % org
        self.max_upload_bytes = max_upload_bytes
        self.most_per_tenant = most_per_tenant
        self.arriving = collections.Counter()  # type: Any
        self.hub = EventHub(self._find_all)
        # What reads never waits for another process that writes, nor for what writes here.
        self._readers, self._writers = StoreThread(jobs_dir), StoreThread(jobs_dir)
        self._disk_threads = ThreadPoolExecutor(_DISK_THREADS)

    def __repr__(self):
        # type: () -> str
        return "<JobsAccess %s>" % self.jobs_dir

    @gen.coroutine
    def in_store(self, method, *arguments):
        """Call a method of the `JobStore`, by its name.

        Returns: Future of what it returns.
        Raises, when waited for: Refusal, with 503: the store cannot be used; and what the method
            raises.
        """
        try:
            thread = self._writers if method in _WRITES else self._readers
            result = yield thread.call(method, *arguments)
        except JobStoreError as error:
            _log.error("Jobs cannot be used: %s", error)
            raise Refusal(
                503, "the list of jobs is busy; try again" if error.is_busy
                else "the list of jobs cannot be used; the gateway's log has the reason",
                {"Retry-After": "1" if error.is_busy else "60"})
        raise gen.Return(result)

    def on_disk(self, function, *arguments):
        # type: (Callable[..., Any], *Any) -> Any
        """Call a function that may wait for the disk; return a Future of what it returns."""
        return IOLoop.current().run_in_executor(self._disk_threads, function, *arguments)

    def close(self):
        # type: () -> Any
        """Close the store; return a Future that is done when that is."""
        self.hub.close()
        self._disk_threads.shutdown(wait=False)
        return gen.multi([self._readers.close(), self._writers.close()])

    def _find_all(self, job_ids):
        return self._readers.call("find_all", job_ids)  # Not logged: it is once a second.
