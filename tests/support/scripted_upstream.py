"""An upstream that answers each request with the next of some answers, on a fake clock."""

from __future__ import absolute_import, division, print_function

from tornado import gen

import waterspout
from waterspout.testing import FakeClock, MockTransport

URL = "http://host.test/a"

#: An answer that never comes.
NEVER = "never"


class ScriptedUpstream(object):
    """
    Args:
        answers: the status of a response, a class of errors, `NEVER`, or a function that is given
            the expectation; the last one is repeated.
    Attributes:
        mock (MockTransport): the transport of sessions; ``mock.sent`` has the requests.
        times (list of float): when each request was sent, in seconds from the beginning.
    """

    def __init__(self, *answers):
        self.mock = MockTransport()
        self.times = []
        self.clock = None
        expectation = self.mock.on(None, match=self._note)
        for answer in answers:
            if answer == NEVER:
                expectation.never()
            elif isinstance(answer, int):
                expectation.respond(answer)
            elif isinstance(answer, type):
                expectation.fail(answer)
            else:
                answer(expectation)

    def _note(self, sent):
        self.times.append(round(self.clock.elapsed, 3))
        return True

    def run(self, io_loop, script):
        """Run the coroutine ``script(clock)`` on a fake clock; return its result."""
        @gen.coroutine
        def run():
            with FakeClock() as clock:
                self.clock = clock
                raise gen.Return((yield script(clock)))

        return io_loop.run_sync(run, timeout=20)  # Of real time.

    def session(self, **options):
        return waterspout.Session(transport=self.mock, **options)


def no_wait(**options):
    """A `Retry` whose pauses are 0."""
    return waterspout.Retry(backoff_factor=0, **options)
