"""Errors of calls to the CMDB, translated to an HTTP status and a sentence for the client.

Only the CMDB's own message is passed on; the text of our exceptions goes to the log.
"""

from __future__ import absolute_import, division, print_function

from tornado.escape import native_str, to_unicode

from waterspout.service import CallCancelled, Refusal, retry_after, upstream_failure
from waterspout_cmdb.sdk import CMDBError
from waterspout_cmdb.sdk.error_codes import CANCELLED, status_of

#: Characters of the CMDB's message that are passed on.
MAX_TEXT = 1000

#: Statuses about the connection or a proxy between the gateway and the CMDB, not about what the
#: client sent. A 407 asks for the gateway's credentials; clients would repeat a 408 by themselves.
STATUS_FOR_CONNECTION_ERRORS = {407: 502, 408: 504, 421: 502, 426: 502}


class CallFailed(Refusal):
    """The answer to the client after a call to the CMDB failed.

    Attributes:
        upstream_status (int or None): the CMDB's HTTP status; None if it sent none.
        upstream_code (int or None): the code in its envelope; None if there was none.
    """

    def __init__(self, status_code, why, upstream_status, upstream_code, headers=None):
        # type: (int, str, Optional[int], Optional[int], Optional[Mapping[str, str]]) -> None
        super(CallFailed, self).__init__(status_code, why, headers)
        self.upstream_status = upstream_status
        self.upstream_code = upstream_code


def translate_error(error, may_have_happened=""):
    # type: (Exception, str) -> Optional[CallFailed]
    """Translate an error of a call to the CMDB; return None for a bug of ours.

    Args:
        may_have_happened (native str): is added to the reason if the CMDB may have carried out
            the request, although no answer confirms it.
    """
    if isinstance(error, CMDBError):
        why = _cut(error.text)
        if _leaves_doubt(error):
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


def _leaves_doubt(error):
    # type: (CMDBError) -> bool
    """Whether the CMDB may have carried out the request, although it has answered with an error."""
    if CANCELLED.code == error.code or CANCELLED.status == error.status:
        return True  # It had begun.
    if 400 <= error.status <= 499:
        return False
    if error.code is None and error.status >= 500:  # A proxy's answer, not the CMDB's.
        return True
    return any(  # It has answered another attempt.
        attempt.error is None or attempt.error.may_have_been_sent
        for attempt in error.response.retries)


def _cut(text):
    # py2: cut as text, because half a character of UTF-8 cannot be encoded as JSON.
    return native_str(to_unicode(text)[:MAX_TEXT])


def _status_of(error):
    # type: (CMDBError) -> int
    if 400 <= error.status <= 499:
        return STATUS_FOR_CONNECTION_ERRORS.get(error.status, error.status)
    if 200 <= error.status <= 299:
        status = status_of(error.code, 502)
        return status if 400 <= status <= 499 else 502
    return 502
