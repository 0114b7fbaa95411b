"""One request on its way in: read it whole, within the limit, then hand it to its handler.

Tornado answers some requests before their body has arrived (an unknown verb, an error in
``prepare``) and closes the connection on bodies over the limit. Either way the client is still
sending, the kernel replies with a reset, and the answer may never be read. Here no handler
runs before the body is in, so every answer finds a client that listens.
"""

from __future__ import absolute_import, division, print_function

import sys

from tornado import gen, httputil
from tornado.ioloop import IOLoop

from waterspout.service._tornado_server import head_checks, request_head

#: A body over the limit is still read, and dropped, as long as it is over by no more than this,
#: so that a client which sends all before it reads gets its 413. Beyond, we answer and close.
#: 32 MiB are read and dropped in well under a second; nginx lingers for up to 30 s.
LINGER_BYTES = 32 * 1024 * 1024

#: Pieces of a body (64 KiB at most, a byte each at worst) that are taken in before others get a
#: turn. Tornado does not return to its loop while a socket has data, so a client which sends
#: faster than we read would have the process to itself, and not even be refused.
PIECES_PER_TURN = 8


class Exchange(httputil.HTTPMessageDelegate):
    """Receives one request from the connection, for an :class:`Application`."""

    def __init__(self, application, connection):
        self._application = application
        self._connection = connection
        self._request = None
        self._body = bytearray()
        self._received_bytes = 0
        self._received_pieces = 0
        self._delegate = None

    @property
    def started(self):
        # type: () -> bool
        """The request's headers have arrived."""
        return self._request is not None

    @property
    def announced_close(self):
        # type: () -> bool
        """Its answer said ``Connection: close``."""
        return getattr(self._request, "announced_close", False)

    def headers_received(self, start_line, headers):
        """Accept the request's body, or refuse it at once if that is pointless or dangerous.

        Returns: None, or a Future of the refusal's end, which Tornado waits for: it reads
            nothing more, and closes the connection.
        """
        # Tornado's own HTTPServer, as in AsyncHTTPTestCase, has streams without `keep_head`.
        head_read = getattr(self._connection.stream, "head", None)
        wrong = head_read and head_checks.head_complaint(head_read.result())
        wrong = wrong or head_checks.complaint(start_line.version, headers)
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
        # The counting is ours: Tornado's would close the connection without an answer.
        self._connection.set_max_body_size(sys.maxsize)
        excess = int(headers.get("Content-Length", 0)) - self._application.max_body_bytes
        if excess > LINGER_BYTES or (excess > 0 and waits):
            return self._refuse_body()

    def data_received(self, chunk):
        """Take in a piece of the body.

        Returns: None, or a Future, which Tornado waits for before it reads on.
        """
        self._keep(chunk)
        self._received_pieces += 1
        if self._received_pieces % PIECES_PER_TURN == 0:
            return gen.sleep(0)

    def _keep(self, chunk):
        """Keep what is within the limit; past it, drop."""
        self._received_bytes += len(chunk)
        if self._delegate is not None:
            return
        excess = self._received_bytes - self._application.max_body_bytes
        if excess <= 0:
            self._body += chunk
        elif excess <= LINGER_BYTES:
            self._body = bytearray()
        else:
            self._refuse_body()

    def finish(self):
        """The body is complete: now a handler may run."""
        if self._delegate is not None:
            return
        if self._received_bytes > self._application.max_body_bytes:
            self._answer_error(413)
        else:
            self._hand_over(self._application.find_handler)

    def on_connection_close(self):
        """The client went away while it was sending, or refused to stop."""
        if self._delegate is not None:
            self._delegate.on_connection_close()
        elif self.started:
            self._application.log_abandoned(self._request)

    def _start(self, start_line, headers):
        """Make the request, which may fail, and count it: from now on something must end it."""
        self._request = httputil.HTTPServerRequest(
            connection=self._connection, start_line=start_line, headers=headers
        )
        self._application.request_started(self._request)

    def _refuse_head(self, start_line, why):
        # Of a request without what may be wrong with it: its fields, its query.
        path = start_line.path.partition("?")[0]
        self._start(start_line._replace(path=path), httputil.HTTPHeaders({"Host": "none"}))
        return self._refuse(400, why=why)

    def _refuse_body(self):
        self._body = bytearray()
        return self._refuse(413)

    def _refuse(self, status_code, **kwargs):
        """Answer before the body is in, after which the connection cannot be used again."""
        self._request.announced_close = True
        return self._answer_error(status_code, **kwargs)

    def _answer_error(self, status_code, **kwargs):
        return self._hand_over(
            lambda request: self._application.error_delegate(request, status_code, **kwargs)
        )

    def _hand_over(self, find_delegate):
        """Let a handler answer; if there is none because of a bug, the handler of errors does.

        Raises: what a handler's ``data_received`` raised; Tornado logs it and closes the
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
        """Give the whole body as one chunk to what answers the request.

        ``prepare`` may not have ended yet when it arrives. That is allowed, because a
        :class:`JSONHandler` only keeps it, or begins to decode it. Until it has ended that, the
        body is not said to be complete, and so the handler's method does not run.
        """
        self._request.body_is_whole = True
        delegate = self._delegate = find_delegate(self._request)
        prepared = delegate.headers_received(None, self._request.headers)
        taking = delegate.data_received(bytes(self._body)) if self._body else None
        if taking is None:
            delegate.finish()
        else:
            IOLoop.current().add_future(gen.convert_yielded(taking), self._taken)
        return prepared

    def _taken(self, future):
        if future.exception() is None:  # Otherwise the client has left.
            self._delegate.finish()
