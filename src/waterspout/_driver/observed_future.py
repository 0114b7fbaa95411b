"""ObservedFuture: a `Call` that tells observers what happens to it."""

from __future__ import absolute_import, division, print_function

import itertools

from waterspout._compat import TYPE_CHECKING, monotonic
from waterspout._driver.call import Call
from waterspout._encoding.header_checks import valid_method
from waterspout._encoding.streamed_bodies import StreamedBody
from waterspout.exceptions import StreamClosed
from waterspout.instrumentation.details import (
    CallCancelled,
    CallDone,
    CallFailed,
    CallStarted,
    ObservedCall,
    ObservedExchange,
)
from waterspout.instrumentation.exchange_notes import ExchangeNotes
from waterspout.models.response import Response
from waterspout.models.traces import failed_times

if TYPE_CHECKING:
    from typing import Any, Callable, Optional, Tuple  # noqa: F401

    from waterspout.instrumentation.call_context import CallContext  # noqa: F401
    from waterspout.instrumentation.dispatch import Dispatch  # noqa: F401
    from waterspout.models.call_options import CallOptions  # noqa: F401
    from waterspout.models.prepared_request import PreparedRequest  # noqa: F401
    from waterspout.transports.base import Transport  # noqa: F401

#: Numbers of calls; taking one is atomic.
_ids = itertools.count(1)


class Labels(object):
    """What names a call: known before its request is made.

    Attributes:
        method (native str), operation (native str or None), upstream (native str or None),
        transport (native str), context (CallContext or None).
    """

    __slots__ = ("method", "operation", "upstream", "transport", "context")

    def __init__(self, method, operation, upstream, transport, context):
        # type: (str, Optional[str], Optional[str], str, Optional[CallContext]) -> None
        self.method = method
        self.operation = operation
        self.upstream = upstream
        self.transport = transport
        self.context = context


class ObservedFuture(Call):
    """A running call with observers, which are told of its beginning once and of its end once.

    Args:
        dispatch (Dispatch), labels (Labels).
    """

    __slots__ = ("_transport", "_dispatch", "_labels", "_call", "_exchanges", "_notes", "_is_told")

    def __init__(self, transport, follow, dispatch, labels):
        # type: (Transport, Optional[Callable], Dispatch, Labels) -> None
        Call.__init__(self, transport, follow)
        self._transport = transport
        self._perform = self._perform_noted  # type: ignore[method-assign]
        self._dispatch = dispatch
        self._labels = labels
        self._call = None  # type: Any  # The ObservedCall, once it is known.
        self._exchanges = ()  # type: Tuple[ObservedExchange, ...]
        self._notes = None  # type: Optional[ExchangeNotes]  # Of the last exchange.
        self._is_told = False  # Of its end.

    def refuse(self, error):
        self._tell_started(None)
        self._tell_failed(error)
        return super(ObservedFuture, self).refuse(error)

    def begin(self, request, options):
        self._tell_started(request)
        if self._dispatch.headers_for:
            self._dispatch.add_headers(self._call, request)
        try:
            return super(ObservedFuture, self).begin(request, options)
        except Exception as error:
            self._tell_failed(error)
            raise

    def cancel(self, *args, **kwargs):
        cancelled = super(ObservedFuture, self).cancel(*args, **kwargs)
        if cancelled and self._is_last():
            tell = self._dispatch.call_cancelled
            if tell:
                self._dispatch.tell(
                    tell, CallCancelled(self._call, monotonic(), self._exchanges))
        return cancelled

    def _tell_started(self, request):
        labels = self._labels
        if request is None:
            method, origin, length = labels.method, "", None
        else:
            method, origin, body = request.method, origin_of(request.parsed_url), request.body
            length = (0 if body is None else
                      body.length if isinstance(body, StreamedBody) else len(body))
        self._call = call = ObservedCall(
            next(_ids),
            labels.operation,
            method,
            origin,
            labels.upstream,
            labels.transport,
            monotonic(),
            length,
            labels.context,
        )
        tell = self._dispatch.call_started
        if tell:
            self._dispatch.tell(tell, CallStarted(call, call.started))

    def _perform_noted(self, request, options, done):
        if self._exchanges:
            self._close_last()
        notes = self._notes = ExchangeNotes(self._dispatch, self._call, len(self._exchanges))
        exchange = self._transport.perform(request, options, done, notes=notes)
        notes.begun()
        return exchange

    def _close_last(self):
        # The body of a streamed redirect is not read.
        last = self._exchanges[-1]
        if last.times and last.times[0][-1] is None:
            times = failed_times(last.times[0], "end", monotonic(), *last.times[1:3])
            self._exchanges = self._exchanges[:-1] + (last._replace(times=times),)

    def _performed(self, request, response, error):
        if not self.done():
            # A transport of the user's may have responses of its own.
            known = response if error is None else error
            self._exchanges += (ObservedExchange(
                request.method, origin_of(request.parsed_url),
                None if error is not None else getattr(response, "status_code", None),
                getattr(known, "times", ())),)
            if self._notes is not None:
                self._notes.flush()  # Before anything is told of the next exchange.
        super(ObservedFuture, self)._performed(request, response, error)

    def _end(self, response=None, error=None):
        if self.done():
            return
        if error is not None:
            self._tell_failed(error)
        elif self._is_last():
            end = _End(self._dispatch, self._call, self._exchanges, self._notes)
            if isinstance(response, Response) and response.is_streamed:
                response.when_ended(end)
            else:
                end.tell_done()
        super(ObservedFuture, self)._end(response, error)

    def _tell_failed(self, error):
        if self._is_last():
            _End(self._dispatch, self._call, self._exchanges, self._notes).tell_failed(error)

    def _is_last(self):
        """Whether the end is still to be told; before it, tell what was noted."""
        if self._is_told:
            return False
        self._is_told = True
        self._perform = None  # type: ignore[assignment]  # It refers to this call.
        if self._notes is not None:
            self._notes.flush()
        return True


