"""Turns: the one place where a sender waits."""

from __future__ import absolute_import, division, print_function

from collections import deque

from tornado.concurrent import Future
from tornado.ioloop import IOLoop

from waterspout_cmdb.bulk.errors import BulkError

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable, Deque, Optional, Tuple  # noqa: F401

    from waterspout_cmdb.bulk.sending.concurrency import Concurrency  # noqa: F401


class Stopped(BulkError):
    """Rows were not sent, or not to the end, since the sender was closed before."""

    def __init__(self, reasons="sending was stopped before these rows were sent"):
        # type: (Any) -> None
        super(Stopped, self).__init__(reasons)


class Turns(object):
    """Lets so many requests begin as may be under way at once, and none during a pause.

    Args:
        concurrency (Concurrency): has the number.
        until (callable): returns the end of the pause, by the time of the IOLoop.
    """

    def __init__(self, concurrency, until):
        # type: (Concurrency, Callable[[], float]) -> None
        self._concurrency = concurrency
        self._until = until
        self._waiting = deque()  # type: Deque[Tuple[bool, Future[None]]]
        self._under_way = 0
        self._timer = None  # type: Any
        self._error = None  # type: Optional[BaseException]
        self._is_stopped = False

    @property
    def under_way(self):
        # type: () -> int
        """Requests that have their turn."""
        return self._under_way

    def take(self, is_begun):
        # type: (bool) -> Future[None]
        """Wait for a turn; call `release` at its end.

        Args:
            is_begun: it is for a batch that has had a turn: it goes first, and is still served
                after `stop`.
        Raises: through the Future: the error of `fail`; `Stopped`.
        """
        future = Future()  # type: Future[None]
        if self._error is not None or (self._is_stopped and not is_begun):
            _reject(future, self._error or Stopped())
        elif is_begun:
            self._waiting.appendleft((is_begun, future))
        else:
            self._waiting.append((is_begun, future))
        self.wake()
        return future

    def release(self):
        # type: () -> None
        """A request has ended; a pause after it has been decided."""
        self._under_way -= 1
        self.wake()

    def fail(self, error):
        # type: (BaseException) -> None
        """Nothing is sent any more: all that wait, and that come later, get ``error``."""
        if self._error is None:
            self._error = error
        self._give_up(lambda is_begun: True)

    def stop(self):
        # type: () -> None
        """Batches that are begun go on, unless they wait for the end of a pause."""
        self._is_stopped = True
        in_pause = self._until() > IOLoop.current().time()
        self._give_up(lambda is_begun: in_pause or not is_begun)

    def wake(self):
        # type: () -> None
        """Let those begin that may, and have the rest woken at the end of the pause."""
        if not self._waiting:
            return
        loop = IOLoop.current()
        left = self._until() - loop.time()
        if left > 0:
            if self._is_stopped:
                self._give_up(lambda is_begun: True)
            elif self._timer is None:
                self._timer = loop.call_later(left, self._pause_ended)
            return
        while self._waiting and self._under_way < self._concurrency.limit:
            _is_begun, future = self._waiting.popleft()
            if not future.done():  # Cancelled.
                self._under_way += 1
                future.set_result(None)

    def _pause_ended(self):
        # type: () -> None
        self._timer = None
        self.wake()  # Which waits again if the pause was made longer.

    def _give_up(self, chosen):
        # type: (Callable[[bool], bool]) -> None
        waiting, self._waiting = self._waiting, deque()
        for is_begun, future in waiting:
            if chosen(is_begun):
                _reject(future, self._error or Stopped())
            else:
                self._waiting.append((is_begun, future))
        if not self._waiting and self._timer is not None:
            IOLoop.current().remove_timeout(self._timer)
            self._timer = None


def _reject(future, error):
    # type: (Future[None], BaseException) -> None
    if not future.done():
        future.set_exception(error)
        future.exception()  # It is seen, also if the coroutine that waits is gone.
