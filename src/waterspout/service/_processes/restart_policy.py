"""When a worker that ended is started again."""

from __future__ import absolute_import, division, print_function

#: Seconds before the first restart after a crash; it doubles with every crash that follows.
FIRST_DELAY = 0.1

#: Seconds a worker must live for its next crash to be the first again.
HEALTHY_AFTER = 10.0

#: Crashes in a row after which restarting is given up. With the delays above that is some
#: three seconds of trying, enough to outlive a hiccup and too short to hide a broken start.
MAX_CRASHES = 5

#: Seconds between two attempts to start a worker, at most, where the system refuses to.
LONGEST_DELAY = 5.0


class RestartPolicy(object):
    """Remembers one worker's crashes, decides when its successor starts. Knows no clock."""

    def __init__(self):
        self.crashes = 0
        self.refusals = 0

    def delay_of_refused_start(self):
        # type: () -> float
        """Seconds to wait after the system refused to make a process; there is no giving up."""
        delay = min(FIRST_DELAY * 2 ** min(self.refusals, 16), LONGEST_DELAY)
        self.refusals += 1
        return delay

    def started(self):
        # type: () -> None
        """The system made the process."""
        self.refusals = 0

    def delay(self, lived, crashed):
        # type: (float, bool) -> Optional[float]
        """Seconds to wait before the restart, None to give up.

        Args:
            lived (float seconds): between the worker's start and its end.
            crashed (bool): it ended otherwise than by stopping as told.
        """
        if not crashed:
            self.crashes = 0
            return 0.0
        self.crashes = 1 if lived >= HEALTHY_AFTER else self.crashes + 1
        if self.crashes > MAX_CRASHES:
            return None
        return FIRST_DELAY * 2 ** (self.crashes - 1)