class _End(object):
    """Tells of the end of a call. For a streamed body it is called at its end.

    It has no reference to the response: that nothing refers to it any more is an end, too.
    """

    __slots__ = ("_dispatch", "_call", "_exchanges", "_notes")

    def __init__(self, dispatch, call, exchanges, notes):
        # type: (Dispatch, ObservedCall, Tuple[ObservedExchange, ...], Optional[ExchangeNotes]) -> None
        self._dispatch = dispatch
        self._call = call
        self._exchanges = exchanges
        self._notes = notes

    def tell_done(self):
        # type: () -> None
        dispatch, exchanges, notes = self._dispatch, self._exchanges, self._notes  # type: Any
        if dispatch.call_done:
            dispatch.tell(dispatch.call_done, CallDone(
                self._call, monotonic(), exchanges[-1].status_code, notes.response_bytes,
                exchanges))

    def tell_failed(self, error):
        # type: (BaseException) -> None
        dispatch = self._dispatch
        if dispatch.call_failed:
            dispatch.tell(dispatch.call_failed, CallFailed(
                self._call, monotonic(), error, getattr(error, "phase", None), self._exchanges))

    def __call__(self, ended, error):
        # type: (Optional[float], Optional[BaseException]) -> None
        """The streamed body has ended, with ``error`` if it is not whole."""
        last, dispatch = self._exchanges[-1], self._dispatch
        times = last.times
        if times and error is None:
            times = (times[0][:-1] + (ended,),) + times[1:]
        elif times:
            times = getattr(error, "times", ()) or failed_times(
                times[0], "end", monotonic(), *times[1:3])
        self._exchanges = self._exchanges[:-1] + (last._replace(times=times),)
        self._notes.flush()  # type: ignore[union-attr]
        if error is None:
            self.tell_done()
        elif not isinstance(error, StreamClosed):
            self.tell_failed(error)
        elif dispatch.call_cancelled:
            dispatch.tell(
                dispatch.call_cancelled, CallCancelled(self._call, monotonic(), self._exchanges))


def label_of(method):
    # type: (Any) -> str
    """``method`` as its request would have it; ``"-"`` if it may not be one.

    For a call that is refused before there is a request.
    """
    try:
        return valid_method(method)
    except (TypeError, ValueError, IOError):
        return "-"


def origin_of(url):
    # type: (Any) -> str
    """``scheme://host:port`` of a parsed URL."""
    scheme, host, port = url.origin
    return "%s://%s:%d" % (scheme, "[%s]" % host if ":" in host else host, port)
