"""What observers are told: one immutable object for each thing that happens.

Times are seconds of one monotonic clock, those of `time.monotonic` on Python 3; `wall_time` gives
the time of day. No detail has a URL, a header field or a body: what they have is safe to log. The
exceptions, whose fields and bodies no ``repr`` shows:

- ``call.context.headers``, the fields that the call carries on, such as the tenant's;
- ``CallFailed.error``, whose text may name the path, and whose ``request`` and ``response`` have
  all;
- ``RequestReceived.http_request``.
"""

from __future__ import absolute_import, division, print_function

from collections import namedtuple

from waterspout._compat import TYPE_CHECKING
from waterspout.models.traces import Trace

if TYPE_CHECKING:
    from typing import Any, List, NamedTuple, Optional, Tuple  # noqa: F401

    from tornado.httputil import HTTPServerRequest  # noqa: F401

    from waterspout.exceptions import RequestException  # noqa: F401
    from waterspout.instrumentation.call_context import CallContext  # noqa: F401

    _Call = NamedTuple("_Call", [
        ("id", int),
        ("operation", Optional[str]),
        ("method", str),
        ("origin", str),
        ("upstream", Optional[str]),
        ("transport", str),
        ("started", float),
        ("request_bytes", Optional[int]),
        ("context", Optional[CallContext]),
    ])
    _Started = NamedTuple("_Started", [("call", "ObservedCall"), ("time", float)])
    _Connected = NamedTuple("_Connected", [
        ("call", "ObservedCall"), ("time", float), ("exchange", int), ("reused", Optional[bool]),
        ("attempt", int)])
    _OfExchange = NamedTuple("_OfExchange", [
        ("call", "ObservedCall"), ("time", float), ("exchange", int)])
    _FirstByte = NamedTuple("_FirstByte", [
        ("call", "ObservedCall"), ("time", float), ("exchange", int), ("status_code", int)])
    _Done = NamedTuple("_Done", [
        ("call", "ObservedCall"), ("time", float), ("status_code", int),
        ("response_bytes", Optional[int]), ("exchanges", Tuple["ObservedExchange", ...])])
    _Failed = NamedTuple("_Failed", [
        ("call", "ObservedCall"), ("time", float), ("error", BaseException),
        ("phase", Optional[str]), ("exchanges", Tuple["ObservedExchange", ...])])
    _Cancelled = NamedTuple("_Cancelled", [
        ("call", "ObservedCall"), ("time", float), ("exchanges", Tuple["ObservedExchange", ...])])
    _Retried = NamedTuple("_Retried", [
        ("call", "ObservedCall"), ("time", float), ("exchange", int),
        ("status_code", Optional[int]), ("error", Optional[BaseException]), ("delay", float)])
    _Exchange = NamedTuple("_Exchange", [
        ("method", str), ("origin", str), ("status_code", Optional[int]),
        ("times", Tuple[Any, ...]), ("waited", Optional[float])])
    _Request = NamedTuple("_Request", [
        ("id", int), ("method", str), ("client", str), ("started", float),
        ("request_id", Optional[str]), ("traceparent", Optional[str]),
        ("tracestate", Optional[str])])
    _Received = NamedTuple("_Received", [
        ("request", "ObservedRequest"), ("time", float), ("http_request", HTTPServerRequest)])
    _Sent = NamedTuple("_Sent", [
        ("request", "ObservedRequest"), ("time", float), ("route", Optional[str]),
        ("status_code", int), ("response_bytes", Optional[int]), ("client_left", bool),
        ("cut_off", bool)])
else:
    _Call = namedtuple(
        "ObservedCall",
        "id operation method origin upstream transport started request_bytes context")
    _Started = namedtuple("CallStarted", "call time")
    _OfExchange = namedtuple("CallDetail", "call time exchange")
    _Connected = namedtuple("CallConnected", "call time exchange reused attempt")
    _FirstByte = namedtuple("CallFirstByte", "call time exchange status_code")
    _Done = namedtuple("CallDone", "call time status_code response_bytes exchanges")
    _Failed = namedtuple("CallFailed", "call time error phase exchanges")
    _Cancelled = namedtuple("CallCancelled", "call time exchanges")
    _Retried = namedtuple("CallRetried", "call time exchange status_code error delay")
    _Exchange = namedtuple("ObservedExchange", "method origin status_code times waited")
    _Exchange.__new__.__defaults__ = (None,)
    _Request = namedtuple(
        "ObservedRequest", "id method client started request_id traceparent tracestate")
    _Received = namedtuple("RequestReceived", "request time http_request")
    _Sent = namedtuple(
        "ResponseSent", "request time route status_code response_bytes client_left cut_off")


class ObservedCall(_Call):
    """The call that a detail is about; equal in all details of one call.

    Attributes:
        id (int): differs from that of every other call of this process.
        operation (text or None): the name that was given, or the path template of
            `BaseSDK.fetch_async`; None for a call of a `Session` without ``operation=``.
        method (native str): of its first request; ``"-"`` if what was given is none.
        origin (native str): ``scheme://host:port`` of its first request; ``""`` if the call was
            refused before there was one, because of a bad URL, say. Of an SDK with several hosts,
            the first host's, for all its calls; each `ObservedExchange` has the host's that it
            went to.
        upstream (native str or None): the name of the `BaseSDK` subclass.
        transport (native str): such as ``"pooled"``.
        started (float): monotonic seconds.
        request_bytes (int or None): of the body; None if its length is unknown, or if the call was
            refused.
        context (CallContext or None): of the call.
    """

    __slots__ = ()

    @property
    def name(self):
        # type: () -> str
        """``"POST /object/{object_id}/instance/_search"``, or the method alone: never a URL."""
        return self.method if self.operation is None else "%s %s" % (self.method, self.operation)


