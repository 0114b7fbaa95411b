"""The form of the gateway's error answers."""

from __future__ import absolute_import, division, print_function

from waterspout.service import ErrorHandler, JSONHandler
from waterspout_cmdb.gateway.upstream_errors import CallFailed

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Dict  # noqa: F401

_MESSAGES = {
    400: "Invalid input data",
    401: "Authentication needed",
    403: "Request refused",
    404: "Not found",
    405: "Method not allowed",
    408: "Request timed out",
    409: "Not possible now",
    413: "Request body too large",
    414: "Request target too long",
    417: "Expectation failed",
    429: "Too many requests",
    431: "Request header fields too large",
    501: "Transfer coding not supported",
    503: "Too many requests",
    504: "Too little time left",
    505: "HTTP version not supported",
    507: "No room",
}


class GatewayHandler(JSONHandler):
    """The base of the gateway's handlers: the form of error answers."""

    def error_body(self, status, message, exception=None, incident=None):
        """Return ``{"message": what happened, "error": why}``; with the CMDB's status and code
        if a call to it failed."""
        if isinstance(exception, CallFailed):
            return {
                "message": self.request.method + " request failed",
                "error": message,
                "upstream": _upstream(exception),
            }
        body = {"message": _MESSAGES.get(status, "Internal error"), "error": message}
        if incident is not None:
            body["incident"] = incident
        return body

    def problem_document(self, problem, exception=None):
        """Add the CMDB's status and code if a call to it failed."""
        if isinstance(exception, CallFailed):
            problem["upstream"] = _upstream(exception)
        return problem


def _upstream(exception):
    # type: (CallFailed) -> Dict[str, Any]
    return {"status": exception.upstream_status, "code": exception.upstream_code}


class NotServed(ErrorHandler, GatewayHandler):
    """Answers unknown paths, and requests that the server refuses."""
