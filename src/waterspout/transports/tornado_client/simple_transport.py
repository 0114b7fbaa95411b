"""The ``tornado`` transport on Tornado's simple client: a new connection for every exchange."""

from __future__ import absolute_import, division, print_function

import functools
import socket
import ssl
import sys

from tornado import gen
from tornado.httpclient import HTTPRequest
from tornado.httputil import HTTPHeaders
from tornado.iostream import StreamClosedError, UnsatisfiableReadError
from tornado.simple_httpclient import (
    HTTPStreamClosedError,
    SimpleAsyncHTTPClient,
    _HTTPConnection,
)
from tornado.tcpclient import TCPClient

from waterspout._compat import Future, make_resolver, resolve, to_bytes, to_text
from waterspout._encoding.streamed_bodies import StreamedBody
from waterspout._net.shortage import is_shortage, true_cause
from waterspout.constants import CHUNK_BYTES
from waterspout.exceptions import (
    ConnectError,
    ReadError,
    RemoteProtocolError,
    ResponseTooLarge,
    SSLError,
)
from waterspout.transports.borrowed.async_client import AsyncClientTransport, RetrievesErrors
from waterspout.transports.borrowed.head_reader import head_too_large
from waterspout.transports.tls_routes import TLSRoutes
from waterspout.transports.tornado_client.simple_upload import CHUNKED_BY_TORNADO, SimpleUpload


class SimpleClientTransport(AsyncClientTransport):
    """`AsyncClientTransport` on `SimpleAsyncHTTPClient`."""

    name = "tornado"
    not_routed = ("proxy", "unix_socket", "address")

    def __init__(self, io_loop, limits):
        # type: (IOLoop, Limits) -> None
        super(SimpleClientTransport, self).__init__(io_loop, limits)
        self._tls = TLSRoutes()

    def _make_client(self):
        return _StoppableClient(
            force_instance=True,
            max_clients=self.limits.max_connections,
            resolver=make_resolver(),
            max_header_size=self.limits.max_header_bytes,
            # The exchange counts the bytes, so that a body that is too large has its own error.
            max_body_size=sys.maxsize,
            # The buffer has to hold a whole body that ends with the connection.
            max_buffer_size=self.limits.max_header_bytes + self.limits.max_body_bytes,
        )

    def _perform(self, exchange):
        try:
            self._context(exchange.options.route)
        except (IOError, ValueError) as error:
            exchange.timeouts.phase = "connect"
            error_class = ConnectError if is_shortage(error) else SSLError
            exchange.fail(error_class, "TLS failed: %s" % error, error)
            self._finished(exchange)
        else:
            super(SimpleClientTransport, self)._perform(exchange)

    def _http_request(self, exchange, **options):
        return _Fetch(exchange, ssl_options=self._context(exchange.options.route), **options)

    def _context(self, route):
        # That of a direct connection with the default TLS settings is Tornado's own.
        return None if route is None else self._tls.options(route).context()

    def _translate(self, exchange, error):
        connecting = exchange.timeouts.phase == "connect"
        error = true_cause(error)
        if isinstance(error, (ssl.SSLError, ssl.CertificateError)):
            exchange.fail(SSLError, "TLS failed: %s" % error, error)
        elif isinstance(error, UnsatisfiableReadError) and exchange.head is None:
            exchange.fail(ResponseTooLarge, str(head_too_large(self.limits)), error)
        elif isinstance(error, (socket.error, HTTPStreamClosedError)):  # gaierror is one of them
            exchange.fail(ConnectError if connecting else ReadError, str(error), error)
        else:
            # While connecting: a server that sends or closes before the TLS handshake.
            error_class = ConnectError if connecting else RemoteProtocolError
            exchange.fail(error_class, "%s: %s" % (type(error).__name__, error), error)


class _Fetch(HTTPRequest):
    """An HTTPRequest that knows its exchange and keeps its headers as they are."""

    def __init__(self, exchange, **options):
        self.exchange = exchange
        super(_Fetch, self).__init__(
            method=exchange.request.method,
            headers=_fields(exchange.request),
            # Called when the head was written: the only public sign of a connection.
            body_producer=self._produce_body,
            streaming_callback=exchange.body_received,
            **options
        )

    @property
    def headers(self):
        return self._headers

    @headers.setter
    def headers(self, value):  # fetch() puts a plain copy here.
        self._headers = _HeadersWithContentType(value)

    def _produce_body(self, write):
        self.exchange.timeouts.connected()
        self.exchange.opened(connected=self.exchange.timeouts.connecting_for())
        body = self.exchange.request.body
        if isinstance(body, StreamedBody):
            return SimpleUpload(self.exchange, write).begin()
        return write(body) if body else None


class _HeadersWithContentType(HTTPHeaders):
    """Headers that report to have a Content-Type.

    Otherwise the simple client adds that of a form to every POST without one.
    """

    def __init__(self, fields):
        self._complete = False
        super(_HeadersWithContentType, self).__init__(fields)
        self._complete = True

    def __contains__(self, name):
        if self._complete and name == "Content-Type":
            return True
        return super(_HeadersWithContentType, self).__contains__(name)


def _fields(request):
    fields = HTTPHeaders()
    if "%" in request.parsed_url.host and "Host" not in request.headers:
        fields["Host"] = request.parsed_url.netloc  # Tornado would send the IPv6 zone.
    for name, value in request.headers.get_all():
        fields.add(name, value)
    if request.method in CHUNKED_BY_TORNADO:
        fields.pop("Transfer-Encoding", None)
    return fields


