"""Perform runs at the same time, and print their output as if one came after another."""

from __future__ import absolute_import, division, print_function

import io
import sys
from multiprocessing.pool import ThreadPool


def perform(queues, at_once):
    # type: (list[list[Run]], int) -> None
    """Perform the runs of each queue in turn, those of up to ``at_once`` queues at the same time.

    Of those that go on at the same time the first prints as it goes, the others when those
    before them have ended. On KeyboardInterrupt all are interrupted and print what they have.
    """
    shown = [_Shown(run) for queue in queues for run in queue]
    pool = ThreadPool(at_once)
    try:
        for queue in queues:
            pool.apply_async(_one_after_another, [[one for one in shown if one.run in queue]])
        for one in shown:
            one.follow()
    except KeyboardInterrupt:
        for one in shown:
            one.run.stop()
        pool.close()
        pool.join()
        for one in shown:
            one.print_new()
        raise


def _one_after_another(queue):
    # type: (list[_Shown]) -> None
    for one in queue:
        one.run.perform(one.written)


class _Shown(object):
    """A run whose output goes to a file, and what of it has been printed."""

    def __init__(self, run):
        # type: (Run) -> None
        self.run = run
        self.written = open(run.output, "wb")
        self._read = io.open(run.output, "rb")  # Python 2's open() reads nothing after an end.

    def follow(self):
        # type: () -> None
        """Print what it writes, until it has ended."""
        ended = False
        while not ended:
            ended = self.run.ended.wait(0.2)  # Before the last of its output is read.
            self.print_new()

    def print_new(self):
        # type: () -> None
        """Print what has not been printed yet."""
        sys.stdout.flush()
        out = getattr(sys.stdout, "buffer", sys.stdout)
        out.write(self._read.read())
        out.flush()
