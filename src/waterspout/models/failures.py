"""Makes the errors of failed calls, which name the request, the phase and the seconds."""

from __future__ import absolute_import, division, print_function

from waterspout.exceptions import (
    BodyTimeout,
    IncompleteBody,
    MalformedBody,
    ReadError,
    ReadTimeout,
    RemoteProtocolError,
    RequestException,
)

#: After the head, requests has other classes for the same error.
_IN_BODY = {
    ReadError: IncompleteBody,
    ReadTimeout: BodyTimeout,
    RemoteProtocolError: MalformedBody,
}


def failure(error_class, request, what, phase, seconds, in_body=False):
    # type: (type, PreparedRequest, str, str, float, bool) -> RequestException
    """The error for a call that failed before its response was complete.

    Args:
        what (text): the reason.
        in_body (bool): the head was received.
    """
    if in_body:
        error_class = _IN_BODY.get(error_class, error_class)
    return error_class(
        "%s %s: %s (%s phase, after %s s)"
        % (request.method, request.parsed_url.for_messages, what, phase, _shown(seconds)),
        request=request,
        phase=phase,
        may_have_been_sent=phase in ("send", "read"),
    )


def _shown(seconds):
    # type: (float) -> str
    """Without an exponent, which %g has for less than 0.0001."""
    return "%.3g" % seconds if seconds >= 0.0001 else "%.6f" % max(seconds, 0.0)


def own_failure(request, error):
    # type: (PreparedRequest, Exception) -> Exception
    """The error for ``error``, raised by the request's body: unchanged, unless it is one of ours
    without a ``request``; that becomes one with it.
    """
    if isinstance(error, RequestException) and error.request is None:
        what = "%s %s: %s" % (request.method, request.parsed_url.for_messages, error)
        return type(error)(what, request=request, phase="send")
    return error
