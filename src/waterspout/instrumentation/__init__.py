"""What happens to calls and requests, for logs, metrics and traces."""

from __future__ import absolute_import, division, print_function

from waterspout.instrumentation.call_context import CallContext
from waterspout.instrumentation.call_tally import CallTally
from waterspout.instrumentation.details import (
    CallCancelled,
    CallConnected,
    CallDone,
    CallFailed,
    CallFirstByte,
    CallQueued,
    CallRetried,
    CallSent,
    CallStarted,
    ObservedCall,
    ObservedExchange,
    ObservedRequest,
    RequestReceived,
    ResponseSent,
)
from waterspout.instrumentation.log_observer import LogObserver
from waterspout.instrumentation.observer import Observer
from waterspout.instrumentation.wall_clock import wall_time
from waterspout.instrumentation.waterfall import CallRecorder, waterfall

__all__ = [
    "CallCancelled", "CallConnected", "CallContext", "CallDone", "CallFailed", "CallFirstByte",
    "CallQueued", "CallRecorder", "CallRetried", "CallSent", "CallStarted", "CallTally",
    "LogObserver", "ObservedCall", "ObservedExchange", "ObservedRequest", "Observer",
    "RequestReceived", "ResponseSent", "wall_time", "waterfall",
]
