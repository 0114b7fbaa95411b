"""Reads one request whole and hands it to its handler.

Tornado answers some requests before their body has arrived (an unknown method, an error in
``prepare``). Here no handler runs before the body is complete, so that a handler's decision never
depends on how fast its client sends.
"""

from __future__ import absolute_import, division, print_function

from tornado import httputil
from tornado.iostream import StreamClosedError

from waterspout._compat import TYPE_CHECKING, to_native
from waterspout.service._server.request_target import origin_form
from waterspout.service._server.streamed_request import StreamedRequest

if TYPE_CHECKING:
    from typing import Any, Optional  # noqa: F401

#: The Host field that a request without one gets, if the application serves such requests. What
#: Tornado before 6.5 takes for the host.
NO_HOST = "127.0.0.1"


class RequestDelegate(StreamedRequest):
    """Receives one request from a server's connection, for an :class:`Application`."""

    _start_line = None  # type: Optional[httputil.RequestStartLine]

    @property
    def has_begun(self):
        # type: () -> bool
        """The request's head has arrived."""
        return self._request is not None

    def headers_received(self, start_line, headers):
        """Count the request, check its head, and limit its body.

        Returns: None, or a Future: nothing is to be read of the body until it is done.
        Raises: HTTPInputError: the request cannot be served; the server refuses it.
        """
        application = self._application
        self._start_line = start_line = origin_form(start_line, headers)
        if application.allow_missing_host and start_line.version != "HTTP/1.0":
            headers.setdefault("Host", NO_HOST)
        self._start(start_line, headers)
        self._connection.set_max_body_size(application.max_body_bytes)
        if application.head_checks and not application.is_for_operators(self._request):
            return self._check_head()
        if application.streams_bodies:
            return self._accept()

    def data_received(self, chunk):
        """Keep a piece of the body, whose length the server limits.

        Returns: None, or a Future, as `headers_received`.
        """
        if self._stream is not None:
            return self._stream.feed(chunk)
        if self._refusal is None:
            if self._application.body_check is not None:
                refusal = self._application.body_check(self._request, len(chunk))
                if refusal is not None:
                    self._body = []
                    self._refusal = refusal
                    return self._answer_refused()
            self._body.append(chunk)

    def finish(self):
        """The body is complete: let a handler run."""
        if self._stream is not None:
            self._end_stream()
        elif self._refusal is None:
            found = self._found
            self._hand_over(
                self._application.find_handler if found is None else lambda request: found)
        elif self._delegate is None:
            self._answer_refused()

    def refuse(self, refused, connection):
        # type: (Any, httputil.HTTPConnection) -> None
        """Answer with an error in place of the handler: the server refuses the request.

        Args:
            refused: the reason, with ``status_code``, ``kind``, and ``method`` and ``target`` of
                the request as far as they could be read.
            connection: to answer on.
        """
        self._body = []
        self._has_ended = True
        if self._request is None:
            self._connection = connection
            # None of its own fields: they may be what is wrong.
            self._start(self._line_of(refused), httputil.HTTPHeaders({"Host": "none"}))
        self._request.connection = connection
        if self._stream is not None:
            connection.set_close_callback(self._delegate.on_connection_close)
            self._fail_stream(refused.kind, refused.status_code)
        else:
            self._answer_refusal(refused.kind, refused.status_code)

    def on_connection_close(self):
        """The client closed the connection while it was sending, or was refused."""
        self._has_ended = True
        if self._delegate is not None:
            handler = getattr(self._delegate, "handler", None)
            if handler is None or not handler._finished:  # Otherwise the refusal was sent.
                self._delegate.on_connection_close()
            if self._stream is not None:
                self._stream.fail(StreamClosedError())
        elif self._request is not None:
            self._application.log_incomplete(self._request)

    def _line_of(self, refused):
        """The start line of a refused request: its path only, since the rest may hold secrets."""
        if self._start_line is not None:
            method, target = self._start_line.method, self._start_line.path
        else:
            method = to_native(refused.method or b"-", "latin-1")
            target = to_native(refused.target or b"-", "latin-1")
        path = target.partition("?")[0] if target.startswith("/") else "-"
        return httputil.RequestStartLine(method, path, "HTTP/1.1")
