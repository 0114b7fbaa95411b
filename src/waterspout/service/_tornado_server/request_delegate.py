"""Reads one request whole, within the limit, and hands it to its handler.

Tornado answers some requests before their body has arrived (an unknown method, an error in
``prepare``), and it closes the connection on a body over the limit. The client is still sending
then, the kernel resets the connection, and the client may never read the response. Here no handler
runs before the body is complete, so the client reads every response.
"""

from __future__ import absolute_import, division, print_function

import sys

from tornado import gen, httputil
from tornado.ioloop import IOLoop

from waterspout._compat import TYPE_CHECKING
from waterspout.service._tornado_server import head_checks, request_head
from waterspout.service._tornado_server.body_limit import LimitedBody

if TYPE_CHECKING:
    from typing import Any  # noqa: F401

#: Pieces of a body (at most 64 KiB each, at worst one byte) that are read before other requests
#: get a turn. Tornado does not return to its loop while a socket has data: a client that sends
#: faster than the service reads would occupy the process, and could not even be refused.
PIECES_PER_TURN = 8


class RequestDelegate(httputil.HTTPMessageDelegate):
    """Receives one request from Tornado's connection, for an :class:`Application`."""

    def __init__(self, application, connection):
        self._application = application
        self._connection = connection
        self._request = None  # type: Any  # The HTTPServerRequest.
        self._body = LimitedBody(application.max_body_bytes)
        self._received_pieces = 0
        self._delegate = None  # type: Any  # Of the handler that answers.

    @property
    def started(self):
        # type: () -> bool
        """The request's head has arrived."""
        return self._request is not None

    @property
    def announced_close(self):
        # type: () -> bool
        """The response said ``Connection: close``."""
        return getattr(self._request, "announced_close", False)

    def headers_received(self, start_line, headers):
        """Accept the request's body, or refuse it at once if reading it is useless or dangerous.

        Returns: None, or a Future that is done when the refusal was sent. Tornado waits for it,
            reads nothing more, and closes the connection.
        """
        # Tornado's own HTTPServer, as in AsyncHTTPTestCase, has streams without `keep_head`.
        head_read = getattr(self._connection.stream, "head", None)
        wrong = head_read and head_checks.raw_head_complaint(head_read.result())
        wrong = wrong or head_checks.fields_complaint(start_line.version, headers)
        if wrong is None:
            waits = request_head.settle_expectation(start_line.version, headers)
            try:
                self._start(request_head.origin_form(start_line, headers), headers)
            except httputil.HTTPInputError as error:
                wrong = str(error)
        if wrong is not None:
            return self._refuse_head(start_line, wrong)
        if request_head.has_option(headers, "Connection", "close"):
            self._request.announced_close = True
        # The limit is enforced here: Tornado would close the connection without a response.
        self._connection.set_max_body_size(sys.maxsize)
        if self._body.refuses_length(int(headers.get("Content-Length", 0)), waits):
            return self._refuse_body()

    def data_received(self, chunk):
        """Receive a piece of the body.

        Returns: None, or a Future, for which Tornado waits before it reads on.
        """
        if self._delegate is None:
            self._body.add(chunk)
            if self._body.far_too_long:
                self._refuse_body()
        self._received_pieces += 1
        if self._received_pieces % PIECES_PER_TURN == 0:
            return gen.sleep(0)

    def finish(self):
        """The body is complete: let a handler run."""
        if self._delegate is not None:
            return
        if self._body.too_long:
            self._answer_error(413)
        else:
            self._hand_over(self._application.find_handler)

    def on_connection_close(self):
        """The client closed the connection while it was sending, or was refused."""
        if self._delegate is not None:
            self._delegate.on_connection_close()
        elif self.started:
            self._application.log_incomplete(self._request)

    def _start(self, start_line, headers):
        """Make the request, which may fail, and count it: from now on it must be ended."""
        self._request = httputil.HTTPServerRequest(
            connection=self._connection, start_line=start_line, headers=headers
        )
        self._application.request_started(self._request)

    def _refuse_head(self, start_line, why):
        # Answer a request without the parts that may be wrong: its header fields and query.
        path = start_line.path.partition("?")[0]
        self._start(start_line._replace(path=path), httputil.HTTPHeaders({"Host": "none"}))
        return self._refuse(400, why=why)

    def _refuse_body(self):
        self._body.drop()
        return self._refuse(413)

    def _refuse(self, status_code, **kwargs):
        """Answer before the body is complete; the connection cannot be used again."""
        self._request.announced_close = True
        return self._answer_error(status_code, **kwargs)

    def _answer_error(self, status_code, **kwargs):
        return self._hand_over(
            lambda request: self._application.error_delegate(request, status_code, **kwargs)
        )

    def _hand_over(self, find_delegate):
        """Let a handler answer; if a bug prevents that, let the error handler answer with 500.

        Raises: what a handler's ``data_received`` raised. Tornado logs it and closes the
            connection.
        """
        try:
            return self._deliver(find_delegate)
        except Exception:
            if getattr(self._delegate, "handler", None) is None:
                return self._answer_bug(sys.exc_info())
            self._application.request_ended(self._request)
            raise

    def _answer_bug(self, exc_info):
        self._delegate = None
        try:
            return self._deliver(
                lambda request: self._application.error_delegate(request, 500, exc_info=exc_info)
            )
        except Exception:
            self._application.request_ended(self._request)
            raise

    def _deliver(self, find_delegate):
        """Give the whole body as one piece to the delegate that answers the request.

        The handler's ``prepare`` may not have ended when the body arrives. That is allowed: a
        :class:`JSONHandler` only keeps the body, or starts to decode it, and its method does not
        run until both have ended.
        """
        self._request.body_is_whole = True
        delegate = self._delegate = find_delegate(self._request)
        prepared = delegate.headers_received(None, self._request.headers)
        body = self._body.take()
        taking = delegate.data_received(body) if body else None
        if taking is None:
            delegate.finish()
        else:
            IOLoop.current().add_future(gen.convert_yielded(taking), self._taken)
        return prepared

    def _taken(self, future):
        if future.exception() is None:  # Otherwise the client has left.
            self._delegate.finish()
