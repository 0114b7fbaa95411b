"""EventHub: tells the handlers of one process when the jobs that they watch have changed."""

from __future__ import absolute_import, division, print_function

import logging

from tornado import gen
from tornado.concurrent import Future
from tornado.ioloop import IOLoop

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Optional, Set, Text  # noqa: F401

#: Seconds between two looks at the store, while any job is watched.
INTERVAL = 1.0

#: Handlers of one process that may watch at once: each holds a connection, and some 10 KB. One
#: tenant may have half of them.
MOST_WATCHES = 1000

_log = logging.getLogger("waterspout.cmdb")


class Watch(object):
    """One handler that watches one job.

    Args:
        job (Job): as it is now.
        leaves (callable): says whether the handler should end its response.
    Attributes:
        job (Job or None): as it was last seen; None: it was removed.
        is_over (bool): the handler should end its response.
    """

    def __init__(self, job, leaves):
        # type: (Any, Callable[[], bool]) -> None
        self.job = job
        self.id = job.id
        self.tenant = job.tenant
        self.is_over = False
        self.leaves = leaves
        self._waiting = None  # type: Optional[Future]

    def changed(self):
        # type: () -> Future
        """Return a Future that is done when `job` or `is_over` has changed, or after a `wake`."""
        self._waiting = Future()
        if self.is_over:
            self.wake()
        return self._waiting

    def end(self):
        # type: () -> None
        """The response should end: the client has left, or the process stops."""
        self.is_over = True
        self.wake()

    def wake(self):
        # type: () -> None
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.done():
            waiting.set_result(None)


class EventHub(object):
    """Asks the store once for all watches, whatever their number; not at all if there are none.

    Args:
        find_all (callable): ``find_all(ids)`` returns a Future of the jobs by id.
    """

    def __init__(self, find_all):
        # type: (Callable[[Any], Any]) -> None
        self._find_all = find_all
        self._watches = set()  # type: Set[Watch]
        self._is_looking = False
        self._timer = None  # type: Any

    def __repr__(self):
        # type: () -> str
        return "<EventHub %d watches>" % len(self._watches)

    def has_room(self, tenant):
        # type: (Any) -> bool
        """Whether one more handler may watch a job of this tenant."""
        if len(self._watches) >= MOST_WATCHES:
            return False
        return sum(watch.tenant == tenant for watch in self._watches) < MOST_WATCHES // 2

    def add(self, watch):
        # type: (Watch) -> None
        """Begin to tell it; `remove` it later."""
        self._watches.add(watch)
        self._later()

    def remove(self, watch):
        # type: (Watch) -> None
        """Stop telling it. A no-op if it is not there."""
        self._watches.discard(watch)
        if not self._watches and self._timer is not None:
            IOLoop.current().remove_timeout(self._timer)
            self._timer = None

    def close(self):
        # type: () -> None
        """End all watches."""
        for watch in list(self._watches):
            watch.end()
            self.remove(watch)

    def _later(self):
        if self._timer is None and not self._is_looking and self._watches:
            self._timer = IOLoop.current().call_later(INTERVAL, self._tick)

    def _tick(self):
        self._timer = None
        for watch in list(self._watches):
            if watch.leaves():
                watch.end()
        IOLoop.current().add_future(self._look(), lambda future: future.result())

    @gen.coroutine
    def _look(self):
        self._is_looking = True
        try:
            jobs = yield self._find_all(sorted({watch.id for watch in self._watches}))
            for watch in list(self._watches):
                job = jobs.get(watch.id)
                if job != watch.job:
                    watch.job = job
                    watch.wake()
        except Exception as error:  # It is logged; the next look may succeed.
            _log.debug("Watched jobs cannot be read: %s", error)
        finally:
            self._is_looking = False
            self._later()
