"""What a failed call to the CMDB means to the gateway's caller: a status and a sentence.

Only the CMDB's own words are passed on; what our exceptions say is for the log.
"""

from __future__ import absolute_import, division, print_function

from tornado.escape import native_str, to_unicode

from waterspout.service import CallCancelled, Refusal, retry_after, upstream_failure
from waterspout_cmdb.sdk import CMDBError

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

#: Statuses that are about the connection or the way to the CMDB, not about what our caller sent:
#: a 407 is a proxy's, and asks for the gateway's credentials; clients repeat a 408 by themselves.
OF_THE_WAY = {407: 502, 408: 504, 421: 502, 426: 502}


class CallFailed(Refusal):
    """The CMDB did not do what was asked.

    Attributes:
        upstream_status (int or None): the HTTP status it sent, if it sent one.
        upstream_code (int or None): the code in its envelope, if there was one.
    """

    def __init__(self, status_code, why, upstream_status, upstream_code, headers=None):
        # type: (int, str, Optional[int], Optional[int], Optional[Mapping[str, str]]) -> None
        super(CallFailed, self).__init__(status_code, why, headers)
        self.upstream_status = upstream_status
        self.upstream_code = upstream_code


def call_failed(error, may_have_happened=""):
    # type: (Exception, str) -> Optional[CallFailed]
    """What to answer when a call to the CMDB raised ``error``; None if that is a bug of ours.

    Args:
        may_have_happened (native str): what to add to the reason if the CMDB may have done what
            was asked, although there is no answer of it that says so.
    """
    if isinstance(error, CMDBError):
        why = _cut(error.text)
        if error.code is None and error.status >= 500:  # Something on the way there has spoken.
            why += may_have_happened
        return CallFailed(
            _status_of(error), why, error.status, error.code, retry_after(error)
        )
    if isinstance(error, CallCancelled):
        why = "the call to the CMDB was cancelled" + may_have_happened
        return CallFailed(502, why, None, None)
    failure = upstream_failure(error, "the CMDB")
    if failure is None:
        return None
    why = failure.why + (may_have_happened if error.may_have_been_sent else "")
    status = getattr(getattr(error, "response", None), "status_code", None)
    return CallFailed(failure.status_code, why, status, None, failure.headers)


def _cut(text):
    # As text, since half a character in UTF-8, which is what Python 2 has here, is no JSON.
    return native_str(to_unicode(text)[:MAX_TEXT])


def _status_of(error):
    # type: (CMDBError) -> int
    if 400 <= error.status <= 499:
        return OF_THE_WAY.get(error.status, error.status)
    if 200 <= error.status <= 299:
        return CALLER_CODES.get(error.code, 502)
    return 502
