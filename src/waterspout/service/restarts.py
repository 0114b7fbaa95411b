"""When a worker that ended is started again."""

from __future__ import absolute_import, division, print_function

#: Seconds before the first restart after a crash; it doubles with every crash that follows.
FIRST_DELAY = 0.1

#: Seconds a worker must live for its next crash to be the first again.
HEALTHY_AFTER = 10.0

#: Crashes in a row after which restarting is given up. With the delays above that is some
#: three seconds of trying, enough to outlive a hiccup and too short to hide a broken start.
MAX_CRASHES = 5


class RestartPolicy(object):
    """Remembers one worker's crashes, decides when its successor starts. Knows no clock."""

    def __init__(self):
        self.crashes = 0

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
