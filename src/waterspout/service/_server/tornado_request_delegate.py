"""Reads one request whole from a connection of Tornado's own server."""

from __future__ import absolute_import, division, print_function

from tornado import gen, httputil
from tornado.ioloop import IOLoop
from tornado.iostream import StreamClosedError
from tornado.log import app_log

from waterspout.service._server.late_finish import LateFinish
from waterspout.service._server.request_delegate import NO_HOST, RequestDelegate

#: Bytes beyond the limit of a body that are read and dropped, so that the client gets a 413. To a
#: longer body Tornado answers with a 400 without a body, and resets a client that is still sending.
DROPPED_BYTES = 32 * 1024 * 1024

#: Pieces of a body (at most 64 KiB each) that are read before other requests get a turn. Tornado
#: does not return to its loop while a socket has data: a client that sends faster than the service
#: reads would occupy the process.
PIECES_PER_TURN = 8


class TornadoRequestDelegate(RequestDelegate):
    """Refuses in JSON what Tornado's server would not, or would answer without a body."""

    def __init__(self, application, connection):
        super(TornadoRequestDelegate, self).__init__(application, connection)
        self._wrong = None  # type: Optional[Tuple[str, int]]  # Kind of refusal, and status.
        self._received_bytes = self._pieces = 0
        self._late = None  # type: Optional[LateFinish]  # In place of the connection.

    def headers_received(self, start_line, headers):
        """Count the request, and check its head.

        Returns: None, or a Future for which Tornado waits before it reads the body.
        """
        application = self._application
        if "Host" not in headers and start_line.version != "HTTP/1.0":
            headers["Host"] = NO_HOST  # Otherwise Tornado 6.5 could not make the request.
            if not application.allow_missing_host:
                self._wrong = "host", 400
        try:
            self._start(start_line, headers)
        except httputil.HTTPInputError:
            path = start_line.path.partition("?")[0]
            self._start(start_line._replace(path=path), httputil.HTTPHeaders({"Host": NO_HOST}))
            self._wrong = "application", 400
        self._connection.set_max_body_size(application.max_body_bytes + DROPPED_BYTES)
        if (self._wrong is None and application.head_checks
                and not application.is_for_operators(self._request)):
            return self._check_head()
        if self._wrong is None and application.streams_bodies:
            return self._accept()

    def _is_read_on(self):
        # Tornado closes a connection whose request is answered at once.
        return "Expect" not in self._request.headers

    def _allow_stream(self):
        self._connection.set_max_body_size(self._stream_bytes + DROPPED_BYTES)
        self._connection.set_body_timeout(None)
        self._request.connection = self._late = LateFinish(
            self._connection, lambda: self._stream.fail(StreamClosedError()))

    def data_received(self, chunk):
        """Keep a piece of the body, or drop all of it.

        Returns: None, or a Future for which Tornado waits before it reads on.
        """
        self._received_bytes += len(chunk)
        if self._stream is not None:
            if self._received_bytes > self._stream_bytes:
                self._fail_stream("body size", 413)
            return self._stream.feed(chunk) or self._next_turn()
        if self._refusal is None and self._wrong is None:
            application = self._application
            if self._received_bytes > application.max_body_bytes:
                self._wrong = "body size", 413
            elif application.body_check is not None:
                self._refusal = application.body_check(self._request, len(chunk))
            self._body.append(chunk)
        if self._refusal is not None or self._wrong is not None:
            self._body = []
        return self._next_turn()

    def _next_turn(self):
        # type: () -> Optional[Future[None]]
        self._pieces += 1
        return gen.sleep(0) if self._pieces % PIECES_PER_TURN == 0 else None

    def finish(self):
        """The body is complete: let a handler run.

        In the next iteration, because Tornado notices a client that leaves only after this method.
        """
        IOLoop.current().add_callback(self._answer)

    def _answer(self):
        try:
            if self._wrong is None:
                super(TornadoRequestDelegate, self).finish()
                if self._late is not None:
                    self._late.request_arrived()
            else:
                self._answer_refusal(*self._wrong)
        except Exception:
            app_log.error("Uncaught exception", exc_info=True)
            self._connection.close()

    def on_connection_close(self):
        """The client closed the connection while it was sending."""
        super(TornadoRequestDelegate, self).on_connection_close()
        if self._late is not None:
            self._late.connection_closed()

    def _make_request(self, start_line, headers):
        # Tornado's server does not check Host: let Tornado's request do it.
        return httputil.HTTPServerRequest(
            connection=self._connection, start_line=start_line, headers=headers)
