"""What a failed call to the CMDB means to the gateway's caller: a status and a sentence.

The sentences are ours: what the exceptions say names hosts and ports, which is for the log.
Only the CMDB's own words are passed on.
"""

from __future__ import absolute_import, division, print_function

import waterspout
from waterspout.service import CallCancelled, Refusal
from waterspout_cmdb.errors import CMDBError

#: Characters of the CMDB's own words that we pass on.
MAX_TEXT = 1000

#: The vendor's codes that blame the caller, and the status the vendor gives them. They matter
#: where a code comes with HTTP 200; every other one then means 502.
CALLER_CODES = {
    1: 499,  # CANCELLED
    100000: 400,  # INVALID_ARGUMENT
    100001: 400,  # FAILED_PRECONDITION
    100002: 400,  # OUT_OF_RANGE
    100003: 401,  # UNAUTHENTICATED
    100004: 403,  # PERMISSION_DENIED
    100005: 404,  # NOT_FOUND
    100006: 409,  # ABORTED
    100007: 409,  # ALREADY_EXISTS
    100008: 429,  # RESOURCE_EXHAUSTED
}

#: What else can go wrong. The first class that fits decides, so the order matters:
#: a ConnectTimeout is a Timeout and a ConnectionError. What is not here is a bug of ours.
MEANINGS = (
    (waterspout.PoolTimeout, 504, "too many calls to the CMDB are waiting"),
    (waterspout.exceptions.Timeout, 504, "the CMDB did not answer in time"),
    (waterspout.ConnectError, 502, "the CMDB cannot be reached"),
    (waterspout.ConnectionError, 502, "the connection to the CMDB broke"),
    (waterspout.JSONDecodeError, 502, "the CMDB's answer is not JSON"),
    (waterspout.ContentDecodingError, 502, "the CMDB's answer cannot be decompressed"),
    (waterspout.ChunkedEncodingError, 502, "the CMDB's answer broke off"),
    (waterspout.RemoteProtocolError, 502, "the CMDB's answer is not HTTP as we know it"),
    (waterspout.TooManyRedirects, 502, "the CMDB redirects without end"),
    (CallCancelled, 502, "the call to the CMDB was cancelled"),
)


class CallFailed(Refusal):
    """The CMDB did not do what was asked.

    Attributes:
        upstream_status (int or None): the HTTP status it sent, if it sent one.
        upstream_code (int or None): the code in its envelope, if there was one.
    """

    def __init__(self, status_code, why, upstream_status, upstream_code):
        # type: (int, str, Optional[int], Optional[int]) -> None
        super(CallFailed, self).__init__(status_code, why)
        self.upstream_status = upstream_status
        self.upstream_code = upstream_code


def call_failed(error):
    # type: (Exception) -> Optional[CallFailed]
    """What to answer when a call to the CMDB raised ``error``; None if that is a bug of ours."""
    if isinstance(error, CMDBError):
        return CallFailed(_status_of(error), error.text[:MAX_TEXT], error.status, error.code)
    for error_class, status_code, why in MEANINGS:
        if isinstance(error, error_class):
            response = getattr(error, "response", None)
            return CallFailed(status_code, why, getattr(response, "status_code", None), None)
    return None


def _status_of(error):
    # type: (CMDBError) -> int
    if 400 <= error.status <= 499:
        return error.status
    if 200 <= error.status <= 299:
        return CALLER_CODES.get(error.code, 502)
    return 502
