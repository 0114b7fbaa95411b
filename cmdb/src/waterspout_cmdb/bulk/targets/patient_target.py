"""PatientTarget: a target whose reads wait while it is away."""

from __future__ import absolute_import, division, print_function

from tornado import gen
from tornado.concurrent import Future
from tornado.ioloop import IOLoop

from waterspout_cmdb.bulk.targets.target_error import BUSY, LATE, UNREACHABLE, TargetError

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable, Optional, Text  # noqa: F401

#: Seconds: of the first pause, which is doubled for each further one, and of the longest.
FIRST, LONGEST = 1.0, 30.0

#: The target is away, or has too much to do; a mistake would be the same the next time.
_PASSES = (BUSY, LATE, UNREACHABLE)


class PatientTarget(object):
    """Models and searches are asked for again while the target is away; a `Sender` waits itself.

    Args:
        target: a `CMDBTarget` or a `GatewayTarget`.
        patience (float): seconds for which one read may fail.
        tell (callable): called with a line for the user when it begins to wait.
    """

    def __init__(self, target, patience, tell):
        # type: (Any, float, Callable[[Text], Any]) -> None
        self.name = target.name
        self.account = getattr(target, "account", {})
        self.import_rows = target.import_rows
        self.close = target.close
        self._target = target
        self._patience = patience
        self._tell = tell
        self._waits = []  # type: list
        self._has_given_up = False

    def __repr__(self):
        return "<PatientTarget %s>" % self.name

    def model(self, *arguments):
        """As of the target."""
        return self._read(self._target.model, *arguments)

    def search(self, *arguments, **keywords):
        """As of the target."""
        return self._read(self._target.search, *arguments, **keywords)

    def find(self, *arguments, **keywords):
        """As of the target."""
        return self._read(self._target.find, *arguments, **keywords)

    def give_up(self):
        # type: () -> None
        """Wait no more: reads that wait fail with the last error."""
        self._has_given_up = True
        waits, self._waits = self._waits, []
        for wait in waits:
            _end(wait)

    @gen.coroutine
    def _read(self, function, *arguments, **keywords):
        now = IOLoop.current().time
        until, pause, is_told = now() + self._patience, FIRST, False
        while True:
            try:
                result = yield function(*arguments, **keywords)
                raise gen.Return(result)
            except TargetError as error:
                pause = max(pause, error.retry_after or 0)
                if error.kind not in _PASSES or now() + pause > until or self._has_given_up:
                    raise
                if not is_told:
                    is_told = True
                    self._tell("%s; it is tried again for %d s" % (error, self._patience))
            yield self._paused(pause)
            pause = min(LONGEST, 2 * pause)

    def _paused(self, seconds):
        wait = Future()  # type: Future
        self._waits.append(wait)
        loop = IOLoop.current()
        timer = loop.call_later(seconds, _end, wait)
        wait.add_done_callback(lambda future: self._ended(loop, timer, wait))
        return wait

    def _ended(self, loop, timer, wait):
        loop.remove_timeout(timer)
        if wait in self._waits:
            self._waits.remove(wait)


def _end(wait):
    if not wait.done():
        wait.set_result(None)
