"""Load: so many workers, each making one call after the other."""

from __future__ import absolute_import, division, print_function

import sys

from tornado import gen


class WrongBody(Exception):
    """An answer that was not the upstream's."""


class Load(object):
    """Calls of one client; ``left`` is how many are to be started, ``done`` how many ended.

    A worker that fails stops the others.
    """

    def __init__(self, client, concurrency, body_bytes):
        # type: (Any, int, int) -> None
        self.client = client
        self.concurrency = concurrency
        self.body_bytes = body_bytes
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

    def ended(self, length):
        # type: (int) -> None
        """Count one call, whose body had this length."""
        if length != self.body_bytes:
            raise WrongBody("a body of %d bytes and not %d" % (length, self.body_bytes))
        self.done += 1


if sys.version_info[0] == 2:

    @gen.coroutine
    def work(load):
        call, length, ended = load.client.call, load.client.length, load.ended
        try:
            while load.left > 0:
                load.left -= 1
                reply = yield call()
                ended(length(reply))
        finally:
            load.stop()

else:
    from benchmarks.py3.workers import work
