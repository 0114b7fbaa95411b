"""A service in one process: the program itself."""

from __future__ import absolute_import, division, print_function

from tornado.ioloop import IOLoop, PeriodicCallback

from waterspout._compat import TYPE_CHECKING
from waterspout.service._processes.announcements import Announcements
from waterspout.service._processes.places import Places
from waterspout.service._processes.predecessor import find_predecessor
from waterspout.service._processes.safe_logging import SafeLogger
from waterspout.service._processes.signals import RELOAD, Signals
from waterspout.service._processes.stop_watchdog import StopWatchdog, exit_at_once
from waterspout.service._processes.worker import run_worker

if TYPE_CHECKING:
    from typing import Optional  # noqa: F401

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
        self._announcements = Announcements(self._plan, find_predecessor())
        self._announcements.begin()
        self._watchdog = StopWatchdog()
        self._signals = Signals(self._on_stop_signal)
        places = Places(1)
        try:
            clean = run_worker(
                self._plan, self._plan.make_app, self._watch, self._announcements.ready,
                on_drained=self._signals.default_stop, place=places.take())
        finally:
            places.close()
            self._announcements.end()
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
            taken = self._signals.take()
            self._plan.on_sigchld()
            if self._signals.stop_requests and not self._stopping:
                self._stopping = True
                self._plan.log_stop()
                self._announcements.stopping()
                worker.stop()
            elif RELOAD in taken and not self._stopping:
                self._reload(worker)

        io_loop.add_handler(self._signals.read_fd, on_signals, IOLoop.READ)
        interval = self._announcements.interval
        if interval is not None:
            PeriodicCallback(
                lambda: self._announcements.alive(self._announcements.is_ready),
                1000 * interval / 2).start()

    def _reload(self, worker):
        # type: (Worker) -> None
        _log.info("SIGHUP: reloading")
        self._announcements.reloading()
        make_app = self._plan.reloaded()
        failure = "the configuration cannot be used"  # type: Optional[str]
        if make_app is not None and worker.reload(make_app):
            failure = None
            _log.info("Reloaded; the application before finishes its requests")
        self._announcements.reloaded(failure)
