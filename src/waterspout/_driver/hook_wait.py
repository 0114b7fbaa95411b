"""HookWait: waits for the awaitable of a hook, until the call's deadline at most."""

from __future__ import absolute_import, division, print_function

from tornado.gen import convert_yielded
from tornado.ioloop import IOLoop

from waterspout._compat import monotonic, rejected
from waterspout.exceptions import DeadlineExceeded
from waterspout.models.failures import failure


class HookWait(object):
    """Calls ``done(future)`` on the IOLoop, once: with the Future of ``awaitable`` when it is done,
    or with one that failed with DeadlineExceeded when the deadline of the call has passed.

    A coroutine that is not waited for any more is cancelled (Python 3). A Future is not: others may
    wait for it too.
    """

    __slots__ = ("_request", "_options", "_done", "_io_loop", "_started", "_waited",
                 "_timer", "_is_ours")

    def __init__(self, awaitable, request, options, done):
        # type: (Any, PreparedRequest, CallOptions, Callable[[Future], None]) -> None
        self._request = request
        self._options = options
        self._done = done
        self._io_loop = IOLoop.current()
        self._started = monotonic()
        self._timer = None
        if options.deadline is not None:
            left = max(0.0, options.deadline - monotonic())
            self._timer = self._io_loop.call_later(left, self._deadline_passed)
        self._waited = options.run(convert_yielded, awaitable)
        self._is_ours = self._waited is not awaitable
        self._io_loop.add_future(self._waited, self._end)  # It may be done in another thread.

    def cancel(self):
        # type: () -> None
        """Stop waiting; ``done`` is not called."""
        self._done = lambda future: None
        self._end(None)
        self._stop()

    def _deadline_passed(self):
        left = self._options.deadline - monotonic()
        if left > 0:  # py2: the IOLoop's clock was set forward
            self._timer = self._io_loop.call_later(left, self._deadline_passed)
            return
        timeout = self._options.timeout
        what = "%s, hooks included" % timeout.missed_deadline
        # Since the call began; where that is unknown, since it waits for the hook.
        seconds = monotonic() - (
            self._started if timeout.total is None else self._options.deadline - timeout.total)
        self._end(rejected(failure(DeadlineExceeded, self._request, what, "read", seconds)))
        self._stop()

    def _stop(self):
        if self._is_ours:
            self._waited.cancel()

    def _end(self, future):
        self._request = None  # The hook's Future may never be done, and refers to this object.
        done, self._done = self._done, lambda future: None
        if self._timer is not None:
            self._io_loop.remove_timeout(self._timer)
        done(future)
