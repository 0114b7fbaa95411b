"""Load: so many workers, each making one call after the other."""

from __future__ import absolute_import, division, print_function

import itertools
import sys

from tornado import gen


class Load(object):
    """Calls of one client; ``left`` is how many are to be started, ``done`` how many ended.

    Each call gets the next of ``numbers``. A worker that fails stops the others.
    """

    def __init__(self, call, concurrency):
        # type: (Callable[[int], Any], int) -> None
        self.call = call
        self.concurrency = concurrency
        self.numbers = itertools.count(1)
        self.left = 0
        self.done = 0

    def run(self, calls):
        # type: (float) -> Future[list[None]]
        """Start that many calls; the Future is done when all have ended."""
        self.left = calls
        self.done = 0
        workers = [gen.convert_yielded(work(self)) for _ in range(self.concurrency)]
        return gen.multi(workers, quiet_exceptions=Exception)  # Of a thousand, the first will do.

    def stop(self):
        # type: () -> None
        """Start no further call."""
        self.left = 0


if sys.version_info[0] == 2:

    @gen.coroutine
    def work(load):
        call, numbers = load.call, load.numbers
        try:
            while load.left > 0:
                load.left -= 1
                steps, result = call(next(numbers)), None
                try:
                    while True:
                        result = yield steps.send(result)
                except StopIteration:
                    load.done += 1
        finally:
            load.stop()

else:
    from benchmarks.py3.workers import work
