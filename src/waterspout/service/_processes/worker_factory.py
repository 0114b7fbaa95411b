"""Forks worker processes; in the worker, serves until the parent says stop or is gone."""

from __future__ import absolute_import, division, print_function

import os
import random
import signal

from tornado.ioloop import IOLoop

from waterspout._compat import TYPE_CHECKING
from waterspout.service._processes.safe_logging import SafeLogger
from waterspout.service._processes.signals import LEAVE, add_signal_handler
from waterspout.service._processes.slot import WorkerProcess
from waterspout.service._processes.standard_streams import flush_standard_streams
from waterspout.service._processes.stop_watchdog import StopWatchdog

if TYPE_CHECKING:
    from typing import Any, Callable  # noqa: F401

    from waterspout.service._processes.pipe import Pipe  # noqa: F401
    from waterspout.service._processes.places import Places  # noqa: F401
    from waterspout.service._processes.ready_reports import ReadyReports  # noqa: F401
    from waterspout.service._processes.service_plan import ServicePlan  # noqa: F401
    from waterspout.service._processes.worker import Worker  # noqa: F401

_log = SafeLogger("waterspout.service")


class WorkerFactory(object):
    """Starts worker processes that share listening sockets.

    Args:
        plan (ServicePlan): a worker that has not stopped after its ``stop_timeout``, and a second
            for the parent to kill it, ends itself.
        work (callable): ``work(plan, make_app, watch, on_ready, place=place)`` serves in the
            calling process until stopped and returns whether that ended cleanly, as
            :func:`run_worker` does.
        forget (callable): called without arguments in a worker: drops what is the parent's.
        lifeline (Pipe): the parent holds its write end. A worker stops when it is closed.
        ready (ReadyReports): tell the parent that a worker serves.
        places (Places): each worker gets one, to be given back when it has ended.
    """

    def __init__(self, plan, work, forget, lifeline, ready, places):
        # type: (ServicePlan, Callable[..., bool], Callable[[], None], Pipe, ReadyReports, Places) -> None  # noqa: E501
        self._plan = plan
        self._work = work
        self._forget = forget
        self._lifeline = lifeline
        self._ready = ready
        self._places = places

    def __repr__(self):
        return "<WorkerFactory of process %d>" % os.getpid()

    def start(self, make_app):
        # type: (Callable[[], Any]) -> WorkerProcess
        """Fork a worker that serves what ``make_app`` returns. In it, this does not return.

        Raises: OSError: the system has no memory or no process left.
        """
        flush_standard_streams()  # Otherwise the worker would write the buffers again.
        place = self._places.take()
        try:
            pid = os.fork()
        except OSError:
            self._places.give_back(place)
            raise
        if pid:
            return WorkerProcess(pid, make_app, place)
        code = 1
        try:
            try:
                self._forget()
                random.seed()  # py2: Python 3.7 does this itself.
                clean = self._work(
                    self._plan, make_app, self._watch, self._ready.send, place=place)
                code = 0 if clean else 1
            except BaseException:
                _log.exception("Worker failed")
            flush_standard_streams()
        finally:
            os._exit(code)  # Not sys.exit, which would run the atexit functions of the parent.

    def _watch(self, io_loop, worker):
        # type: (IOLoop, Worker) -> None
        """Stop when the lifeline ends; end alone when a signal says so."""
        watchdog = StopWatchdog()

        def in_time(end, *args):
            # The parent kills a worker that takes longer, but not if only the worker was told to
            # end, nor if the parent is gone.
            watchdog.end_within(self._plan.stop_timeout + 1.0)
            end(*args)

        def on_lifeline(fd, events):
            io_loop.remove_handler(fd)
            in_time(worker.stop)

        def on_sigterm():
            # A process manager may send it to all processes, the parent included. Therefore the
            # worker accepts as long as in a stop.
            in_time(worker.leave, self._plan.drain_grace)

        add_signal_handler(io_loop, signal.SIGTERM, on_sigterm)
        add_signal_handler(io_loop, LEAVE, lambda: in_time(worker.make_way))
        io_loop.add_handler(self._lifeline.read_fd, on_lifeline, IOLoop.READ)