class ObservedExchange(_Exchange):
    """One request and its response within a call; redirects, challenges and retries make several.

    Attributes:
        method, origin (native str); status_code (int or None): None if it failed.
        times (tuple): the arguments of its `Trace`; empty if the transport does not know them.
        waited (float seconds or None): the pause before it, if it is a retry of the one before.
    """

    __slots__ = ()

    if TYPE_CHECKING:
        def __new__(cls, method, origin, status_code, times, waited=None):
            # type: (str, str, Optional[int], Tuple[Any, ...], Optional[float]) -> ObservedExchange
            pass

    @property
    def trace(self):
        # type: () -> Trace
        """How long each phase took; of a failed exchange, those that it came to."""
        return Trace(*self.times)


class CallStarted(_Started):
    """A call has begun. Attributes: call; time."""

    __slots__ = ()


class CallQueued(_OfExchange):
    """No connection is free: the exchange waits for one. Attributes: call; time; exchange."""

    __slots__ = ()


class CallConnected(_Connected):
    """The exchange has a connection.

    Attributes:
        call, time; exchange (int): 0 for the first exchange of the call, 1 for the next one.
        reused (bool or None): a kept connection; None if the transport does not know it.
        attempt (int): 2 if a kept connection was stale and this one replaces it; else 1.
    """

    __slots__ = ()


class CallSent(_OfExchange):
    """The last byte of the request was sent. Attributes: call; time; exchange.

    A server may respond earlier; then this comes after `CallFirstByte`, or never.
    """

    __slots__ = ()


class CallFirstByte(_FirstByte):
    """The response's head has arrived. Attributes: call; time; exchange; status_code."""

    __slots__ = ()


class CallDone(_Done):
    """The call has its response, whatever its status; all of a streamed body has arrived.

    Attributes:
        call, time.
        status_code (int): of the last response.
        response_bytes (int or None): of the last response's body, as it arrived; None if the
            transport does not know it.
        exchanges (tuple of ObservedExchange): in order.
    """

    __slots__ = ()

    @property
    def seconds(self):
        # type: () -> float
        """The time from the beginning of the call."""
        return self.time - self.call.started

    @property
    def reused(self):
        # type: () -> Optional[bool]
        """Whether the last exchange used a kept connection; None if that is unknown."""
        times = self.exchanges[-1].times
        return times[2] if times else None


class CallFailed(_Failed):
    """The call has failed.

    Attributes:
        call, time.
        error (Exception): what the caller gets; nearly always a `waterspout.RequestException`. Its
            text may name the path; it has no query and no credentials.
        phase (native str or None): ``"pool"``, ``"connect"``, ``"send"`` or ``"read"``.
        exchanges (tuple of ObservedExchange): in order. The last one has failed, and has no status,
            unless the error came after its response: from a hook, of a redirect, or while a
            streamed body arrived. Empty if nothing was to be sent.
    """

    __slots__ = ()

    @property
    def seconds(self):
        # type: () -> float
        """The time from the beginning of the call."""
        return self.time - self.call.started


class CallCancelled(_Cancelled):
    """The caller has cancelled the call, or closed a streamed response before its end.

    Attributes: call; time; exchanges (tuple of ObservedExchange): those that have a response.
    """

    __slots__ = ()

    @property
    def seconds(self):
        # type: () -> float
        """The time from the beginning of the call."""
        return self.time - self.call.started


class CallRetried(_Retried):
    """An attempt was not the last one: another follows after a pause.

    Attributes:
        call, time; exchange (int): of the attempt; -1 if nothing was sent.
        status_code (int or None): of its response; None if it has failed.
        error (Exception or None): what it has failed with.
        delay (float seconds): the pause.
    """

    __slots__ = ()


class ObservedRequest(_Request):
    """The request that a service's detail is about; equal in both details of one request.

    Attributes:
        id (int): differs from that of every other request of this process.
        method (native str); client (native str): its IP address.
        started (float): monotonic seconds.
        request_id (native str or None): the one that came with it, or that was made for it.
        traceparent, tracestate (native str or None): fields of W3C Trace Context that came with it;
            None if they are not valid.
    """

    __slots__ = ()


class RequestReceived(_Received):
    """A service has received the head of a request.

    Attributes:
        request, time.
        http_request (tornado.httputil.HTTPServerRequest): the whole head, with what may be secret:
            the query, and fields such as Authorization and Cookie. Take what you need from it, and
            keep it no longer than your method runs.
    """

    __slots__ = ()

    def __repr__(self):
        return "RequestReceived(request=%r, time=%r)" % (self.request, self.time)


class ResponseSent(_Sent):
    """A service has answered a request, or never will.

    Attributes:
        request, time.
        route (native str or None): the pattern of the route, or its name; None if no route has
            this path, or the request was not complete. Use it for labels, never the path.
        status_code (int): 499 if the client left before; 500 if a bug prevented any response.
        response_bytes (int or None): of the body; None if its length was not stated, or if it is
            not whole.
        client_left (bool).
        cut_off (bool): an error came when a part of the response was sent. The connection was
            closed, so the client knows; ``status_code`` is what it was sent before.
    """

    __slots__ = ()

    @property
    def seconds(self):
        # type: () -> float
        """The time from the request's head."""
        return self.time - self.request.started
