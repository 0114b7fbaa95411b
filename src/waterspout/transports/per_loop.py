"""TransportsPerLoop: one session's transports, one for each IOLoop and process."""

from __future__ import absolute_import, division, print_function

import os

from tornado import gen
from tornado.concurrent import is_future

from waterspout._compat import TYPE_CHECKING, is_closed, resolved
from waterspout._compat.current_loop import current_loop

if TYPE_CHECKING:
    from typing import Callable  # noqa: F401

    from tornado.concurrent import Future  # noqa: F401
    from tornado.ioloop import IOLoop  # noqa: F401

    from waterspout.limits import Limits  # noqa: F401
    from waterspout.transports.base import Transport  # noqa: F401


class TransportsPerLoop(dict):
    """A dict of `IOLoop` to `Transport`, each made for the first call on its IOLoop.

    Args:
        make (callable): as `waterspout.transports.load` returns it.
        limits (Limits): of each of them.
    """

    def __init__(self, make, limits):
        # type: (Callable[[IOLoop, Limits], Transport], Limits) -> None
        self._make = make
        self._limits = limits
        self._pid = os.getpid()

    def of(self, io_loop):
        # type: (IOLoop) -> Transport
        """The transport of ``io_loop``; made if there is none. Raises: what making it raises."""
        if self._pid != os.getpid():
            # After a fork: the sockets and threads belong to the parent.
            self._pid = os.getpid()
            self.clear()
        transport = self.get(io_loop)
        if transport is None:
            self.forget_closed_loops()
            transport = self[io_loop] = self._make(io_loop, self._limits)
        return transport

    def forget_closed_loops(self):
        # type: () -> None
        """Close the transports of closed IOLoops, such as several ``asyncio.run`` leave."""
        for io_loop in [each for each in self if is_closed(each)]:
            try:
                self.pop(io_loop).close()
            except RuntimeError:
                pass  # asyncio raises it for a closed loop: the sockets are closed already.

    def close(self):
        # type: () -> Future[None]
        """Close all of them, unless they are those of a parent process; the Future is then done."""
        if self._pid != os.getpid():
            self.clear()
        try:
            done = resolved(None)
        except RuntimeError:  # No event loop is current.
            with current_loop(self):
                return self._close(resolved(None))
        return self._close(done)

    def _close(self, done):
        # type: (Future[None]) -> Future[None]
        """Close all of them. Return ``done``, or a Future if that takes longer."""
        self.forget_closed_loops()
        closing = [each.close() for each in self.values()]
        self.clear()
        for each in closing:
            if not _has_succeeded(each):
                return _all_of(closing)
        return done


def _has_succeeded(closing):
    # A transport of a user's own may return anything that can be yielded.
    return (is_future(closing) and closing.done() and not closing.cancelled()
            and closing.exception() is None)


@gen.coroutine
def _all_of(futures):
    # Resolves to None: a true result of ``__aexit__`` would suppress an exception.
    yield futures
