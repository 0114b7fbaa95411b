"""Calls with fixed times, of which the documentation shows the waterfall."""

from __future__ import absolute_import, division, print_function

from waterspout.exceptions import ReadTimeout
from waterspout.instrumentation import (
    CallCancelled,
    CallDone,
    CallFailed,
    ObservedCall,
    ObservedExchange,
)


def _call(method, operation, started):
    return ObservedCall(1, operation, method, "http://h:80", "CMDBSDK", "pooled", started, 0, None)


def _exchange(method, status, *moments, **kwargs):
    failed = (kwargs["failed"],) if "failed" in kwargs else ()
    return ObservedExchange(method, "http://h:80", status, (moments, 1, False) + failed)


CALLS = [
    CallDone(_call("POST", "/object/{object_id}/instance/_search", 0.0), 0.0482, 200, 5120, (
        _exchange("POST", 200, 0.0, 0.0001, 0.0031, 0.0072, None, 0.0075, 0.0391, 0.0482),)),
    CallDone(_call("GET", "/login", 0.002), 0.0302, 200, 20, (
        _exchange("GET", 302, 0.002, 0.0021, None, None, None, 0.0023, 0.0101, 0.0105),
        _exchange("GET", 200, 0.0108, 0.0109, None, 0.0141, 0.0201, 0.0204, 0.0292, 0.0302))),
    CallFailed(_call("GET", "/quota/{org}", 0.0102), 0.0602, ReadTimeout("late"), "read", (
        _exchange("GET", None, 0.0102, 0.0205, None, None, None, 0.0208, 0.0602, None,
                  failed=0.0602),)),
    CallCancelled(_call("GET", "/slow", 0.0402), 0.0583, ()),
]
