"""LateRequest: an HTTPServerRequest, some of whose attributes are made when asked for."""

from __future__ import absolute_import, division, print_function

import time

from tornado.httputil import HTTPServerRequest

from waterspout._compat import TYPE_CHECKING, raw_method

if TYPE_CHECKING:
    from typing import Any  # noqa: F401

    from tornado.httputil import (  # noqa: F401
        HTTPConnection,
        HTTPHeaders,
        RequestStartLine,
    )

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
        # Not Tornado's constructor: see __getattr__.
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
        self._is_made = False

    def __getattr__(self, name):
        # type: (str) -> Any
        """Called for an attribute that is missing: make all of them, as Tornado does."""
        if self.__dict__.get("_is_made", True):
            raise AttributeError(name)
        attributes = dict(self.__dict__, _is_made=True)
        self._is_made = True
        super(LateRequest, self).__init__(
            connection=self.connection, start_line=self._start_line, headers=self.headers)
        self.__dict__.update(attributes)
        return getattr(self, name)
