"""Which record of the scoreboard each worker writes."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout.service._operations.scoreboard import Scoreboard
from waterspout.service._operations.worker_reports import WorkerReports, report_start

if TYPE_CHECKING:
    from typing import Any, List, Optional  # noqa: F401


class Place(object):
    """One record of the scoreboard, for the process that was given it.

    Args:
        board (Scoreboard); index (int).
    """

    def __init__(self, board, index):
        # type: (Scoreboard, int) -> None
        self._board = board
        self.index = index

    def __repr__(self):
        return "<Place %d>" % self.index

    def starting(self):
        # type: () -> None
        """This process has begun, and has no application yet."""
        report_start(self._board, self.index)

    def reports(self, application, server):
        # type: (Any, Any) -> WorkerReports
        """Begin to report how ``application`` and its ``server`` are."""
        return WorkerReports(self._board, self.index, application, server)

    def clear(self):
        # type: () -> None
        """Its process has ended."""
        self._board.clear(self.index)


class Places(object):
    """All records of a scoreboard, in the parent of the workers. Make it before the first fork.

    Args:
        size (int): how many processes may report at once.
    """

    def __init__(self, size):
        # type: (int) -> None
        self._board = Scoreboard(size)
        self._free = [Place(self._board, index) for index in range(size)]  # type: List[Place]

    def __repr__(self):
        return "<Places free=%d>" % len(self._free)

    def take(self):
        # type: () -> Optional[Place]
        """Return the first free place; None if workers that leave still have too many."""
        return self._free.pop(0) if self._free else None

    def give_back(self, place):
        # type: (Optional[Place]) -> None
        """Forget the record of a worker that has ended, and use its place again."""
        if place is not None:
            place.clear()
            self._free.append(place)
            self._free.sort(key=lambda each: each.index)

    def close(self):
        # type: () -> None
        """Give up the memory."""
        self._board.close()
