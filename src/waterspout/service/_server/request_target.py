"""The request's target, in the form that handlers expect."""

from __future__ import absolute_import, division, print_function

import re

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from tornado.httputil import HTTPHeaders, RequestStartLine  # noqa: F401

_ABSOLUTE = re.compile(r"https?://([^/?#]*)", re.IGNORECASE)


def origin_form(start_line, headers):
    # type: (RequestStartLine, HTTPHeaders) -> RequestStartLine
    """Return the start line with scheme and authority removed from its target.

    A server must accept the absolute form (RFC 9112 section 3.2.2). The wire has checked that the
    authority is the one of the Host field. A request of HTTP/1.0 may have no Host field;
    ``headers["Host"]`` is set to the authority then.
    """
    if start_line.path.startswith("/"):
        return start_line
    match = _ABSOLUTE.match(start_line.path)
    if match is None:
        return start_line
    headers.setdefault("Host", match.group(1))
    rest = start_line.path[match.end():]
    return start_line._replace(path=rest if rest.startswith("/") else "/" + rest)
