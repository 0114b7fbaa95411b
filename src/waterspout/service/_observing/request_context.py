"""The CallContext of a request: its id and trace, taken from its header fields."""

from __future__ import absolute_import, division, print_function

import re

from waterspout._compat import TYPE_CHECKING
from waterspout.instrumentation.call_context import CallContext
from waterspout.instrumentation.request_ids import (
    REQUEST_ID,
    make_request_id,
    valid_request_id,
)

if TYPE_CHECKING:
    from typing import Any, Optional  # noqa: F401

    from tornado.httputil import HTTPServerRequest  # noqa: F401

#: RFC 9110 section 5.6.2.
_is_token = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z").match

#: The attribute of a request that keeps its context.
_ATTRIBUTE = "_waterspout_context"


def context_of(request, id_header):
    # type: (HTTPServerRequest, Optional[str]) -> CallContext
    """Return the context of ``request``; made once.

    Args:
        id_header (native str or None): the field with the request's id. An id that cannot be taken
            over is replaced by a new one. None: the request has no id.
    """
    context = vars(request).get(_ATTRIBUTE)
    if context is None:
        headers = request.headers
        request_id = traceparent = tracestate = None
        if id_header is not None:
            request_id = valid_request_id(headers.get(id_header)) or make_request_id()
        traceparent = headers.get("traceparent")
        if traceparent is not None:
            tracestate = headers.get("tracestate")
        context = CallContext(
            request_id, traceparent, tracestate, id_header=id_header or REQUEST_ID)
        vars(request)[_ATTRIBUTE] = context
    return context


def context_kept(request):
    # type: (HTTPServerRequest) -> Optional[CallContext]
    """Return the context of ``request`` if it was made; None if nothing has asked for it."""
    return vars(request).get(_ATTRIBUTE)


def id_header_of(handler):
    # type: (Any) -> Optional[str]
    """The field with the ids of ``handler``'s application; None if it has none.

    None, too, for an application of Tornado's own class.
    """
    return getattr(handler.application, "request_id_header", None)


def handler_context(handler):
    # type: (Any) -> CallContext
    """The context of the request of ``handler``."""
    return context_of(handler.request, id_header_of(handler))


def checked_id_header(name):
    # type: (Optional[str]) -> Optional[str]
    """``name``. Raises: ValueError unless it is None or the name of a field."""
    if name is not None and not (isinstance(name, str) and _is_token(name)):
        raise ValueError("request_id_header=%r is not the name of a header field" % (name,))
    return name


def logged_id(request):
    # type: (HTTPServerRequest) -> str
    """Return what a line of the log has of the id of ``request``: nothing if it has none."""
    context = context_kept(request)
    if context is None or context.request_id is None:
        return ""
    return " id=%s" % context.request_id
