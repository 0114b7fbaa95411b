"""Observer: is told what happens to calls, and to the requests of a service."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, Callable, Mapping, Optional  # noqa: F401

    from waterspout.instrumentation import details  # noqa: F401
    from waterspout.policies.balancer import HostChange  # noqa: F401
    from waterspout.policies.circuit_breaker import CircuitChange  # noqa: F401


class Observer(object):
    """Override the methods you want; those that you do not override cost nothing.

    ::

        class SlowCalls(waterspout.instrumentation.Observer):
            def call_done(self, detail):
                if detail.seconds > 1:
                    print(detail.call.name, detail.seconds)

        session = waterspout.Session(observers=[SlowCalls()])

    Each method runs on the IOLoop and must be short. What it raises is logged, once for each
    method, and changes nothing. It may make other calls and close the session. A detail has the
    time at which it happened; the method may be called an iteration of the IOLoop later. The
    methods of one call are called in this order, and from ``call_queued`` on again for each
    exchange; `call_done`, `call_failed` and `call_cancelled` exclude each other, and one of them is
    always called, last.
    """

    def call_started(self, detail):
        # type: (details.CallStarted) -> None
        """A call has begun."""

    def call_queued(self, detail):
        # type: (details.CallQueued) -> None
        """An exchange waits for a connection."""

    def call_connected(self, detail):
        # type: (details.CallConnected) -> None
        """An exchange has a connection."""

    def call_sent(self, detail):
        # type: (details.CallSent) -> None
        """A request was sent whole."""

    def call_first_byte(self, detail):
        # type: (details.CallFirstByte) -> None
        """The head of a response has arrived."""

    def call_done(self, detail):
        # type: (details.CallDone) -> None
        """The call has its response; all of a streamed body has arrived."""

    def call_failed(self, detail):
        # type: (details.CallFailed) -> None
        """The call has failed."""

    def call_cancelled(self, detail):
        # type: (details.CallCancelled) -> None
        """The caller does not want the response any more: it has cancelled the call, or has closed
        or dropped a streamed response before its end.
        """

    def call_retried(self, detail):
        # type: (details.CallRetried) -> None
        """An attempt has ended, and there will be another; see `waterspout.Retry`."""

    def circuit_changed(self, change):
        # type: (CircuitChange) -> None
        """A circuit breaker has opened, tries its upstream, or has closed.

        Told by the session whose call has caused it; SDKs that share connections share it.
        """

    def host_changed(self, change):
        # type: (HostChange) -> None
        """A balancer has ejected a host, or has it back; told as by `circuit_changed`."""

    def headers_for(self, call):
        # type: (details.ObservedCall) -> Optional[Mapping[str, str]]
        """Header fields to send with the call, such as ``traceparent``; None for none.

        Called after `call_started`. They replace those of the same names, and are sent with
        redirects, too. Fields that are not valid are logged and not sent.
        """
        return None

    # For `waterspout.service.Application`

    def request_received(self, detail):
        # type: (details.RequestReceived) -> None
        """A service has received the head of a request."""

    def response_sent(self, detail):
        # type: (details.ResponseSent) -> None
        """A service has answered a request, or never will. Always called."""

    def run_request(self, request, run):
        # type: (details.ObservedRequest, Callable[[], None]) -> None
        """Call ``run()``, which runs the handler until it first waits, in a context of your own."""
        run()
