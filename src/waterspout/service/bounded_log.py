"""BoundedLog: log lines that any client can cause, at a bounded rate."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING, monotonic

if TYPE_CHECKING:
    import logging  # noqa: F401
    from typing import Any, Callable  # noqa: F401

#: Lines that may come at once.
BURST = 10

#: Seconds after which there may be another one.
SECONDS_PER_LINE = 6.0


class BoundedLog(object):
    """Writes `BURST` lines at once and then one in `SECONDS_PER_LINE`; it counts the others.

    A client that sends malformed requests all day cannot fill the disk. The next line that is
    written says how many were left out.

    Args:
        logger (logging.Logger): to write to.
        clock (callable): returns seconds.
    """

    def __init__(self, logger, clock=monotonic):
        # type: (logging.Logger, Callable[[], float]) -> None
        self._logger = logger
        self._clock = clock
        self._lines = float(BURST)
        self._at = clock()
        self._left_out = 0

    def __repr__(self):
        # type: () -> str
        return "<BoundedLog %s left_out=%d>" % (self._logger.name, self._left_out)

    def log(self, level, message, *args):
        # type: (int, str, *Any) -> None
        """Write a line, as ``Logger.log`` does, or count it."""
        now = self._clock()
        self._lines = min(float(BURST), self._lines + (now - self._at) / SECONDS_PER_LINE)
        self._at = now
        if self._lines < 1.0:
            self._left_out += 1
            return
        self._lines -= 1.0
        left_out, self._left_out = self._left_out, 0
        if left_out:
            message += " (%d lines like this were left out before)"
            args += (left_out,)
        self._logger.log(level, message, *args)
