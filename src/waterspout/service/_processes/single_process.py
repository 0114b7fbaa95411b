"""A service in one process: the program itself."""

from __future__ import absolute_import, division, print_function

from tornado.ioloop import IOLoop, PeriodicCallback

from waterspout._compat import TYPE_CHECKING
from waterspout.service._processes.announcements import Announcements
from waterspout.service._processes.handover import HANGUP_IGNORED, Handover
from waterspout.service._processes.orphans import OWN_CHILDREN_SECONDS, Orphans
from waterspout.service._processes.places import Places
from waterspout.service._processes.predecessor import find_predecessor
from waterspout.service._processes.safe_logging import SafeLogger
from waterspout.service._processes.signals import RELEASE, RELOAD, Signals
from waterspout.service._processes.stop_watchdog import StopWatchdog, exit_at_once
from waterspout.service._processes.worker import run_worker

if TYPE_CHECKING:
    from typing import Optional  # noqa: F401

    from waterspout.service._processes.service_plan import ServicePlan  # noqa: F401
    from waterspout.service._processes.worker import Worker  # noqa: F401

#: Seconds between two looks at a new release that starts.
_LOOK = 0.05

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
        self._handover = Handover(self._plan, self._announcements)
        self._watchdog = StopWatchdog()
        self._signals = Signals(self._on_stop_signal, self._plan.release_command is not None)
        # The release before passes on a stop, which a process manager may have sent to both.
        self._signals.stops_once = self._announcements.has_predecessor
        places = Places(1)
        try:
            clean = run_worker(
                self._plan, self._plan.make_app, self._watch, self._on_ready,
                on_drained=self._signals.default_stop, place=places.take())
        finally:
            places.close()
            self._announcements.end()
            self._signals.restore()
            self._watchdog.stopped()
        return 0 if clean else 1

    def _on_ready(self):
        self._announcements.ready()
        self._signals.stops_once = False

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
                self._handover.stop()
                self._plan.log_stop()
                self._announcements.stopping()
                worker.stop()
            elif not self._stopping:
                if RELEASE in taken:
                    self._handover.begin()
                if RELOAD in taken:
                    self._reload(worker)
                release()

        def release():
            if self._stopping:
                return
            if self._handover.step():
                self._stopping = True
                self._watchdog.end_within(self._plan.stop_timeout)
                worker.make_way()
            elif not self._handover.is_under_way:
                timer.stop()
            elif not timer.is_running():
                timer.start()

        timer = PeriodicCallback(release, 1000 * _LOOK)
        io_loop.add_handler(self._signals.read_fd, on_signals, IOLoop.READ)
        interval = self._announcements.interval
        if interval is not None:
            PeriodicCallback(
                lambda: self._announcements.alive(self._announcements.is_ready),
                1000 * interval / 2).start()
        orphans = Orphans()
        if orphans.due is not None:
            PeriodicCallback(
                lambda: orphans.step(self._handover.pids), 1000 * OWN_CHILDREN_SECONDS).start()

    def _reload(self, worker):
        # type: (Worker) -> None
        if self._handover.is_under_way:
            _log.warning(HANGUP_IGNORED)
            return
        _log.info("SIGHUP: reloading")
        self._announcements.reloading()
        make_app = self._plan.reloaded()
        failure = "the configuration cannot be used"  # type: Optional[str]
        if make_app is not None and worker.reload(make_app):
            failure = None
            _log.info("Reloaded; the application before finishes its requests")
        self._announcements.reloaded(failure)
