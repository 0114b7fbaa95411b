"""Handover: a new release is started, and takes over the listening sockets once it serves."""

from __future__ import absolute_import, division, print_function

import os
import signal

from waterspout._compat import TYPE_CHECKING, monotonic
from waterspout._log_text import one_line
from waterspout.service._host.reuse_port import give_away
from waterspout.service._processes.predecessor import READY
from waterspout.service._processes.release_start import NOT_STARTED, start_release
from waterspout.service._processes.safe_logging import SafeLogger
from waterspout.service._processes.slot import describe

if TYPE_CHECKING:
    from typing import Any, Optional, Set  # noqa: F401

    from waterspout.service._processes.announcements import Announcements  # noqa: F401
    from waterspout.service._processes.service_plan import ServicePlan  # noqa: F401

#: Seconds in which the new release must serve, with all its processes.
HANDOVER_TIMEOUT = 120.0

#: The line for a reload that is asked for while a new release starts.
HANGUP_IGNORED = "SIGHUP ignored: a new release is starting, which reads the configuration itself"

#: Seconds in which it must end once it has closed its pipe.
END_SECONDS = 1.0

#: Bytes that a new release may write to its pipe; the rest is not read.
_MAX_TEXT = 4096

_log = SafeLogger("waterspout.service")


class Handover(object):
    """Starts the new release, and waits for it. Runs in the process that runs the service.

    The release that runs goes on whatever happens to the new one, until that one says that it
    serves. From then on both hold the listening sockets, so that no connection is refused or reset
    when the old one leaves.

    Args:
        plan (ServicePlan): with the command and the sockets.
        announcements (Announcements): are told, too.
    Attributes:
        pid (int or None): of the new release while it starts.
        read_fd (int or None): readable when it has something to say.
        due (float seconds or None): when to call `step` at the latest.
    """

    def __init__(self, plan, announcements):
        # type: (ServicePlan, Announcements) -> None
        self._plan = plan
        self._announcements = announcements
        self._text = b""
        self._unwaited = set()  # type: Set[int]  # Pids of those that were killed.
        self.pid = None  # type: Optional[int]
        self.read_fd = None  # type: Optional[int]
        self.due = None  # type: Optional[float]

    def __repr__(self):
        return "<Handover pid=%r>" % self.pid

    @property
    def is_under_way(self):
        # type: () -> bool
        """A new release is starting."""
        return self.pid is not None

    @property
    def pids(self):
        # type: () -> Set[int]
        """Of processes that this waits for."""
        return self._unwaited if self.pid is None else self._unwaited | {self.pid}

    def begin(self):
        # type: () -> None
        """Start the new release, unless that makes no sense now, which is logged."""
        refusal = self._refusal()
        if refusal is not None:
            _log.warning("SIGUSR2 ignored: %s", refusal)
            return
        plan = self._plan
        try:
            self.pid, self.read_fd = start_release(
                plan.release_command or [], plan.sockets, plan.operations_sockets)
        except EnvironmentError as error:
            self._failed("it was not started (%s)" % error)
            return
        self._text, self.due = b"", monotonic() + HANDOVER_TIMEOUT
        self._announcements.handing_over()
        _log.info("SIGUSR2: process %d starts as the new release", self.pid)

    def step(self):
        # type: () -> bool
        """Look how the new release does. Return True, once, when it serves."""
        self._unwaited = set(pid for pid in self._unwaited if _ended(pid) is None)
        if self.pid is None:
            return False
        is_open = self._read()
        status = _ended(self.pid)
        if status is not None:
            self._read()  # It may have said why.
            self._failed("process %d %s before it served%s" % (
                self.pid, describe(status), self._reason()))
        elif READY in self._text:
            return self._succeeded()
        elif monotonic() >= self.due:  # type: ignore[operator]
            self._kill()
            self._failed("process %d %s" % (
                self.pid, "did not serve within %g s" % HANDOVER_TIMEOUT if is_open
                else "does not serve as a new release"))
        elif not is_open and self.read_fd is not None:  # Most likely it is about to end.
            self._close_pipe()
            self.due = monotonic() + END_SECONDS
        return False

    def stop(self):
        # type: () -> None
        """The whole service stops: the new release is told to, too."""
        if self.pid is not None:
            _log.info("The new release, process %d, is told to stop", self.pid)
            _signal(self.pid, signal.SIGTERM)
            self._close()

    def forget(self):
        # type: () -> None
        """In a worker: close what is the parent's."""
        self._close()

    def _refusal(self):
        # type: () -> Optional[str]
        if self._plan.release_command is None:
            return "there is no command that starts a new release (release_command)"
        if self.is_under_way:
            return "the new release, process %d, is still starting" % self.pid
        if not self._announcements.is_ready:
            return "this release does not serve yet"
        if os.getpid() == 1:
            return "all processes would end with process 1, which this one is"
        return None

    def _read(self):
        # type: () -> bool
        """Read what it has written; return False if it can write nothing more."""
        while self.read_fd is not None:
            try:
                data = os.read(self.read_fd, _MAX_TEXT)
            except OSError:  # Nothing more now.
                return True
            if not data:
                return False
            self._text = (self._text + data)[:_MAX_TEXT]
        return False

    def _reason(self):
        # type: () -> str
        if not self._text.startswith(NOT_STARTED):
            return ""
        return " (%s)" % one_line(self._text[len(NOT_STARTED):].decode("utf-8", "replace"))

    def _succeeded(self):
        # type: () -> bool
        _log.info("The new release, process %d, serves; this one leaves", self.pid)
        give_away(self._plan.sockets + self._plan.operations_sockets)
        self._announcements.handed_over(self.pid)  # type: ignore[arg-type]
        self._close()
        return True

    def _failed(self, why):
        # type: (str) -> None
        _log.error("The new release has failed, and this one goes on: %s", why)
        self._announcements.not_handed_over(why)
        self._close()

    def _kill(self):
        _signal(self.pid, signal.SIGKILL)  # Its workers end, too, when they notice.
        self._unwaited.add(self.pid)

    def _close(self):
        self._close_pipe()
        self.pid = self.due = None

    def _close_pipe(self):
        if self.read_fd is not None:
            os.close(self.read_fd)
            self.read_fd = None


def _ended(pid):
    # type: (int) -> Optional[int]
    """Return the status of a child that has ended; None while it runs."""
    try:
        ended, status = os.waitpid(pid, os.WNOHANG)
    except OSError:  # The program has waited for it itself.
        return 1 << 8
    return status if ended else None


def _signal(pid, signum):
    # type: (Any, int) -> None
    try:
        os.kill(pid, signum)
    except OSError:
        pass  # It has ended.
