"""ObservedFuture: a `Call` that tells observers what happens to it."""

from __future__ import absolute_import, division, print_function

import itertools
from functools import partial

from waterspout._bounded_stores import keep
from waterspout._compat import TYPE_CHECKING, monotonic
from waterspout._driver.call import Call
from waterspout._driver.guarded_exchange import GuardedExchange
from waterspout._driver.loop_calls import caller_on_this_loop
from waterspout._encoding.header_checks import valid_method
from waterspout._encoding.streamed_bodies import StreamedBody
from waterspout._encoding.urls import origin_text
from waterspout._flows.commands import Wait
from waterspout.exceptions import StreamClosed
from waterspout.instrumentation.details import (
    CallCancelled,
    CallDone,
    CallFailed,
    CallRetried,
    CallStarted,
    ObservedCall,
    ObservedExchange,
)
from waterspout.instrumentation.exchange_notes import ExchangeNotes
from waterspout.models.response import Response
from waterspout.models.traces import failed_times

if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Optional, Tuple  # noqa: F401

    from waterspout._flows.plan import Plan  # noqa: F401
    from waterspout.instrumentation.call_context import CallContext  # noqa: F401
    from waterspout.instrumentation.dispatch import Dispatch  # noqa: F401
    from waterspout.models.call_options import CallOptions  # noqa: F401
    from waterspout.models.prepared_request import PreparedRequest  # noqa: F401
    from waterspout.transports.base import Transport  # noqa: F401

#: Numbers of calls; taking one is atomic.
_ids = itertools.count(1)

#: What `origin_of` returned, and how many of that are kept.
_origins = {}  # type: Dict[Tuple[str, str, int], str]
_ORIGINS = 1000


class ObservedFuture(Call):
    """A running call with observers, which are told of its beginning once and of its end once.

    Args:
        dispatch (Dispatch)
        labels (tuple): what names the call before its request is made: method, operation, upstream,
            transport, context; see `ObservedCall`.
    """

    # Those that `__init__` does not set are set before they are used: each costs, for each call.
    __slots__ = ("_dispatch", "_labels", "_call", "_exchanges", "_notes", "_perform_plainly",
                 "_response_bytes", "_is_told", "_plan",
                 "_perform_one", "_pause")

    if TYPE_CHECKING:
        _call = None  # type: Any  # The ObservedCall.
        _perform_plainly = None  # type: Any  # The transport's method, if exchanges have notes.
        _perform_one = None  # type: Any  # What performs an attempt, if there are policies.
        _response_bytes = None  # type: Optional[int]  # Of the last response.
        _pause = None  # type: Optional[float]  # The pause before the next exchange.

    def __init__(self, transport, follow, dispatch, labels):
        # type: (Transport, Optional[Callable], Dispatch, Tuple[Any, ...]) -> None
        Call.__init__(self, transport, follow)
        self._dispatch = dispatch
        self._labels = labels
        self._exchanges = ()  # type: Tuple[ObservedExchange, ...]
        self._notes = None  # type: Optional[ExchangeNotes]  # Of the last exchange.
        self._is_told = False  # Of its end.
        self._plan = None  # type: Optional[Plan]

    def guard(self, plan):
        self._plan = plan
        self._pause = None

    def refuse(self, error):
        method, operation, upstream, transport, context = self._labels
        self._call = call = ObservedCall(
            next(_ids), operation, label_of(method), "", upstream, transport, monotonic(), None,
            context)
        self._dispatch.tell(self._dispatch.call_started, CallStarted(call, call.started))
        self._tell_failed(error)
        return Call.refuse(self, error)

    def begin(self, request, options):
        dispatch, url, body = self._dispatch, request.parsed_url, request.body
        _, operation, upstream, transport, context = self._labels
        started = monotonic()
        # Here and below without the namedtuple's own __new__, which costs twice as much.
        self._call = call = tuple.__new__(ObservedCall, (
            next(_ids), operation, request.method, _origins.get(url.origin) or origin_of(url),
            upstream, transport, started,
            0 if body is None else body.length if isinstance(body, StreamedBody) else len(body),
            context))
        if dispatch.call_started:
            dispatch.tell(dispatch.call_started, tuple.__new__(CallStarted, (call, started)))
        if dispatch.headers_for:
            dispatch.add_headers(call, request)
        if dispatch.is_live or options.stream:
            self._perform_plainly = self._perform
            self._perform = self._perform_noted  # type: ignore[method-assign]
        if self._plan is not None:
            self._perform_one = self._perform
            self._perform = self._perform_guarded  # type: ignore[method-assign]
        try:
            return Call.begin(self, request, options)
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

    def give_up(self, error):
        if not self.done() and self._is_last() and self._dispatch.call_cancelled:
            self._dispatch.tell(self._dispatch.call_cancelled, CallCancelled(
                self._call, monotonic(), self._exchanges))
        super(ObservedFuture, self).give_up(error)

    def _perform_noted(self, request, options, done):
        notes = self._notes = ExchangeNotes(self._dispatch, self._call, len(self._exchanges))
        exchange = self._perform_plainly(request, options, done, notes=notes)
        notes.begun()
        return exchange

    def _perform_guarded(self, request, options, done):
        # ``done`` is `_performed`, which would note the last attempt once more.
        return GuardedExchange(
            self._perform_attempt, request, options, self._plan,
            partial(Call._performed, self), self._tell_retried).begin()

    def _perform_attempt(self, request, options, done):
        if self._exchanges:
            self._close_last()
        return self._perform_one(request, options, partial(self._attempted, done))

    def _attempted(self, done, request, response, error):
        if not self.done():
            self._note(request, response, error)
        done(request, response, error)

    def _tell_retried(self, pause):
        self._pause = pause.seconds
        if self._dispatch.call_retried:
            attempt = pause.attempt
            self._dispatch.tell(self._dispatch.call_retried, CallRetried(
                self._call, monotonic(), len(self._exchanges) - 1, attempt.status_code,
                attempt.error, pause.seconds))

    def _start(self, command):
        if not isinstance(command, Wait):
            self._close_last()
        return Call._start(self, command)

    def _close_last(self):
        # The body of a streamed redirect is not read.
        last = self._exchanges[-1]
        if last.status_code is not None and last.times and last.times[0][-1] is None:
            times = failed_times(last.times[0], "end", monotonic(), *last.times[1:3])
            self._exchanges = self._exchanges[:-1] + (last._replace(times=times),)

    def _performed(self, request, response, error):
        if not self.done():
            self._note(request, response, error)
        Call._performed(self, request, response, error)

    def _note(self, request, response, error):
        """An exchange has ended."""
        exchanges = self._exchanges
        # The first request's URL need not be looked at again, unless a balancer has changed it.
        waited = None
        if self._plan is not None:
            origin = origin_of(request.parsed_url)
            waited, self._pause = self._pause, None
        else:
            origin = origin_of(request.parsed_url) if exchanges else self._call.origin
        # A transport of the user's may have responses of its own.
        if type(response) is Response:
            status, times, self._response_bytes = response.noted()
        else:
            status = getattr(response, "status_code", None)
            times = getattr(response if error is None else error, "times", ())
            self._response_bytes = None
        self._exchanges = exchanges + (tuple.__new__(ObservedExchange, (
            request.method, origin, status, times, waited)),)
        if self._notes is not None:
            self._notes.flush()  # Before anything is told of the next exchange.

    def _end(self, response=None, error=None):
        if self.done():
            return
        notes = self._notes
        if error is not None:
            self._tell_failed(error)
        elif self._is_told:
            pass
        elif notes is None:  # As `_is_last` has it, for nearly every call.
            self._is_told = True
            if self._plan is not None:
                self._perform = None  # type: ignore[assignment]  # It refers to this call.
            _tell_done(self._dispatch, self._call, self._exchanges, self._response_bytes)
        elif self._is_last():
            if isinstance(response, Response) and response.is_streamed:
                response.when_ended(
                    _StreamEnd(self._dispatch, self._call, self._exchanges, notes),
                    caller_on_this_loop())
            else:
                _tell_done(self._dispatch, self._call, self._exchanges, self._response_bytes)
        Call._end(self, response, error)

    def _tell_failed(self, error):
        if self._is_last():
            _tell_failed(self._dispatch, self._call, self._exchanges, error)

    def _is_last(self):
        """Whether the end is still to be told; before it, tell what was noted."""
        if self._is_told:
            return False
        self._is_told = True
        if self._notes is not None:
            self._perform_one = None
            self._perform = None  # type: ignore[assignment]  # It refers to this call.
            self._notes.flush()
        elif self._plan is not None:
            self._perform = None  # type: ignore[assignment]
        return True


