"""Announcements: who is told when a service is ready, reloads, stops, and is alive."""

from __future__ import absolute_import, division, print_function

import os

from waterspout._compat import TYPE_CHECKING, monotonic
from waterspout.service._host.notify import ServiceManager
from waterspout.service._host.pidfile import PidFile
from waterspout.service._processes.safe_logging import SafeLogger
from waterspout.service.exceptions import PidFileError

if TYPE_CHECKING:
    from typing import Any, Optional  # noqa: F401

    from waterspout.service._processes.predecessor import Predecessor  # noqa: F401
    from waterspout.service._processes.service_plan import ServicePlan  # noqa: F401

_log = SafeLogger("waterspout.service")


class Announcements(object):
    """Tells the process manager, the release before this one, and readers of the pid file.

    For the process that runs the service, the parent of the workers. Nothing is sent if no
    manager asked for it.

    Args:
        plan (ServicePlan): its ``on_ready`` is called, and it names the pid file.
        predecessor (Predecessor or None): the release that has started this one.
        manager (ServiceManager): default: as the environment says.
    Attributes:
        is_ready (bool): the service has been ready.
    """

    def __init__(self, plan, predecessor=None, manager=None):
        # type: (ServicePlan, Optional[Predecessor], Any) -> None
        self._plan = plan
        self._predecessor = predecessor
        self._manager = ServiceManager() if manager is None else manager
        self._pidfile = None if plan.pidfile is None else PidFile(plan.pidfile)
        self._beat_at = 0.0
        self.is_ready = False

    def __repr__(self):
        return "<Announcements ready=%s %r>" % (self.is_ready, self._manager)

    def begin(self):
        # type: () -> None
        """Write the pid file, unless it belongs to the release before, which still serves.

        Raises: PidFileError: another service has it, or the system refuses.
        """
        if self._pidfile is not None and self._predecessor is None:
            self._pidfile.write()

    def ready(self):
        # type: () -> None
        """All processes serve, for the first time."""
        self.is_ready = True
        mainpid = None
        if self._predecessor is not None:
            mainpid = os.getpid()
            self._take_over_pidfile()
        self._plan.on_ready()
        self._manager.ready(mainpid)
        self._manager.status("Serving")
        if self._predecessor is not None:
            self._predecessor.tell_ready()

    def reloading(self):
        # type: () -> None
        """The service begins to replace its application."""
        self._manager.reloading()
        self._manager.status("Reloading")

    def reloaded(self, failure=None):
        # type: (Optional[str]) -> None
        """That has ended.

        Args:
            failure (native str or None): why it has changed nothing, or not everything.
        """
        self._manager.ready()
        self._manager.status(
            "Serving" if failure is None else "Serving; the last reload failed: %s" % failure)

    def handing_over(self):
        # type: () -> None
        """A new release is started."""
        self._manager.status("Serving; a new release is starting")

    def handed_over(self, pid):
        # type: (int) -> None
        """A new release serves.

        Args:
            pid (int): of its process, which is the main one from now on. By default systemd
                believes that only of the main one itself, so this one says it.
        """
        self._manager.ready(mainpid=pid)

    def not_handed_over(self, failure):
        # type: (str) -> None
        """The new release has failed. This one goes on."""
        self._manager.status("Serving; the new release has failed: %s" % failure)

    def stopping(self):
        # type: () -> None
        """The service has been told to stop."""
        self._manager.stopping()
        self._manager.status("Stopping: finishing requests")

    @property
    def has_predecessor(self):
        # type: () -> bool
        """A release before this one has started it."""
        return self._predecessor is not None

    @property
    def interval(self):
        # type: () -> Optional[float]
        """Seconds between two calls of `alive`; None if they are not asked for."""
        return self._manager.watchdog_interval

    @property
    def due(self):
        # type: () -> Optional[float]
        """When `alive` has to be called next, in `monotonic` seconds; None: never."""
        return None if self.interval is None else self._beat_at

    def alive(self, serves):
        # type: (bool) -> None
        """Tell that this process works, if it is time for it.

        Args:
            serves (bool): a process is ready. If none is, nothing is told, and the manager will
                restart the service.
        """
        if self.interval is not None and monotonic() >= self._beat_at:
            self._beat_at = monotonic() + self.interval
            if serves:
                self._manager.alive()

    def end(self):
        # type: () -> None
        """The service has ended. Remove the pid file, unless a new release has it."""
        if self._pidfile is not None:
            self._pidfile.remove()
        self.forget()

    def forget(self):
        # type: () -> None
        """In a worker: close what is the parent's."""
        if self._predecessor is not None:
            self._predecessor.close()

    def _take_over_pidfile(self):
        if self._pidfile is not None:
            try:
                self._pidfile.write()
            except PidFileError as error:  # Serving is more important.
                _log.error("%s", error)
