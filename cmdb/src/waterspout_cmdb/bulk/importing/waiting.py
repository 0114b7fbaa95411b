"""What a stage waits for, while the import as a whole waits in one place."""

from __future__ import absolute_import, division, print_function

import collections

from tornado.concurrent import Future, future_add_done_callback

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Iterator, Tuple  # noqa: F401


def settled(future):
    # type: (Future) -> Future[None]
    """Return a Future that is resolved when the other one is done, also if that failed."""
    done = Future()  # type: Future[None]
    future_add_done_callback(future, lambda _: done.set_result(None))
    return done


def unless_done(future, other):
    # type: (Future, Future) -> Future[None]
    """Return a Future that is resolved when the first of two is done, also if that failed.

    What ``future`` fails with later is not logged as an error that was missed.
    """
    first = Future()  # type: Future[None]

    def resolve(each):
        if not each.cancelled():
            each.exception()
        if not first.done():
            first.set_result(None)

    for each in (future, other):
        future_add_done_callback(each, resolve)
    return first


class UnderWay(object):
    """Futures that are under way, each with what it is about; they are taken as they get done."""

    def __init__(self):
        # type: () -> None
        self._count = 0
        self._done = collections.deque()  # type: collections.deque
        self._wake = None  # type: Future | None

    def __len__(self):
        # type: () -> int
        return self._count + len(self._done)

    def add(self, future, about):
        # type: (Future, Any) -> None
        self._count += 1
        future_add_done_callback(future, lambda each: self._arrived(each, about))

    def taken(self):
        # type: () -> Iterator[Tuple[Future, Any]]
        """Yield those that are done, each once, with what they are about."""
        while self._done:
            yield self._done.popleft()

    def any_done(self):
        # type: () -> Future[None]
        """Return a Future that is resolved once there is something to take."""
        self._wake = Future()
        if self._done or not self._count:
            self._wake.set_result(None)
        return self._wake

    def _arrived(self, future, about):
        self._count -= 1
        self._done.append((future, about))
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)
