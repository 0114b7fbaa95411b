"""How an error tells what was attempted, on what, in which phase and after how long."""

from __future__ import absolute_import, division, print_function


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
