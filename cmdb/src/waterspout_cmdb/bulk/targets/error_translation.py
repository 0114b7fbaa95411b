"""Errors of calls by an SDK, translated to `TargetError`: which of its kinds they are."""

from __future__ import absolute_import, division, print_function

import email.utils
import re
import time

from tornado.escape import native_str, to_unicode

from waterspout import exceptions
from waterspout.service import retry_after
from waterspout_cmdb.bulk.targets.gateway_sdk import GatewayError
from waterspout_cmdb.bulk.targets.target_error import (
    BUSY,
    FAILED,
    HOPELESS,
    LATE,
    REFUSED,
    UNCLEAR,
    UNREACHABLE,
    TargetError,
)
from waterspout_cmdb.sdk import CMDBError
from waterspout_cmdb.sdk.error_codes import status_of

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Optional, Text  # noqa: F401

#: Characters of a target's text that are kept.
MAX_TEXT = 1000

_SECONDS = re.compile("[0-9]+\\Z")

#: More is as good as never; a longer value is no date.
_LONGEST, _DATE_CHARACTERS = 2.0 ** 31, 40

#: 499 is the vendor's for CANCELLED: the call was broken off, most likely since it took too long.
#: So no row is to blame, and fewer rows may pass.
_KINDS = {
    400: REFUSED, 408: LATE, 409: REFUSED, 413: REFUSED, 422: REFUSED, 425: BUSY, 429: BUSY,
    499: LATE, 500: FAILED, 501: HOPELESS, 502: UNREACHABLE, 503: BUSY, 504: LATE,
    505: HOPELESS,
}  # fmt: skip

#: What to do, by status.
_ADVICE = {
    401: "give a valid key (--api-key-file)",
    403: "use a key, an org and a user that may do this",
}

#: The first class that matches decides.
_FAILURES = (
    (exceptions.JSONDecodeError, UNCLEAR),
    (exceptions.ResponseTooLarge, UNCLEAR),
    (exceptions.ContentDecodingError, UNCLEAR),
    (exceptions.ConnectTimeout, UNREACHABLE),
    (exceptions.PoolTimeout, BUSY),
    (exceptions.Timeout, LATE),
    (exceptions.CircuitOpen, BUSY),
    (exceptions.ConnectionError, UNREACHABLE),
    (exceptions.ChunkedEncodingError, UNREACHABLE),
    (exceptions.RemoteProtocolError, UNREACHABLE),
)


def translate(error, attempt, object_id):
    # type: (Exception, Text, Text) -> Optional[TargetError]
    """Return the `TargetError` for what a call has raised; None for a bug of ours.

    Args:
        attempt: what was attempted, and where.
    """
    if isinstance(error, CMDBError):
        status = error.status
        if 200 <= status <= 299:
            if error.code is None:
                return TargetError(UNCLEAR, attempt, _cut(error.text), status)
            status = status_of(error.code, 500)
        return _answered(error, attempt, object_id, status, error.text)
    if isinstance(error, GatewayError):
        return _answered(error, attempt, object_id, _behind(error), error.text)
    if not isinstance(error, exceptions.RequestException):
        return None
    for error_class, kind in _FAILURES:
        if isinstance(error, error_class):
            text = _cut(error)
            if kind == UNREACHABLE and error.phase == "connect":
                text += "; check that it runs, and its address (--gateway or --upstream)"
            return TargetError(kind, attempt, text, retry_after=_pause(error))
    return TargetError(HOPELESS, attempt, _cut(error))


def _answered(error, attempt, object_id, status, text):
    text = "%s (%d)" % (_cut(text), status)
    kind = _KINDS.get(status, UNREACHABLE if status >= 500 else HOPELESS)
    if kind == HOPELESS:
        advice = _ADVICE.get(status)
        if status in (404, 501):
            advice = _where(error, object_id)
        if advice:
            text += "; " + advice
    return TargetError(kind, attempt, text, status, _pause(error))


def _where(error, object_id):
    """Say what to check, where a server does not know what was asked of it."""
    if not isinstance(error, GatewayError):
        return ("check the address (--gateway, if it is that of a gateway), and that the CMDB has "
                "the object %s for this org" % native_str(object_id))
    if error.upstream_status is None:  # No gateway says so.
        return "check the address; --upstream, if it is that of a CMDB itself"
    return "check that the CMDB has the object %s for this org" % native_str(object_id)


def _behind(error):
    # type: (GatewayError) -> int
    """The status to judge by: the gateway says 502 also where the CMDB has answered with 500."""
    if error.status == 502 and error.upstream_status is not None:
        if error.upstream_status == 500:
            return 500
        if 200 <= error.upstream_status <= 299 and error.upstream_code:
            return status_of(error.upstream_code, 500)
    return error.status


def _pause(error):
    # type: (exceptions.RequestException) -> Optional[float]
    """The seconds that Retry-After asks to wait (RFC 9110 section 10.2.3); None: it does not."""
    value = retry_after(error).get("Retry-After", "").strip()
    if _SECONDS.match(value):
        return min(float(value), _LONGEST)
    try:
        date = email.utils.parsedate_tz(value[:_DATE_CHARACTERS])
        return None if date is None else max(0.0, email.utils.mktime_tz(date) - time.time())
    except (ValueError, OverflowError, IndexError, TypeError):  # It is not made for bad dates.
        return None


def _cut(text):
    # py2: cut as text, because half a character of UTF-8 is none.
    text = to_unicode(text) if isinstance(text, (bytes, type(u""))) else to_unicode(str(text))
    return native_str(re.sub(u"\\s+", u" ", text)[:MAX_TEXT])
