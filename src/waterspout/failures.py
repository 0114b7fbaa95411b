"""How an error tells what was attempted, on what, in which phase and after how long."""

from __future__ import absolute_import, division, print_function

from waterspout.exceptions import RequestException


def failure(error_class, request, what, phase, seconds):
    # type: (type, PreparedRequest, str, str, float) -> RequestException
    """The error to hand out for a call that failed before its response was whole."""
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
