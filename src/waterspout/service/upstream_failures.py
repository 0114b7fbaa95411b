"""Which status and sentence a client gets when a call to an upstream service has failed.

The sentences do not quote the exceptions, whose texts name hosts and ports. Those are logged.
"""

from __future__ import absolute_import, division, print_function

import math
import re

from waterspout import exceptions
from waterspout._compat import TYPE_CHECKING
from waterspout.service.exceptions import Refusal

if TYPE_CHECKING:
    from typing import Dict, Optional  # noqa: F401

#: Mistakes of the service that makes the call: answered with 500, like any other bug.
OUR_MISTAKES = (
    exceptions.LocalProtocolError,
    exceptions.InvalidURL,
    exceptions.MissingSchema,
    exceptions.InvalidSchema,
    exceptions.URLRequired,
    exceptions.InvalidHeader,
    exceptions.InvalidJSONError,
    exceptions.Unsupported,
    exceptions.UnrewindableBodyError,
    exceptions.BodyChanged,
    exceptions.StreamConsumedError,
)

#: Failures of an upstream service; ``%s`` is its name. The first class that matches decides, so
#: the order matters: a ConnectTimeout is a Timeout and a ConnectionError.
MEANINGS = (
    (exceptions.CircuitOpen, 503, "%s is not called for a while, since it fails too often"),
    (exceptions.BulkheadFull, 503, "too many calls to %s are under way"),
    (exceptions.QueueFull, 503, "too many calls to %s are waiting"),
    (exceptions.PoolTimeout, 504, "no connection to %s came free in time"),
    (exceptions.Timeout, 504, "%s did not answer in time"),
    (exceptions.ConnectError, 502, "%s cannot be reached"),
    (exceptions.ConnectionError, 502, "the connection to %s broke"),
    (exceptions.JSONDecodeError, 502, "the answer of %s is not JSON"),
    (exceptions.ContentDecodingError, 502, "the answer of %s cannot be decompressed"),
    (exceptions.ChunkedEncodingError, 502, "the answer of %s broke off"),
    (exceptions.ResponseTooLarge, 502, "the answer of %s is larger than what is accepted here"),
    (exceptions.RemoteProtocolError, 502, "the answer of %s is not valid HTTP"),
    (exceptions.TooManyRedirects, 502, "%s redirects without end"),
    (exceptions.HTTPError, 502, "%s answered with an error"),
)

# RFC 9110 section 10.2.3: seconds, or a date in one of the formats of section 5.6.7.
_RETRY_AFTER = re.compile(r"([0-9]{1,10}|[A-Z][A-Za-z0-9 ,:-]{20,40})\Z")


def upstream_failure(error, who="the upstream service"):
    # type: (Optional[BaseException], str) -> Optional[Refusal]
    """Return how to answer when a call to an upstream service raised ``error``.

    `JSONHandler` does this for exceptions that a handler does not catch.

    Args:
        error (BaseException): any exception.
        who (native str): the service that was called, in words for the client.
    Returns: a :class:`Refusal` with the status 502, 504 for timeouts or 503 for a full queue and an
        open circuit, and with the ``Retry-After`` of `retry_after` in its ``headers``. None if
        ``error`` is not a `waterspout.RequestException`, or only a mistake of this service can
        cause it.
    """
    if not isinstance(error, exceptions.RequestException):
        return None
    if isinstance(error, OUR_MISTAKES) and not isinstance(error, exceptions.JSONDecodeError):
        return None
    status_code, why = 502, "the call to %s failed"
    for error_class, its_status, its_why in MEANINGS:
        if isinstance(error, error_class):
            status_code, why = its_status, its_why
            break
    return Refusal(status_code, why % who, retry_after(error))


def retry_after(error):
    # type: (exceptions.RequestException) -> Dict[str, str]
    """Return the ``Retry-After`` for our own response: that of the response that caused an error.

    After `waterspout.CircuitOpen`: the time until the upstream is tried again, in whole seconds.

    No other header field is passed on. A ``WWW-Authenticate`` (RFC 9110 section 11.6.1), for
    example, asks for the credentials of this service and not of its client.

    Args:
        error (RequestException): the error of a call, with or without a ``response``.
    Returns: dict, with this field or empty.
    """
    if isinstance(error, exceptions.CircuitOpen):
        # At least one: the next call is refused, too, while the one that tries is under way.
        return {"Retry-After": "%d" % max(1, math.ceil(error.retry_after))}
    response = getattr(error, "response", None)
    value = getattr(response, "headers", {}).get("Retry-After", "")
    if 200 <= getattr(response, "status_code", 0) <= 299 or not _RETRY_AFTER.match(value):
        return {}
    return {"Retry-After": value}
