"""A service in one process: the program itself."""

from __future__ import absolute_import, division, print_function

from tornado.ioloop import IOLoop

from waterspout._compat import TYPE_CHECKING
from waterspout.service._processes.places import Places
from waterspout.service._processes.safe_logging import SafeLogger
from waterspout.service._processes.signals import Signals
from waterspout.service._processes.stop_watchdog import StopWatchdog, exit_at_once
from waterspout.service._processes.worker import run_worker

if TYPE_CHECKING:
    from waterspout.service._processes.service_plan import ServicePlan  # noqa: F401
    from waterspout.service._processes.worker import Worker  # noqa: F401

_log = SafeLogger("waterspout.service")


class SingleProcess(object):
    """Serves in the calling process until a signal stops it. SIGHUP reloads in place.

    If it still serves ``plan.stop_timeout`` after the first stop signal, the process is ended with
    exit code 1. A second signal ends it at once.

    Args:
        plan (ServicePlan)
    """

    def __init__(self, plan):
        # type: (ServicePlan) -> None
        self._plan = plan
        self._stopping = False

    def __repr__(self):
        return "<SingleProcess stopping=%s>" % self._stopping

    def run(self):
        # type: () -> int
        """Block until stopped, and return the exit code for the process."""
        self._watchdog = StopWatchdog()
        self._signals = Signals(self._on_stop_signal)
        places = Places(1)
        try:
            clean = run_worker(
                self._plan, self._plan.make_app, self._watch, self._plan.on_ready,
                on_drained=self._signals.default_stop, place=places.take())
        finally:
            places.close()
            self._signals.restore()
            self._watchdog.stopped()
        return 0 if clean else 1

    def _on_stop_signal(self, count):
        # In the signal handler, because what must be stopped may block the IOLoop.
        if count > 1:
            exit_at_once("Second signal: exiting at once")
        self._watchdog.end_within(self._plan.stop_timeout)

    def _watch(self, io_loop, worker):
        def on_signals(fd, events):
            hung_up = self._signals.take()
            self._plan.on_sigchld()
            if self._signals.stop_requests and not self._stopping:
                self._stopping = True
                self._plan.log_stop()
                worker.stop()
            elif hung_up and not self._stopping:
                self._reload(worker)

        io_loop.add_handler(self._signals.read_fd, on_signals, IOLoop.READ)

    def _reload(self, worker):
        # type: (Worker) -> None
        _log.info("SIGHUP: reloading")
        make_app = self._plan.reloaded()
        if make_app is not None and worker.reload(make_app):
            _log.info("Reloaded; the application before finishes its requests")
