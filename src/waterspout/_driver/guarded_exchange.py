"""GuardedExchange: runs the attempts of one message, and looks like one exchange to its call."""

from __future__ import absolute_import, division, print_function

from tornado.ioloop import IOLoop

from waterspout._compat import TYPE_CHECKING, detached, monotonic
from waterspout._flows.attempts import attempts
from waterspout._flows.commands import Done, Pause, Send, Turn
from waterspout.exceptions import (
    ConnectionError,
    ConnectTimeout,
    DeadlineExceeded,
    PoolTimeout,
    RequestException,
)
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
                 "_exchange", "_timer", "_turn", "_turns", "_looked_up",
                 "_started")

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
        self._looked_up = None  # type: Any  # The Future of a lookup that it waits for.
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
            if isinstance(error, RequestException):
                error.__traceback__ = None  # Of our own frames, which refer to it.
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
        self._plan.guards.calls.waiting.add(self)
        if type(command) is Pause:
            if self._tell_retried is not None:
                self._tell_retried(command)
                if self._done is None:  # An observer has cancelled the call or closed the session.
                    return
            self._timer = detached(
                IOLoop.current().call_later, command.seconds, self._go_on, self._flow.send, None)
        elif type(command) is Turn:
            self._turn = command
            command.then = self._has_turn
            self._limit(command)
        else:
            self._wait_for_lookup(command.awaitable)

    def _wait_for_lookup(self, found):
        """Wait as long as connecting may take, which a lookup is a part of."""
        timeout, deadline = self._options.timeout, self._options.deadline
        self._looked_up = found
        self._limit_to(timeout.connect, deadline, "connect", ConnectTimeout,
                       "the name was not resolved within %g s",
                       "it waited for the name's addresses")
        IOLoop.current().add_future(found, self._found)

    def _limit(self, turn):
        """Wait for a place until its time, the pool's time or the deadline has passed."""
        seconds, deadline = turn.seconds, turn.options.deadline
        if seconds is None:
            seconds = turn.options.timeout.pool
        self._limit_to(seconds, deadline, "pool", PoolTimeout,
                       "no place in the bulkhead came free for %g s",
                       "it waited for a place in the bulkhead")

    def _limit_to(self, seconds, deadline, phase, error_class, what, meanwhile):
        left = None if deadline is None else max(0.0, deadline - monotonic())
        if seconds is None and left is None:
            return
        if seconds is None or left is not None and left < seconds:
            seconds, error_class = left, DeadlineExceeded
            what = "%s: %s" % (self._options.timeout.missed_deadline, meanwhile)
        else:
            what = what % seconds
        self._timer = detached(
            IOLoop.current().call_later, seconds, self._too_late, error_class, what, phase)

    def _too_late(self, error_class, what, phase):
        self._go_on(self._flow.throw, self._failure(error_class, what, phase))

    def _has_turn(self):
        self._go_on(self._flow.send, None)

    def _found(self, found):
        error = found.exception()  # Retrieved in any case, or it would be logged.
        if self._looked_up is found:
            if error is None:
                self._go_on(self._flow.send, None)
            else:
                self._go_on(self._flow.throw, error)

    def _go_on(self, resume, value):
        if self._done is None:
            return
        self._stop_waiting()
        self._advance(resume, value)

    def _failure(self, error_class, what, phase="pool"):
        return failure(error_class, self._request, what, phase, monotonic() - self._started)

    def _stop_waiting(self):
        self._plan.guards.calls.waiting.discard(self)
        timer, self._timer = self._timer, None
        if timer is not None:
            IOLoop.current().remove_timeout(timer)
        self._looked_up = None
        turn, self._turn = self._turn, None
        if turn is not None:
            turn.then = None
