"""The pipe by which workers tell their parent that they serve."""

from __future__ import absolute_import, division, print_function

import os

from waterspout._compat import TYPE_CHECKING
from waterspout.service._processes.pipe import Pipe

if TYPE_CHECKING:
    from typing import List  # noqa: F401


class ReadyReports(object):
    """Carries the pids of workers that are ready. Create it before the first fork.

    Attributes:
        read_fd (int): readable when there is a report to `take`.
    """

    def __init__(self):
        self._pipe = Pipe()
        self.read_fd = self._pipe.read_fd
        self._rest = b""

    def __repr__(self):
        return "<ReadyReports read_fd=%r>" % self.read_fd

    def send(self):
        # type: () -> None
        """In a worker: say that it serves."""
        try:
            os.write(self._pipe.write_fd, ("%d\n" % os.getpid()).encode("ascii"))
        except OSError:
            pass  # The parent is gone; the lifeline has ended, too.

    def take(self):
        # type: () -> List[int]
        """In the parent: return the pids of the workers that have said so since the last call."""
        lines = (self._rest + self._pipe.read_available()).split(b"\n")
        self._rest = lines.pop()
        return [int(line) for line in lines]

    def close(self):
        # type: () -> None
        """Close the pipe in this process."""
        self._pipe.close()
