"""A pool of threads that tenants share fairly.

In a plain pool, a tenant that submits a hundred long tasks makes all others wait for them.
"""

from __future__ import absolute_import, division, print_function

import collections
import sys
import threading
from concurrent import futures


class Turns(object):
    """A pool of threads that limits the threads of each tenant; its other work waits.

    Args:
        threads (int): the number of threads.
        most (int): the number of threads that one tenant may use. Its work starts in order.
    """

    def __init__(self, threads, most):
        # type: (int, int) -> None
        self._most = most
        self._pool = futures.ThreadPoolExecutor(max_workers=threads)
        self._lock = threading.Lock()
        self._closed = False
        self._tenants = {}

    def submit(self, key, function, *args):
        # type: (Hashable, Callable, *Any) -> futures.Future
        """Call ``function(*args)`` in a thread when it is the turn of the tenant ``key``.

        Raises: RuntimeError: after :meth:`shutdown`, or if the system cannot start a thread.
        """
        work = _Work(function, args)
        with self._lock:
            if self._closed:
                raise RuntimeError("cannot submit work after shutdown()")
            tenant = self._tenants.setdefault(key, _Tenant())
            if tenant.running < self._most:
                tenant.running += 1
                try:
                    self._pool.submit(self._run, key, tenant, work)
                except RuntimeError:
                    work.dropped = True  # The pool has queued it although no thread started.
                    self._leave(key, tenant)
                    raise
            else:
                tenant.waiting.append(work)
        return work.future

    def shutdown(self):
        # type: () -> None
        """Refuse new work, and wait until all submitted work is done."""
        with self._lock:
            self._closed = True
        self._pool.shutdown()

    def _run(self, key, tenant, work):
        while work is not None and not work.dropped:
            work.run()
            work = self._next(key, tenant)

    def _next(self, key, tenant):
        """Queue the tenant's next work behind that of others; return it only if that fails."""
        with self._lock:
            if not tenant.waiting:
                self._leave(key, tenant)
                return None
            work = tenant.waiting.popleft()
        try:
            self._pool.submit(self._run, key, tenant, work)  # Behind the work of others.
        except RuntimeError:
            if self._closed:
                return work  # The pool is being shut down and refuses work; run it here.
            # No thread could be started, but the pool has queued the work; this thread runs it.
        return None

    def _leave(self, key, tenant):
        tenant.running -= 1
        if not tenant.running:
            del self._tenants[key]


class _Tenant(object):
    __slots__ = ("running", "waiting")

    def __init__(self):
        self.running = 0
        self.waiting = collections.deque()


class _Work(object):
    __slots__ = ("future", "dropped", "_function", "_args")

    def __init__(self, function, args):
        self.future = futures.Future()
        self.dropped = False
        self._function = function
        self._args = args

    def run(self):
        if not self.future.set_running_or_notify_cancel():
            return
        try:
            result = self._function(*self._args)
        except BaseException as error:
            if hasattr(self.future, "set_exception_info"):  # py2: an exception has no traceback.
                self.future.set_exception_info(error, sys.exc_info()[2])
            else:
                self.future.set_exception(error)
        else:
            self.future.set_result(result)
