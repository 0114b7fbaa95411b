"""Decides when a worker that ended is started again."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Optional  # noqa: F401

#: Seconds before the first restart after a crash; doubled with every crash that follows.
FIRST_DELAY = 0.1

#: Seconds that a worker must live for its next crash to count as the first.
HEALTHY_AFTER = 10.0

#: Crashes in a row after which the supervisor gives up. With the delays above that takes about
#: three seconds: enough for a short disturbance, too short to hide a program that cannot start.
MAX_CRASHES = 5

#: Seconds between two attempts to start a worker, at most, while the system refuses to fork.
LONGEST_DELAY = 5.0


class RestartPolicy(object):
    """Counts the crashes of one worker and decides when to start the next one. Uses no clock."""

    def __init__(self):
        self.crashes = 0
        self.refusals = 0

    def delay_of_refused_start(self):
        # type: () -> float
        """Return the seconds to wait after the system refused to fork; it is always tried again."""
        delay = min(FIRST_DELAY * 2 ** min(self.refusals, 16), LONGEST_DELAY)
        self.refusals += 1
        return delay

    def started(self):
        # type: () -> None
        """The system forked the process."""
        self.refusals = 0

    def delay(self, lived, crashed):
        # type: (float, bool) -> Optional[float]
        """Return the seconds to wait before the restart, or None to give up.

        Args:
            lived (float seconds): between the worker's start and its end.
            crashed (bool): its exit code was not 0, or a signal killed it.
        """
        if not crashed:
            self.crashes = 0
            return 0.0
        self.crashes = 1 if lived >= HEALTHY_AFTER else self.crashes + 1
        if self.crashes > MAX_CRASHES:
            return None
        return FIRST_DELAY * 2 ** (self.crashes - 1)
