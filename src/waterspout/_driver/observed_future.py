"""ObservedFuture: a `Call` that tells observers what happens to it."""

from __future__ import absolute_import, division, print_function

import itertools

from waterspout._compat import TYPE_CHECKING, monotonic
from waterspout._driver.call import Call
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
    """A running call with observers.

    Args:
        dispatch (Dispatch), labels (Labels).
    """

    __slots__ = ("_transport", "_dispatch", "_labels", "_call", "_exchanges", "_notes")

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

    def refuse(self, error):
        self._tell_started(None)
        self._tell_failed(error)
        return super(ObservedFuture, self).refuse(error)

    def begin(self, request, options):
        self._tell_started(request)
        extra = self._dispatch.headers_for and self._dispatch.extra_headers(self._call)
        if extra:
            request.headers = request.headers.merged(extra)
        try:
            return super(ObservedFuture, self).begin(request, options)
        except Exception as error:
            self._tell_failed(error)
            raise

    def cancel(self, *args, **kwargs):
        cancelled = super(ObservedFuture, self).cancel(*args, **kwargs)
        if cancelled:
            tell = self._dispatch.call_cancelled
            if tell:
                self._dispatch.tell(
                    tell, CallCancelled(self._call, monotonic(), self._exchanges))
        return cancelled

    def _tell_started(self, request):
        labels = self._labels
        url = body = None
        if request is not None:
            url, body = request.parsed_url, request.body
        self._call = call = ObservedCall(
            next(_ids),
            labels.operation,
            labels.method if request is None else request.method,
            "" if url is None else origin_of(url),
            labels.upstream,
            labels.transport,
            monotonic(),
            0 if body is None else body.length if isinstance(body, StreamedBody) else len(body),
            labels.context,
        )
        tell = self._dispatch.call_started
        if tell:
            self._dispatch.tell(tell, CallStarted(call, call.started))

    def _perform_noted(self, request, options, done):
        notes = self._notes = ExchangeNotes(self._dispatch, self._call, len(self._exchanges))
        return self._transport.perform(request, options, done, notes=notes)

    def _performed(self, request, response, error):
        if not self.done():
            status, times = None, getattr(error, "times", ())
            if response is not None:
                status, times = response.status_code, response.times
            self._exchanges += (ObservedExchange(
                request.method, origin_of(request.parsed_url), status, times),)
        super(ObservedFuture, self)._performed(request, response, error)

    def _end(self, response=None, error=None):
        if self.done():
            return
        if error is not None:
            self._tell_failed(error)
        elif isinstance(response, Response) and response.is_streaming:
            response.when_ended(
                _StreamEnd(self._dispatch, self._call, self._exchanges, self._notes))
        else:
            _tell_done(self._dispatch, self._call, self._exchanges, self._notes)
        super(ObservedFuture, self)._end(response, error)

    def _tell_failed(self, error):
        tell = self._dispatch.call_failed
        if tell:
            self._dispatch.tell(tell, CallFailed(
                self._call, monotonic(), error, getattr(error, "phase", None), self._exchanges))


class _StreamEnd(object):
    """Called at the end of a streamed body. It has no reference to the response, whose end is also
    that nothing refers to it any more.
    """

    __slots__ = ("_dispatch", "_call", "_exchanges", "_notes")

    def __init__(self, dispatch, call, exchanges, notes):
        self._dispatch = dispatch
        self._call = call
        self._exchanges = exchanges
        self._notes = notes

    def __call__(self, ended, error):
        # type: (Optional[float], Optional[BaseException]) -> None
        dispatch, now = self._dispatch, monotonic()
        times = self._exchanges[-1].times
        if error is None and times:
            times = (times[0][:-1] + (ended,),) + times[1:]
        elif times:
            times = getattr(error, "times", ()) or failed_times(
                times[0], "end", now, *times[1:3])
        exchanges = self._exchanges[:-1] + (self._exchanges[-1]._replace(times=times),)
        if error is None:
            _tell_done(dispatch, self._call, exchanges, self._notes)
        elif isinstance(error, StreamClosed):
            if dispatch.call_cancelled:
                dispatch.tell(
                    dispatch.call_cancelled, CallCancelled(self._call, now, exchanges))
        elif dispatch.call_failed:
            dispatch.tell(dispatch.call_failed, CallFailed(
                self._call, now, error, getattr(error, "phase", None), exchanges))


def _tell_done(dispatch, call, exchanges, notes):
    tell = dispatch.call_done
    if tell:
        dispatch.tell(tell, CallDone(
            call, monotonic(), exchanges[-1].status_code, notes.response_bytes, exchanges))


def origin_of(url):
    # type: (Any) -> str
    """``scheme://host:port`` of a parsed URL."""
    scheme, host, port = url.origin
    return "%s://%s:%d" % (scheme, "[%s]" % host if ":" in host else host, port)
