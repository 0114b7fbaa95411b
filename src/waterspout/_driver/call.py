"""Call: the Future of a call, which runs its flow. Only this package waits."""

from __future__ import absolute_import, division, print_function

from functools import partial

from waterspout._compat import HOW_TO_WAIT, TYPE_CHECKING, reject, resolved
from waterspout._driver.continued import Continued
from waterspout._driver.guarded_exchange import GuardedExchange
from waterspout._driver.hook_wait import HookWait
from waterspout._flows.commands import Done, Wait
from waterspout.exceptions import RequestException
from waterspout.models.absent import CallBeforeResponse

if TYPE_CHECKING:
    from typing import Any, Callable, Optional  # noqa: F401

    from tornado.concurrent import Future

    from waterspout._flows.plan import Plan  # noqa: F401
    from waterspout.models.call_options import CallOptions  # noqa: F401
    from waterspout.models.prepared_request import PreparedRequest  # noqa: F401
    from waterspout.models.response import Response
    from waterspout.transports.base import Transport  # noqa: F401

    _Base = Future[Response]
else:
    _Base = Continued


class Call(_Base, CallBeforeResponse):
    """A running call.

    Most calls are one exchange. If its response needs more (a redirect), ``follow`` returns the
    flow that decides what is sent next, and the call resolves to the flow's `Done`.

    Cancelling it (Python 3) aborts the running exchange and closes the flow, so that its
    ``finally`` clauses run.

    Args:
        transport (waterspout.transports.base.Transport): performs the exchanges.
        follow (callable or None): ``follow(request, options, response)`` gives a generator of
            `waterspout._flows.commands`, or None where ``response`` is the result.
    """

    __slots__ = ("_perform", "_follow", "_options", "_exchange", "_flow")

    def __init__(self, transport, follow=None):
        # type: (Transport, Optional[Callable]) -> None
        _Base.__init__(self)
        self._perform = transport.perform
        self._follow = follow
        self._exchange = None
        self._flow = None

    def guard(self, plan):
        # type: (Plan) -> None
        """Send each message under the policies of ``plan``; before `begin`."""
        self._perform = partial(guarded, self._perform, plan, None)

    def refuse(self, error):
        # type: (Exception) -> Call
        """Fail before anything is sent."""
        reject(self, error)
        return self

    def begin(self, request, options):
        # type: (PreparedRequest, CallOptions) -> Call
        """Send the first request now. Errors are raised through the Future."""
        self._options = options
        try:
            exchange = self._perform(request, options, self._performed)
            if not self.done():  # Policies may have refused it at once.
                self._exchange = exchange
        except RequestException as error:
            self._end(error=error)
        return self

    def cancel(self, *args, **kwargs):
        # type: (*Any, **Any) -> bool
        cancelled = super(Call, self).cancel(*args, **kwargs)
        if cancelled:
            if self._exchange is not None:
                self._exchange.cancel()
            self._close()
        return cancelled

    def give_up(self, error):
        # type: (Exception) -> None
        """Abort the call like `cancel`, and let it fail with ``error``, unless it is done.

        For callers that are not resumed when it is cancelled: a ``@gen.coroutine`` before Tornado
        6.5 (tornado#2990). It works on Python 2.7 as well.
        """
        if not self.done():
            exchange, self._exchange = self._exchange, None
            self._end(error=error)
            self.exception()  # Mark it retrieved: its caller may not wait for it any more.
            if exchange is not None:
                exchange.cancel()
            self._close()

    def __repr__(self):
        # asyncio.create_task() takes only coroutines, and its error shows this text.
        shown = super(Call, self).__repr__()
        if self.done():
            return shown
        return "%s; it is a Future and has started: %s>" % (shown[:-1], HOW_TO_WAIT)

    def __aenter__(self):
        # type: () -> Call
        """``async with session.get(url, stream=True) as response`` closes the response."""
        return self

    def __aexit__(self, *exc_info):
        # type: (*Any) -> Future[None]
        self.result().close()
        return resolved(None)

    def _performed(self, request, response, error):
        """An exchange has ended with ``response`` or with ``error``."""
        self._exchange = None  # It refers to this call; the cycle would need the collector.
        if self.done():
            return
        if self._flow is not None:
            if error is not None:
                self._advance(self._flow.throw, error)
            else:
                self._advance(self._flow.send, response)
        elif error is not None:
            self._end(error=error)
        else:
            flow = self._flow = self._follow and self._follow(
                request, self._options, response)
            if flow is None:
                self._end(response)
            else:
                self._advance(flow.send, None)

    def _advance(self, resume, value):
        try:
            command = resume(value)
            if self.done():  # Code of the flow has cancelled it.
                self._close()
                return
            if not isinstance(command, Done):
                self._exchange = self._start(command)
                return
        except Exception as error:
            self._end(error=error)
        else:
            self._end(command.response)
        self._close()

    def _start(self, command):
        if isinstance(command, Wait):
            return HookWait(command.awaitable, command.request, self._options, self._waited)
        return self._perform(command.request, command.options, self._performed)

    def _waited(self, waited):
        self._exchange = None
        if self.done():
            return
        if waited.cancelled():
            self.cancel()
        elif waited.exception() is not None:
            self._advance(self._flow.throw, waited.exception())
        else:
            self._advance(self._flow.send, waited.result())

    def _end(self, response=None, error=None):
        if self.done():
            return
        if error is None:
            self.set_result(response)
        else:
            reject(self, error)

    def _close(self):
        if self._flow is not None and not self._flow.gi_running:
            self._flow.close()


def guarded(perform, plan, tell_retried, request, options, done):
    # type: (Callable, Plan, Optional[Callable], PreparedRequest, CallOptions, Callable) -> GuardedExchange  # noqa: E501
    """Start a `GuardedExchange`, which `Call._perform` has in place of the transport's method."""
    return GuardedExchange(perform, request, options, plan, done, tell_retried).begin()
