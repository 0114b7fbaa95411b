"""StoreThread: a thread with a connection to the store, so that no loop waits for the disk."""

from __future__ import absolute_import, division, print_function

import time
from concurrent.futures import ThreadPoolExecutor

from tornado.ioloop import IOLoop

from waterspout_cmdb.gateway.jobs.storing.job_store import JobStore
from waterspout_cmdb.gateway.jobs.storing.jobs_database import BUSY_TIMEOUT, JobStoreError

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Optional  # noqa: F401

_clock = getattr(time, "monotonic", time.time)


class StoreThread(object):
    """Calls methods of a `JobStore` one after the other: SQLite's connection is used by one.

    Args:
        jobs_dir (native str): the folder of all jobs.
    """

    def __init__(self, jobs_dir):
        # type: (str) -> None
        self._jobs_dir = jobs_dir
        self._store = None  # type: Optional[JobStore]
        self._thread = ThreadPoolExecutor(1)

    def __repr__(self):
        # type: () -> str
        return "<StoreThread %s>" % self._jobs_dir

    def call(self, method, *arguments):
        # type: (str, *Any) -> Any
        """Return a Future of what a method returns, by its name.

        Raises: through the Future: what the method raises; JobStoreError, too, if those before it
            have waited for so long that it would be answered too late.
        """
        return IOLoop.current().run_in_executor(
            self._thread, self._call, _clock() + BUSY_TIMEOUT, method, *arguments)

    def close(self):
        # type: () -> Any
        """Close the store; return a Future that is done when that is."""
        closed = IOLoop.current().run_in_executor(self._thread, self._close)
        self._thread.shutdown(wait=False)
        return closed

    def _call(self, latest, method, *arguments):
        if _clock() > latest:
            raise JobStoreError("%s: others have waited for it for %g s" % (
                self._jobs_dir, BUSY_TIMEOUT), is_busy=True)
        if self._store is None:
            self._store = JobStore(self._jobs_dir, busy_timeout=BUSY_TIMEOUT)
        return getattr(self._store, method)(*arguments)

    def _close(self):
        if self._store is not None:
            self._store.close()