class _StoppableClient(RetrievesErrors, SimpleAsyncHTTPClient):
    def initialize(self, *args, **kwargs):
        super(_StoppableClient, self).initialize(*args, **kwargs)
        self.tcp_client = _ZonedTCPClient(self.resolver)

    def _connection_class(self):
        return _StoppableConnection


class _ZonedTCPClient(TCPClient):
    """Verifies certificates for addresses without their zones (RFC 6874 section 4)."""

    @gen.coroutine
    def connect(self, host, port, ssl_options=None, **options):
        if ssl_options is None or "%" not in host:
            options["ssl_options"] = ssl_options
            host_name = None
        else:
            host_name = host.partition("%")[0]
        stream = yield super(_ZonedTCPClient, self).connect(host, port, **options)
        if host_name is not None:
            stream = yield stream.start_tls(
                False, ssl_options=ssl_options, server_hostname=host_name)
        raise gen.Return(stream)


class _StoppableConnection(_HTTPConnection):
    """The simple client's exchange, which can be stopped and reports why it failed.

    Tornado ends it only by its own timeout; without `_stop` a cancelled call would keep its
    connection for as long as the server likes. Tornado also reports the same, or nothing, for a
    connection that failed and for a response that is not HTTP. tests/contract checks the names used
    here on every supported Tornado.
    """

    def __init__(self, client, request, *args, **kwargs):
        request.exchange.stop = self._stop
        request.exchange.timeouts.connecting()
        super(_StoppableConnection, self).__init__(client, request, *args, **kwargs)

    @gen.coroutine
    def run(self):
        try:
            yield super(_StoppableConnection, self).run()
        except Exception as error:  # The call has failed already; Tornado 5.1 would log a bug.
            self._malformed(error)

    def _create_connection(self, stream):
        exchange = self.request.exchange
        read = stream.read_from_fd

        def read_and_tell(buffer):
            # Tornado reports heads, and on 5.1 bodies without a length, only when complete.
            count = read(buffer)
            if count:
                exchange.timeouts.byte_received()
            return count

        stream.read_from_fd = read_and_tell
        stream.read_until = functools.partial(_read_chunk_line, stream.read_until)
        connection = super(_StoppableConnection, self)._create_connection(stream)
        close = connection.close

        def give_up():
            # Called at the end, and for a response that Tornado cannot parse.
            if self.final_callback is not None:
                self._malformed("as Tornado reads it")
            close()

        connection.close = give_up
        if self.request.exchange.options.stream:
            # py2: Tornado before 6.6 reports a body that ends with the connection as one piece.
            connection._read_body_until_close = functools.partial(_read_pieces, stream)
        return connection

    def _malformed(self, why):
        self.request.exchange.fail(RemoteProtocolError, "the answer is not HTTP: %s" % why)

    def headers_received(self, first_line, headers):
        self._tell_head(first_line, headers)
        if first_line.code < 200 or first_line.code == 204:
            # They have no body, whatever the fields say (RFC 9112 section 6.3).
            headers.pop("Content-Length", None)
            headers.pop("Transfer-Encoding", None)
        return super(_StoppableConnection, self).headers_received(first_line, headers)

    def _tell_head(self, first_line, headers):
        # In Tornado 6.6 a missing reason phrase is None.
        lines = ["%s %d %s" % (first_line.version, first_line.code, first_line.reason or "")]
        lines += ["%s: %s" % field for field in headers.get_all()]
        for line in lines + [""]:
            # Tornado decodes Latin-1, and on 2.7 encodes the text as UTF-8.
            self.request.exchange.line_received(to_bytes(to_text(line), "latin-1") + b"\r\n")

    def data_received(self, chunk):
        """Return a Future if Tornado has to wait before it reads on."""
        super(_StoppableConnection, self).data_received(chunk)
        exchange = self.request.exchange
        if exchange.options.stream and exchange.paused:
            resumed = Future()
            exchange.resumed = lambda: resolve(resumed, None)
            return resumed
        return None

    def on_connection_close(self):
        if not self.stream.closed():
            return  # py2: Tornado 5.1 calls it for its own errors, which `run` handles.
        error = self.stream.error
        what = "the server closed the connection" if error is None else str(error)
        self.request.exchange.fail(ReadError, what, error)

    def finish(self):
        if self.stream.error is None:
            super(_StoppableConnection, self).finish()
        else:  # Tornado 6.6 treats a reset like an orderly end.
            self.on_connection_close()

    def _stop(self):
        self._on_timeout("was stopped")


@gen.coroutine
def _read_chunk_line(read_until, delimiter, max_bytes=None):
    """``stream.read_until``, without whitespace before the line's end.

    Tornado reads only the lines of chunk sizes with it. Since 6.2 it refuses whitespace after a
    size, which some servers send.
    """
    line = yield read_until(delimiter, max_bytes=max_bytes)
    raise gen.Return(line[:-len(delimiter)].rstrip(b" \t") + delimiter)


@gen.coroutine
def _read_pieces(stream, delegate):
    """Read the body to the end of ``stream``, in pieces and at the pace of ``delegate``."""
    try:
        while True:
            piece = yield stream.read_bytes(CHUNK_BYTES, partial=True)
            read_on = delegate.data_received(piece)
            if read_on is not None:
                yield read_on
    except StreamClosedError:
        pass  # `_StoppableConnection.finish` checks whether it was a reset.
