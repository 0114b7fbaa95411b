"""Decides when a worker that ended is started again, and when the service gives up.

Two kinds of ends are told apart. A worker that ends before it is ready *cannot start*: most likely
none can, and if no other one serves, the service ends rather than try without end. A worker that
crashes later was perhaps killed by one request. However often that happens, it is no reason to end
the others.
"""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Iterable  # noqa: F401

#: Seconds before the first restart after a crash; doubled with every crash that follows.
FIRST_DELAY = 0.1

#: Seconds before a restart, at most.
LONGEST_DELAY = 5.0

#: Seconds without a crash after which the next one counts as the first.
HEALTHY_AFTER = 10.0

#: Failed starts in a row, of each worker, before the service gives up. With the delays above that
#: takes some three seconds: enough for a short disturbance, too short to hide a program that
#: cannot start.
MAX_FAILED_STARTS = 5


class RestartPolicy(object):
    """Counts the crashes of one worker's place, and decides when to start the next. Uses no clock.

    Attributes:
        failed_starts (int): in a row; workers that ended before they were ready.
        crashes (int): in a row; workers that crashed, or ended soon, after they had been ready.
        refusals (int): in a row; the system did not fork.
    """

    def __init__(self):
        self.failed_starts = self.crashes = self.refusals = 0

    def __repr__(self):
        return "<RestartPolicy failed_starts=%d crashes=%d refusals=%d>" % (
            self.failed_starts, self.crashes, self.refusals)

    def delay_of_refused_start(self):
        # type: () -> float
        """Return the seconds to wait after the system refused to fork; it is always tried again."""
        self.refusals += 1
        return _backoff(self.refusals)

    def started(self):
        # type: () -> None
        """The system forked the process."""
        self.refusals = 0

    def ready(self):
        # type: () -> None
        """The worker serves."""
        self.failed_starts = 0

    def delay_of_failed_start(self):
        # type: () -> float
        """Return the seconds to wait after a worker ended before it was ready."""
        self.failed_starts += 1
        return _backoff(self.failed_starts)

    def delay(self, lived, crashed, others_serve):
        # type: (float, bool, bool) -> float
        """Return the seconds to wait after a worker ended that had been ready.

        Args:
            lived (float seconds): from the time it was ready.
            crashed (bool): its exit code was not 0, or a signal killed it.
            others_serve (bool): there is another worker that is ready. Otherwise a long delay would
                be an outage.
        """
        if lived >= HEALTHY_AFTER:
            self.crashes = 0
            if not crashed:
                return 0.0
        # Exit code 0 counts, too: something that ends each new worker may not keep the parent busy.
        self.crashes += 1
        return _backoff(self.crashes) if others_serve else FIRST_DELAY


def gives_up(policies, one_serves):
    # type: (Iterable[RestartPolicy], bool) -> bool
    """Return whether to end the service: no worker serves, and none can be started.

    Args:
        policies: of all places.
        one_serves (bool): a worker is ready.
    """
    return not one_serves and all(
        policy.failed_starts > MAX_FAILED_STARTS for policy in policies)


class CrashCount(object):
    """Counts the workers that crashed in quick succession, in all places. Uses no clock."""

    def __init__(self):
        self._count = 0
        self._first = self._last = 0.0

    def __repr__(self):
        return "<CrashCount %d>" % self._count

    def crashed(self, now):
        # type: (float) -> str
        """Count a crash; return words for the log, which are empty for the first one.

        Args:
            now (float seconds): of any clock that does not go back.
        """
        if not self._count or now - self._last >= HEALTHY_AFTER:
            self._count, self._first = 0, now
        self._count += 1
        self._last = now
        if self._count == 1:
            return ""
        return "; %d workers have crashed within %.1f s" % (self._count, now - self._first)


def _backoff(times):
    # type: (int) -> float
    return min(FIRST_DELAY * 2 ** min(times - 1, 16), LONGEST_DELAY)
