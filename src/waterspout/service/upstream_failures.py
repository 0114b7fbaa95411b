"""What a failed call to another service means to our own caller: a status and a sentence.

The sentences are ours: what the exceptions say names hosts and ports, which is for the log.
"""

from __future__ import absolute_import, division, print_function

import re

from waterspout import exceptions
from waterspout.service.exceptions import Refusal

#: Mistakes of the program that makes the call: answered as any other bug, with 500.
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

#: What else can go wrong; ``%s`` is who was called. The first class that fits decides, so the
#: order matters: a ConnectTimeout is a Timeout and a ConnectionError.
MEANINGS = (
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
    # type: (BaseException, str) -> Optional[Refusal]
    """What to answer when a call to another service raised ``error``.

    Args:
        error: anything that was raised.
        who (native str): the service that was called, in words for our caller.
    Returns: a Refusal with the status 502, 504 for timeouts or 503 for a full queue, and the
        other service's ``Retry-After`` in its ``headers``. None for what is no
        `waterspout.RequestException`, or one that only a mistake of our own can cause.
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
    # type: (RequestException) -> Dict[str, str]
    """The ``Retry-After`` of the response that an error is about, to be passed on with ours.

    No other field of it is: a ``WWW-Authenticate`` (RFC 9110 section 11.6.1), for one, asks for
    our credentials, which are no concern of our caller.
    """
    response = getattr(error, "response", None)
    value = getattr(response, "headers", {}).get("Retry-After", "")
    if 200 <= getattr(response, "status_code", 0) <= 299 or not _RETRY_AFTER.match(value):
        return {}
    return {"Retry-After": value}