class _StreamEnd(object):
    """Called at the end of a streamed body.

    It has no reference to the response: that nothing refers to it any more is an end, too.
    """

    __slots__ = ("_dispatch", "_call", "_exchanges", "_notes")

    def __init__(self, dispatch, call, exchanges, notes):
        # type: (Dispatch, ObservedCall, Tuple[ObservedExchange, ...], Any) -> None
        self._dispatch = dispatch
        self._call = call
        self._exchanges = exchanges
        self._notes = notes

    def __call__(self, ended, error):
        # type: (Optional[float], Optional[BaseException]) -> None
        """The streamed body has ended, with ``error`` if it is not whole."""
        now = monotonic() if ended is None else ended
        last, dispatch, notes = self._exchanges[-1], self._dispatch, self._notes
        times = last.times
        if times and error is None:
            times = (times[0][:-1] + (ended,),) + times[1:]
        elif times:
            times = getattr(error, "times", ()) or failed_times(
                times[0], "end", now, *times[1:3])
        exchanges = self._exchanges[:-1] + (last._replace(times=times),)
        notes.flush()
        if error is None:
            _tell_done(dispatch, self._call, exchanges, notes.response_bytes)
        elif not isinstance(error, StreamClosed):
            _tell_failed(dispatch, self._call, exchanges, error)
        elif dispatch.call_cancelled:
            dispatch.tell(
                dispatch.call_cancelled, CallCancelled(self._call, now, exchanges))


def _tell_done(dispatch, call, exchanges, response_bytes):
    # type: (Dispatch, ObservedCall, Tuple[ObservedExchange, ...], Optional[int]) -> None
    if dispatch.call_done:
        dispatch.tell(dispatch.call_done, tuple.__new__(CallDone, (
            call, monotonic(), exchanges[-1].status_code, response_bytes, exchanges)))


def _tell_failed(dispatch, call, exchanges, error):
    # type: (Dispatch, ObservedCall, Tuple[ObservedExchange, ...], BaseException) -> None
    if dispatch.call_failed:
        dispatch.tell(dispatch.call_failed, CallFailed(
            call, monotonic(), error, getattr(error, "phase", None), exchanges))


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
    """``scheme://host:port`` of a parsed URL; the last results are kept."""
    origin = url.origin
    found = _origins.get(origin)
    if found is None:
        found = keep(_origins, origin, origin_text(origin), _ORIGINS)
    return found
