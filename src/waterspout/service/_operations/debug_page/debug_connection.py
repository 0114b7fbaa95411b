"""DebugConnection: what a handler writes to in place of its connection to get a debug page."""

from __future__ import absolute_import, division, print_function

import logging

from tornado import httputil
from tornado.ioloop import IOLoop

from waterspout._compat import TYPE_CHECKING, resolved
from waterspout.service._operations.debug_page.page import CONTENT_SECURITY_POLICY, page_of

if TYPE_CHECKING:
    from typing import Any  # noqa: F401

    from waterspout.service._operations.debug_page.debug_record import DebugRecord  # noqa: F401

_log = logging.getLogger("waterspout.service")

_NO_PAGE = b"The debug page could not be made; the log of the service has the reason.\n"


class DebugConnection(httputil.HTTPConnection):
    """Takes a response, of which it keeps the beginning, and sends a page about it.

    Whatever else a handler asks of its connection, it is told by the real one.

    Args:
        connection (HTTPConnection): the real one.
        record (DebugRecord): of the request.
    """

    def __init__(self, connection, record):
        # type: (Any, DebugRecord) -> None
        self._connection = connection
        self._record = record

    def __getattr__(self, name):
        # type: (str) -> Any
        return getattr(self._connection, name)

    def write_headers(self, start_line, headers, chunk=None, callback=None):
        """Keep the head, and perhaps the beginning of the body."""
        self._record.response_began(start_line.code, start_line.reason, headers)
        return self.write(chunk or b"", callback)

    def write(self, chunk, callback=None):
        """Keep the beginning of the body."""
        self._record.add_body(chunk)
        if callback is not None:  # Of Tornado 5.1.
            IOLoop.current().add_callback(callback)
        return resolved(None)

    def finish(self):
        """Send the page."""
        self._record.response_ended()
        content_type = "text/html; charset=utf-8"
        try:
            page = page_of(self._record)
        except Exception:
            _log.exception("The debug page of %s failed", self._record.context.request_id)
            page, content_type = _NO_PAGE, "text/plain; charset=utf-8"
        headers = httputil.HTTPHeaders({
            "Content-Type": content_type,
            "Content-Length": str(len(page)),
            "Content-Security-Policy": CONTENT_SECURITY_POLICY,
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        })
        for name, value in self._record.headers:
            if name in _PASSED_ON or value == self._record.context.request_id:
                headers[name] = value
        self._connection.write_headers(
            httputil.ResponseStartLine("", 200, "OK"), headers, page)
        self._connection.finish()


#: Of the response, for what is in between.
_PASSED_ON = frozenset(["Connection", "Date"])
