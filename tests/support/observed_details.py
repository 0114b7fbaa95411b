"""Details as observers get them, with a call and a request that tests may change."""

from __future__ import absolute_import, division, print_function

from waterspout.instrumentation import (
    CallCancelled,
    CallDone,
    CallFailed,
    CallStarted,
    ObservedCall,
    ObservedExchange,
    ObservedRequest,
    RequestReceived,
    ResponseSent,
)

ORIGIN = "http://10.0.0.7:8079"

#: The moments of an exchange: 1 ms in the queue, 9 until the request was sent, 2 for the head.
MOMENTS = (100.0, 100.001, None, None, None, 100.01, 100.012, 100.0125)


def call(**changed):
    """An `ObservedCall` that began at 100."""
    values = dict(
        id=1, operation="/object/{kind}", method="POST", origin=ORIGIN, upstream="InventorySDK",
        transport="pooled", started=100.0, request_bytes=34, context=None)
    values.update(changed)
    return ObservedCall(**values)


def exchange(status=200, moments=MOMENTS, attempts=1, reused=True, origin=ORIGIN, failed=None):
    """An `ObservedExchange`; without moments, of a transport that knows none."""
    times = (moments, attempts, reused, failed) if moments else ()
    return ObservedExchange("POST", origin, status, times)


def done(status=200, seconds=0.0125, received=2048, exchanges=None, **changed):
    """A `CallDone` so many seconds after the beginning."""
    exchanges = (exchange(status),) if exchanges is None else exchanges
    return CallDone(call(**changed), 100.0 + seconds, status, received, exchanges)


def failed(error, seconds=3.0, phase="connect", exchanges=(), **changed):
    """A `CallFailed`."""
    return CallFailed(call(**changed), 100.0 + seconds, error, phase, exchanges)


def cancelled(seconds=3.0, **changed):
    """A `CallCancelled`."""
    return CallCancelled(call(**changed), 100.0 + seconds, ())


def started(**changed):
    """The `CallStarted` of the same call."""
    return CallStarted(call(**changed), 100.0)


def request(method="POST"):
    """An `ObservedRequest` that began at 100."""
    return ObservedRequest(1, method, "10.0.0.9", 100.0, "id-1", None, None)


def received(method="POST"):
    """A `RequestReceived`."""
    return RequestReceived(request(method), 100.0, None)


def sent(status=200, route="/search/(.*)", method="POST", count=17, seconds=0.02, left=False,
         cut_off=False):
    """A `ResponseSent`."""
    return ResponseSent(request(method), 100.0 + seconds, route, status, count, left, cut_off)
