"""Exchange: one request and its response, as Tornado's HTTPConnection."""

from __future__ import absolute_import, division, print_function

from tornado import httputil, iostream

from waterspout._compat import keeping_context, rejected, set_cause
from waterspout._http_server.response_fields import encode, encode_fields
from waterspout._http_server.stream_facade import StreamFacade
from waterspout.exceptions import LocalProtocolError

#: A body up to this size is sent in one piece with the head.
_JOINED_BYTES = 64 * 1024


class Exchange(httputil.HTTPConnection):
    """``request.connection``: writes the response to one request.

    It has the methods of ``tornado.http1connection.HTTP1Connection`` that applications use.

    Attributes:
        context (RequestContext): the client's address and the protocol.
        is_reading (bool): the request has a body, and its end was not handed over yet.
    """

    def __init__(self, connection, is_reading):
        # type: (HTTPServerConnection, bool) -> None
        self.context = connection.context
        self.is_reading = is_reading
        self._connection = connection
        self._close_callback = None  # type: Optional[Callable[[], None]]

    # For the application

    @property
    def serves_last_request(self):
        # type: () -> bool
        """Whether the connection ends after this response, as all do while the server drains."""
        return self._connection is None or self._connection.serves_last_request

    @property
    def stream(self):
        # type: () -> Optional[StreamFacade]
        """A `StreamFacade`; None after `detach`."""
        return None if self._connection is None else StreamFacade(self._connection)

    def set_close_callback(self, callback):
        # type: (Optional[Callable[[], None]]) -> None
        """Have ``callback()`` called, once, if the client leaves before the response is complete.

        A client that has only ended its sending side cannot be told from one that left. It still
        gets the response.
        """
        self._close_callback = None if callback is None else keeping_context(callback)

    @property
    def max_body_size(self):
        # type: () -> Optional[int]
        """Bytes that the body of this request may have."""
        return self._connection.wire.body_limit if self._is_current() else None

    def set_max_body_size(self, max_body_size):
        # type: (int) -> None
        """Limit the body of this request, in bytes. Call it before the body arrives."""
        if self._is_current():
            self._connection.wire.body_limit = max_body_size

    def set_body_timeout(self, timeout):
        # type: (float) -> None
        """Limit the seconds that the body of this request may take, from now on."""
        if self._is_current():
            self._connection.set_body_timeout(timeout)

    def write_headers(self, start_line, headers, chunk=None, callback=None):
        # type: (httputil.ResponseStartLine, httputil.HTTPHeaders, Optional[bytes], Optional[Callable]) -> Future[None]
        """Send the head of the response, and perhaps the beginning of its body.

        Args:
            callback: called when the bytes were sent. For Tornado 5.1.
        Returns: a Future that is done when the client's socket has taken the bytes. It fails with
            StreamClosedError if the connection ends before. While many requests are under way, the
            bytes of a small response are collected and sent at the end of the iteration of the
            IOLoop: it is done at once then.
        Raises:
            ValueError: a field, or the reason phrase, has a character that ends a line. Nothing was
                sent.
            HTTPOutputError: ``chunk`` is longer than the Content-Length. The connection is closed.
        """
        connection = self._connection
        if connection is None or connection.exchange is not self:
            return rejected_quietly(iostream.StreamClosedError())
        raw, count, length = encode_fields(headers)
        # The response is complete with this call, and nothing will read the rest of the request.
        is_early = self.is_reading and headers.get("Content-Length") == str(len(chunk or b""))
        try:
            data = connection.wire.start_response(
                start_line[1], encode(start_line[2]), raw, count,
                is_early or connection.serves_last_request, length)
        except LocalProtocolError as error:
            raise set_cause(httputil.HTTPOutputError(str(error)), None)
        if chunk:
            body = self._framed(chunk)
            if len(body) <= _JOINED_BYTES:
                data += body
            else:
                connection.send(data)
                data = body
        future = connection.send(data)
        return future if callback is None else self._called_back(future, callback)

    def respond(self, status_code, reason, headers, body):
        # type: (int, str, httputil.HTTPHeaders, bytes) -> Future[None]
        """Send a whole response: `write_headers` and `finish` in one step.

        Args:
            reason (native str): the reason phrase.
            headers: with Content-Length.
        Returned Future and errors: as in `write_headers` and `finish`.
        """
        connection = self._connection
        if connection is not None and connection.exchange is self:
            raw, count, length = encode_fields(headers)
            if length == len(body) <= _JOINED_BYTES:
                self._close_callback = None
                try:
                    data = connection.wire.whole_response(
                        status_code, encode(reason), raw, count, body,
                        self.is_reading or connection.serves_last_request)
                except LocalProtocolError as error:
                    raise set_cause(httputil.HTTPOutputError(str(error)), None)
                future = connection.send(data)
                if not connection.is_broken:
                    connection.response_ended(self)
                return future
        line = httputil.ResponseStartLine("", status_code, reason)
        future = self.write_headers(line, headers, body)
        self.finish()
        return future

    def write(self, chunk, callback=None):
        # type: (bytes, Optional[Callable]) -> Future[None]
        """Send a piece of the body. Args, returned Future and errors: as in `write_headers`.

        Without a call of `write_headers` before, ``chunk`` is the beginning of a whole response
        with its head. Tornado allows that to old applications.
        """
        connection = self._connection
        if connection is None or connection.exchange is not self:
            return rejected_quietly(iostream.StreamClosedError())
        if not connection.wire.response_started:
            connection.wire.pass_through()
        future = connection.send(self._framed(chunk))
        return future if callback is None else self._called_back(future, callback)

    def finish(self):
        # type: () -> None
        """End the response.

        Raises: HTTPOutputError: the body is shorter than the Content-Length. The connection is
            closed.
        """
        self._close_callback = None
        connection = self._connection
        if connection is None or connection.exchange is not self or connection.is_broken:
            return  # The client has left: what it lacks of the body is no fault.
        wire = connection.wire
        try:
            last = wire.end_response()
        except LocalProtocolError:
            why = "finish() was called before write_headers() with a final status"
            if wire.response_started:
                why = "Tried to write %s bytes less than Content-Length" % wire.missing_body_bytes
            connection.close_by_application()
            raise set_cause(httputil.HTTPOutputError(why), None)
        if last:
            connection.send(last)
        connection.response_ended(self)

    def refuse(self, status_code, reason):
        # type: (int, str) -> None
        """Answer with a status line and nothing else, as Tornado does, and end the connection."""
        if self._is_current() and not self._connection.wire.response_started:
            self.write(("HTTP/1.1 %d %s\r\n\r\n" % (status_code, reason)).encode("ascii"))
            self.finish()

    def close(self):
        # type: () -> None
        """Close the connection at once. A response that is not complete is cut off."""
        if self._is_current():
            self._connection.close_by_application()

    def detach(self):
        # type: () -> iostream.IOStream
        """Take the socket, with the bytes that were received and not read yet.

        Returns: IOStream, or SSLIOStream. Nothing more is read or written for HTTP; the caller
            closes it.
        Raises: StreamClosedError: the connection has ended.
        """
        if not self._is_current():
            raise iostream.StreamClosedError()
        self._close_callback = None
        connection, self._connection = self._connection, None
        return connection.detach()

    # For the connection

    def lost(self):
        # type: () -> None
        """The client has left, or the connection was closed: tell the application, once."""
        callback, self._close_callback = self._close_callback, None
        if callback is not None:
            callback()

    # Parts

    def _is_current(self):
        connection = self._connection
        return connection is not None and connection.exchange is self

    def _framed(self, chunk):
        connection = self._connection
        try:
            return connection.wire.send_data(chunk)
        except LocalProtocolError:
            connection.close_by_application()
            raise set_cause(
                httputil.HTTPOutputError("Tried to write more data than Content-Length"), None)

    def _called_back(self, future, callback):
        callback = keeping_context(callback)
        self._connection.io_loop.add_future(future, lambda future: callback())
        return future


def rejected_quietly(error):
    # type: (BaseException) -> Future
    """A Future with this error, which is not logged when no program waits for it."""
    future = rejected(error)
    future.exception()
    return future
