"""Serves in one process until it is stopped: drain, close the application, end the loop."""

from __future__ import absolute_import, division, print_function

import sys

from tornado import gen
from tornado.concurrent import Future
from tornado.ioloop import IOLoop
from tornado.util import raise_exc_info

from waterspout._compat import TYPE_CHECKING, close_without_waiting, resolve
from waterspout.service._host.reuse_port import stop_handshakes
from waterspout.service._processes.deferred_gc import DeferredGC
from waterspout.service._processes.failed_reload import log_failed_reload
from waterspout.service._processes.generation import Generation, shut_down_within
from waterspout.service._processes.young_gc import rare_young_collections

if TYPE_CHECKING:
    from typing import Any, Callable, List, Optional  # noqa: F401

    from waterspout.service._processes.places import Place  # noqa: F401
    from waterspout.service._processes.service_plan import ServicePlan  # noqa: F401


def run_worker(plan, make_app, watch, on_ready, on_drained=lambda: None, place=None):
    # type: (ServicePlan, Callable[[], Any], Callable[..., None], Callable[[], Any], Callable[[], Any], Optional[Place]) -> bool  # noqa: E501
    """Serve until stopped. Blocks; call it in a process without an IOLoop.

    Args:
        plan (ServicePlan): its sockets are closed when accepting ends.
        make_app (callable): returns the :class:`Application`; called on the running IOLoop.
        watch (callable): ``watch(io_loop, worker)`` arranges for methods of the `Worker` to be
            called on the loop.
        on_ready (callable): called without arguments once requests are served.
        on_drained (callable): called without arguments when requests have ended, before the
            application's shutdown callbacks.
        place (Place or None): where to report how this process is.
    Returns: bool: False if requests or shutdown callbacks were cut off.
    """
    if place is not None:
        place.starting()
    io_loop = IOLoop(make_current=False)  # It is current while it runs.
    with rare_young_collections():
        deferred_gc = DeferredGC(io_loop)
        worker = Worker(plan, io_loop, place)
        try:
            clean = io_loop.run_sync(
                lambda: worker.serve(make_app, watch, on_ready, on_drained))
        finally:
            deferred_gc.close()
    close_without_waiting(io_loop)
    return clean


class Worker(object):
    """The serving process itself, as those see it that tell it what to do."""

    def __init__(self, plan, io_loop, place=None):
        # type: (ServicePlan, IOLoop, Optional[Place]) -> None
        self._plan = plan
        self._place = place
        self._io_loop = io_loop
        self._current = None  # type: Optional[Generation]
        self._ending = []  # type: List[Future[bool]]  # Of generations that were replaced.
        self._told = None  # type: Any  # A Future; done when accepting ends.
        self._is_stopping = self._is_replaced = False

    def __repr__(self):
        return "<Worker %r stopping=%s>" % (self._current, self._is_stopping)

    @gen.coroutine
    def serve(self, make_app, watch, on_ready, on_drained):
        """Serve until told to end; see `run_worker`."""
        self._told = Future()  # Of the running loop.
        watch(self._io_loop, self)
        failure = None  # type: Any
        try:
            self._current = self._started(make_app)
        except (Exception, SystemExit):
            failure = sys.exc_info()
        if failure is not None:
            yield self._ending
            raise_exc_info(failure)  # py2: after the `yield`, a bare raise would raise another one.
        if self._is_stopping:
            self._current.announce_stop()
        on_ready()
        yield self._told
        if self._is_stopping:
            stop_handshakes(self._plan.sockets)
        ended = self._current.end(self._is_replaced, on_drained)
        # While one is open, the kernel accepts connections.
        for sock in self._plan.sockets + self._plan.operations_sockets:
            sock.close()
        clean = yield [ended] + self._ending
        raise gen.Return(all(clean))

    def stop(self):
        # type: () -> None
        """The service stops: its readiness says so, and accepting ends after the grace period."""
        self._is_stopping = True
        if self._current is not None:
            self._current.announce_stop()
        self.leave(self._plan.drain_grace)

    def leave(self, grace):
        # type: (float) -> None
        """End this process, and perhaps others, too.

        Args:
            grace (float seconds): during which connections are still accepted. A later call can
                shorten it.
        """
        if not grace:
            self._end()
        elif grace != float("inf"):  # For which there is no timer.
            self._io_loop.call_later(grace, self._end)

    def make_way(self):
        # type: () -> None
        """End this process at once: another one accepts the connections already."""
        self._is_replaced = True
        self._end()

    def reload(self, make_app):
        # type: (Callable[[], Any]) -> bool
        """Serve a new application; finish the requests of the one before, then shut it down.

        Returns: bool: False if there is none, since ``make_app`` raised. That is logged.
        """
        if self._told.done():
            return False
        try:
            replacement = self._started(make_app)
        except (Exception, SystemExit) as error:
            log_failed_reload(error)
            return False
        before, self._current = self._current, replacement
        before.replaced_in_process(replacement)
        self._ending = [future for future in self._ending if not future.done()]
        self._ending.append(before.end(others_accept=True))
        return True

    def _started(self, make_app):
        # type: (Callable[[], Any]) -> Generation
        application = make_app()
        try:
            generation = Generation(self._plan, application, self._place)
            generation.start()
        except (Exception, SystemExit):  # What it has opened must not stay open.
            self._ending.append(shut_down_within(self._plan.shutdown_timeout, application))
            raise
        return generation

    def _end(self):
        resolve(self._told, None)
