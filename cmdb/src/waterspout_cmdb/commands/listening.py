"""What a person sees of an import that runs: lines, where there is no bar."""

from __future__ import absolute_import, division, print_function

import time

from waterspout.service import announce
from waterspout_cmdb.commands.printing import plain_line

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable, Iterable, List, Optional  # noqa: F401

#: Seconds between two lines about the progress.
INTERVAL = 5.0

#: The stage whose progress is counted in bytes of the file, and the last one, which is short.
HASHING, FINISHING = "hashing", "finishing"

#: How the stages of an import are called for a person. Of others the own name is shown.
STAGES = {HASHING: "reading", FINISHING: "writing the rejects and the report"}


class Listener(object):
    """Prints findings and messages, and remembers how far the import is; shows no progress.

    Args:
        name (native str): begins each line.
        stream (file): where lines go.
    Attributes:
        progress: the last one that was told; None before that.
    """

    def __init__(self, name, stream):
        # type: (str, Any) -> None
        self.progress = None  # type: Any
        self._name = name
        self._stream = stream

    def on_findings(self, lines):
        # type: (Iterable[str]) -> None
        """Print what was found out about the file."""
        for line in lines:
            self.on_message(line)

    def on_message(self, text):
        # type: (str) -> None
        """Print a line."""
        self._print("%s: %s" % (self._name, plain_line(text)))

    def on_progress(self, progress):
        # type: (Any) -> None
        """Remember how far the import is."""
        self.progress = progress

    def close(self):
        # type: () -> None
        """Nothing more is told."""

    def _print(self, line):
        # type: (str) -> None
        announce(line, self._stream)


class QuietListener(Listener):
    """Prints messages alone; the report has what was found out."""

    def on_findings(self, lines):
        # type: (Iterable[str]) -> None
        """Print nothing."""


class LineListener(Listener):
    """Prints a line about the progress every few seconds; none of what is done before that.

    Args:
        clock (callable): returns seconds.
    """

    def __init__(self, name, stream, clock=time.time, interval=INTERVAL):
        # type: (str, Any, Callable[[], float], float) -> None
        super(LineListener, self).__init__(name, stream)
        self._clock = clock
        self._interval = interval
        self._stage = None  # type: Optional[str]
        self._since = 0.0
        self._shown = None  # type: Optional[float]
        self._first = 0

    def on_progress(self, progress):
        # type: (Any) -> None
        """Print a line if it is time."""
        super(LineListener, self).on_progress(progress)
        now = self._clock()
        if progress.stage != self._stage:
            self._stage, self._since, self._first = progress.stage, now, progress.rows
        if self._shown is None:
            self._shown = now
        if now - self._shown < self._interval:
            return
        self._shown = now
        self.on_message(progress_line(progress, progress.rows - self._first, now - self._since))


def progress_line(progress, done, seconds):
    # type: (Any, int, float) -> str
    """Return how far a stage is, in one line.

    Args:
        done (int): rows that this run has done, in ``seconds``; that gives the speed.
    """
    if progress.stage == FINISHING:
        return STAGES[FINISHING]  # All rows are done.
    unit = "bytes" if progress.stage == HASHING else "rows"
    parts = ["%s%s %s" % (
        grouped(progress.rows),
        " of %s" % grouped(progress.total_rows) if progress.total_rows is not None else "", unit)]
    if done > 0 and seconds > 0:
        speed = done / seconds
        parts.append("%s %s/s" % (grouped(int(speed)), unit))
        if progress.total_rows is not None:
            parts.append("%s left" % duration((progress.total_rows - progress.rows) / speed))
    line = "%s: %s" % (STAGES.get(progress.stage, progress.stage), ", ".join(parts))
    counts = counts_text(progress)
    return "%s; %s" % (line, counts) if counts else line


def counts_text(progress):
    # type: (Any) -> str
    """Return the counts of rows that have ended in some way, those that are not zero."""
    names = ("inserted", "updated", "unchanged", "rejected")
    return ", ".join("%s %s" % (name, grouped(getattr(progress, name))) for name in names
                     if getattr(progress, name, 0))


def grouped(number):
    # type: (int) -> str
    """Return a whole number as people read it: 1,234,567."""
    return "{:,}".format(number)


def duration(seconds):
    # type: (float) -> str
    """Return seconds as ``45 s``, ``3 min 20 s`` or ``2 h 5 min``."""
    whole = int(round(max(seconds, 0)))
    if whole < 60:
        return "%d s" % whole
    if whole < 3600:
        return "%d min %d s" % divmod(whole, 60)
    return "%d h %d min" % (whole // 3600, whole % 3600 // 60)
