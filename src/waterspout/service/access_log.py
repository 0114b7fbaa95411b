"""The access log: one line for each request, on the logger ``tornado.access``.

::

    200 POST /cmdb/import/HOST (10.0.0.7) 12.3ms id=4bf92f3577b34da6a3ce929d0e0e4736
    499 POST /cmdb/import/HOST (10.0.0.7) 5012.3ms id=4bf92f...: the client left after 3000.1ms, ...
    400 POST /cmdb/import/HOST (10.0.0.7) 0.2ms id=4bf92f...: refused by the server (content-length)

A line has the status, method, path, address of the client, the time since the request's head
arrived, and the request's id. It has no query, which often holds tokens.
"""

from __future__ import absolute_import, division, print_function

import logging

from waterspout._compat import TYPE_CHECKING
from waterspout.service._observing.request_context import logged_id
from waterspout.service.log_lines import printable
from waterspout.service.reason_phrases import CLIENT_CLOSED_REQUEST

if TYPE_CHECKING:
    from tornado.httputil import HTTPServerRequest  # noqa: F401
    from tornado.web import RequestHandler  # noqa: F401

_log = logging.getLogger("tornado.access")


def log_response(handler):
    # type: (RequestHandler) -> None
    """Log a request that was answered, as a warning if the status is 500 or more.

    If the server refused it, before a handler ran, the line has the kind of refusal.

    If an error came when a part of the response was sent, the line says so after the status that
    was sent.

    If the client left before, the logged status is 499, as nginx has it. The line then says when
    the client left and how the request ended.
    """
    status = handler.get_status()
    level = logging.INFO if status < 500 else logging.WARNING
    if not _log.isEnabledFor(level):
        return
    outcome = ""
    left_after = getattr(handler, "client_left_after", None)
    if left_after is not None:
        outcome = ": the client left after %.1fms, the request %s" % (
            1000 * left_after,
            "was given up" if status == CLIENT_CLOSED_REQUEST else "ended with %d" % status,
        )
        status = CLIENT_CLOSED_REQUEST
    elif getattr(handler, "response_cut_off", False):
        outcome = ": an error cut the response off"
    elif status >= 400:
        kind = vars(handler.request).get("refusal_kind")  # Of our request delegate.
        if kind is not None:
            outcome = ": refused by the server (%s)" % kind
    _write(level, status, handler.request, outcome)


def log_incomplete(request):
    # type: (HTTPServerRequest) -> None
    """Log a request whose connection ended before its body was complete."""
    outcome = ": the connection ended before the request was complete"
    _write(logging.INFO, CLIENT_CLOSED_REQUEST, request, outcome)


def _write(level, status, request, outcome):
    # type: (int, int, HTTPServerRequest, str) -> None
    _log.log(
        level,
        "%d %s %s (%s) %.1fms%s%s",
        status,
        printable(request.method),
        printable(request.path),
        request.remote_ip,
        1000 * request.request_time(),
        logged_id(request),
        outcome,
    )
