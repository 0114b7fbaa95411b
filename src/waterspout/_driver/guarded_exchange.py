"""GuardedExchange: runs the attempts of one message, and looks like one exchange to its call."""

from __future__ import absolute_import, division, print_function

from tornado.ioloop import IOLoop

from waterspout._compat import TYPE_CHECKING, detached, monotonic
from waterspout._driver.hook_wait import HookWait
from waterspout._flows.attempts import attempts
from waterspout._flows.commands import Done, Pause, Send, Turn
from waterspout.exceptions import ConnectionError, DeadlineExceeded, PoolTimeout
from waterspout.models.failures import failure

if TYPE_CHECKING:
    from typing import Any, Callable, Optional  # noqa: F401

    from waterspout._flows.plan import Plan  # noqa: F401
    from waterspout.models.call_options import CallOptions  # noqa: F401
    from waterspout.models.prepared_request import PreparedRequest  # noqa: F401


class GuardedExchange(object):
    """Performs ``request`` under the policies of ``plan``.

    Args:
        perform (callable): ``perform(request, options, done)`` performs one exchange, as
            `waterspout.transports.base.Transport.perform` does.
        done (callable): ``done(request, response, error)`` is called once, unless `cancel` was.
        tell_retried (callable or None): called with each `Pause`.
    """

    __slots__ = ("_perform", "_done", "_tell_retried", "_plan", "_flow", "_request", "_options",
                 "_exchange", "_timer", "_turn", "_turns", "_started")

    def __init__(self, perform, request, options, plan, done, tell_retried=None):
        # type: (Callable, PreparedRequest, CallOptions, Plan, Callable, Optional[Callable]) -> None
        self._perform = perform
        self._done = done  # type: Optional[Callable]
        self._tell_retried = tell_retried
        self._plan = plan
        self._request = request
        self._options = options
        self._exchange = None  # type: Any  # What is under way and can be cancelled.
        self._timer = None  # type: Any
        self._turn = None  # type: Optional[Turn]
        self._turns = 0  # Of the flow, to notice that it went on before `_perform` returned.
        self._started = monotonic()
        self._flow = attempts(request, options, plan)

    def begin(self):
        # type: () -> GuardedExchange
        """Start the first attempt now."""
        self._advance(self._flow.send, None)
        return self

    def cancel(self):
        # type: () -> None
        """End it without a result."""
        self._done = None
        exchange, self._exchange = self._exchange, None
        self._stop_waiting()
        if exchange is not None:
            exchange.cancel()
        if not self._flow.gi_running:
            self._flow.close()

    def fail(self):
        # type: () -> None
        """The session is closed while this waits."""
        self._go_on(self._flow.throw, self._failure(ConnectionError, "the session was closed"))

    def _advance(self, resume, value):
        self._turns += 1
        turns = self._turns
        try:
            command = resume(value)
        except Exception as error:  # The result, or a bug.
            self._end(None, error)
            return
        if self._done is None:  # Code that the flow has called has cancelled the call.
            self._flow.close()
        elif type(command) is Send:
            self._send(command, turns)
        elif type(command) is Done:
            self._end(command.response, None)
        else:
            self._wait(command)

    def _send(self, command, turns):
        self._request = command.request
        try:
            exchange = self._perform(command.request, command.options, self._performed)
        except Exception as error:  # The transport refuses it.
            self._advance(self._flow.throw, error)
            return
        if self._turns == turns:  # And it is not done yet.
            self._exchange = exchange

    def _performed(self, request, response, error):
        self._exchange = None  # It refers to this object; the cycle would need the collector.
        if self._done is None:
            return
        if error is not None:
            self._advance(self._flow.throw, error)
        else:
            self._advance(self._flow.send, response)

    def _end(self, response, error):
        done, self._done = self._done, None
        if done is not None:
            done(self._request if response is None else response.request, response, error)

    # Waiting

    def _wait(self, command):
        self._plan.guards.waiting.add(self)
        if type(command) is Pause:
            if self._tell_retried is not None:
                self._tell_retried(command)
            self._timer = detached(
                IOLoop.current().call_later, command.seconds, self._go_on, self._flow.send, None)
        elif type(command) is Turn:
            self._turn = command
            command.then = self._has_turn
            self._limit(command)
        else:
            self._exchange = HookWait(
                command.awaitable, command.request, self._options, self._waited)

    def _limit(self, turn):
        """Wait for a place until its time, the pool's time or the deadline has passed."""
        seconds, deadline = turn.seconds, turn.options.deadline
        if seconds is None:
            seconds = turn.options.timeout.pool
        left = None if deadline is None else max(0.0, deadline - monotonic())
        if seconds is None and left is None:
            return
        is_deadline = seconds is None or left is not None and left < seconds
        if is_deadline:
            limit = (left, DeadlineExceeded, "%s: it waited for a place in the bulkhead"
                     % turn.options.timeout.missed_deadline)
        else:
            limit = (seconds, PoolTimeout, "no place in the bulkhead came free for %g s" % seconds)
        self._timer = detached(IOLoop.current().call_later, limit[0], self._too_late, *limit[1:])

    def _too_late(self, error_class, what):
        self._go_on(self._flow.throw, self._failure(error_class, what))

    def _has_turn(self):
        self._go_on(self._flow.send, None)

    def _waited(self, waited):
        self._exchange = None
        if waited.cancelled():
            self._go_on(self._flow.throw, self._failure(
                ConnectionError, "what it waited for was cancelled"))
        elif waited.exception() is not None:
            self._go_on(self._flow.throw, waited.exception())
        else:
            self._go_on(self._flow.send, waited.result())

    def _go_on(self, resume, value):
        if self._done is None:
            return
        self._stop_waiting()
        self._advance(resume, value)

    def _failure(self, error_class, what):
        return failure(error_class, self._request, what, "pool", monotonic() - self._started)

    def _stop_waiting(self):
        self._plan.guards.waiting.discard(self)
        timer, self._timer = self._timer, None
        if timer is not None:
            IOLoop.current().remove_timeout(timer)
        turn, self._turn = self._turn, None
        if turn is not None:
            turn.then = None
