"""How an error tells what was attempted, on what, in which phase and after how long."""

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

#: What requests tells apart once the head is there: what was wrong, and the same of a body.
_IN_BODY = {
    ReadError: IncompleteBody,
    ReadTimeout: BodyTimeout,
    RemoteProtocolError: MalformedBody,
}


def failure(error_class, request, what, phase, seconds, in_body=False):
    # type: (type, PreparedRequest, str, str, float, bool) -> RequestException
    """The error to hand out for a call that failed before its response was whole.

    Args:
        in_body: its head had come.
    """
    if in_body:
        error_class = _IN_BODY.get(error_class, error_class)
    return error_class(
        "%s %s: %s (%s phase, after %.3g s)"
        % (request.method, request.parsed_url.for_messages, what, phase, seconds),
        request=request,
        phase=phase,
        may_have_been_sent=phase in ("send", "read"),
    )


def own_failure(request, error):
    # type: (PreparedRequest, Exception) -> Exception
    """``error`` as it is, which what gave the request's body raised; one of ours learns of it."""
    if isinstance(error, RequestException) and error.request is None:
        what = "%s %s: %s" % (request.method, request.parsed_url.for_messages, error)
        return type(error)(what, request=request, phase="send")
    return error
