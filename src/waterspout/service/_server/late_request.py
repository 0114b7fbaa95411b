"""LateRequest: an HTTPServerRequest, some of whose attributes are made when asked for."""

from __future__ import absolute_import, division, print_function

import time

from tornado.httputil import HTTPHeaders, HTTPServerRequest, RequestStartLine

from waterspout._compat import TYPE_CHECKING, raw_method
from waterspout._late_attributes import late_attributes

if TYPE_CHECKING:
    from typing import Any, Iterable  # noqa: F401

    from tornado.httputil import HTTPConnection  # noqa: F401

#: The attributes that each `LateRequest` has from the beginning.
_MADE = frozenset([
    "method", "uri", "version", "path", "query", "headers", "body", "connection", "remote_ip",
    "protocol", "_start_time", "_finish_time"])

#: If a library for tracing replaces it, it wants to be called.
_INIT = raw_method(HTTPServerRequest, "__init__")


def make_request(connection, start_line, headers):
    # type: (HTTPConnection, RequestStartLine, HTTPHeaders) -> HTTPServerRequest
    """Return the request.

    Raises: HTTPInputError: Tornado refuses it, because of its query.
    """
    if "?" in start_line.path or raw_method(HTTPServerRequest, "__init__") is not _INIT:
        return HTTPServerRequest(connection=connection, start_line=start_line, headers=headers)
    return LateRequest(connection, start_line, headers)


class LateRequest(HTTPServerRequest):
    """A request without a query, whose Host field the server has checked.

    Handlers of JSON rarely use ``arguments``, ``host``, ``files`` and what else there is.
    """

    #: Who has sent it; set by a check of its head.
    principal = None  # type: Any

    def __init__(self, connection, start_line, headers):
        # Not Tornado's constructor: see `make_all`.
        self.method, self.uri, self.version = start_line
        self.path, self.query = self.uri, ""
        self.headers = headers
        self.body = b""
        self.connection = connection
        context = connection.context
        self.remote_ip, self.protocol = context.remote_ip, context.protocol
        self._start_time = time.time()
        self._finish_time = None
        self._start_line = start_line

    def make_all(self):
        # type: () -> None
        """Make the other attributes, as Tornado does."""
        attributes = dict(self.__dict__)
        super(LateRequest, self).__init__(
            connection=self.connection, start_line=self._start_line, headers=self.headers)
        self.__dict__.update(attributes)


def _tornados_attributes():
    # type: () -> Iterable[str]
    line = RequestStartLine("GET", "/", "HTTP/1.1")
    return vars(HTTPServerRequest(start_line=line, headers=HTTPHeaders({"Host": "a"})))


late_attributes(LateRequest, frozenset(_tornados_attributes()) - _MADE, LateRequest.make_all)
