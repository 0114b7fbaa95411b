"""The ``curl`` transport: Tornado's CurlAsyncHTTPClient, which keeps connections in libcurl."""

from __future__ import absolute_import, division, print_function

import io
import math
import socket

import pycurl
from tornado.curl_httpclient import CurlAsyncHTTPClient, CurlError
from tornado.httpclient import HTTPRequest
from tornado.ioloop import IOLoop

from waterspout._compat import is_closed, to_bytes
from waterspout._encoding.streamed_bodies import StreamedBody
from waterspout._net.shortage import lacking
from waterspout.exceptions import (
    ConnectError,
    ProxyError,
    ReadError,
    RemoteProtocolError,
    SSLError,
    WriteError,
)
from waterspout.transports.borrowed.async_client import (
    CLIENT_TIMEOUT,
    AsyncClientTransport,
    RetrievesErrors,
)
from waterspout.transports.curl.curl_upload import CAN_PAUSE, CurlUpload, resumer
from waterspout.transports.curl.descriptors import (
    LibcurlDescriptor,
    new_descriptors_close_on_exec,
    set_close_on_exec,
)
from waterspout.transports.curl.route_options import CAN_CONNECT_TO, set_route_options

#: Headers that libcurl adds by itself; a header without a value prevents that.
UNASKED = ("Accept", "Accept-Encoding", "Content-Type", "Expect", "User-Agent")

#: Our classes for libcurl's errors; any other error is a `ReadError`.
_ERRORS = {
    pycurl.E_COULDNT_RESOLVE_HOST: ("connect", ConnectError),
    pycurl.E_COULDNT_CONNECT: ("connect", ConnectError),
    pycurl.E_COULDNT_RESOLVE_PROXY: ("connect", ConnectError),
    pycurl.E_SSL_CONNECT_ERROR: ("connect", SSLError),
    pycurl.E_SSL_CACERT: ("connect", SSLError),  # For any refused certificate.
    pycurl.E_SSL_CERTPROBLEM: ("connect", SSLError),
    pycurl.E_SSL_CACERT_BADFILE: ("connect", SSLError),
    pycurl.E_SEND_FAIL_REWIND: ("send", WriteError),
    pycurl.E_FTP_WEIRD_SERVER_REPLY: ("read", RemoteProtocolError),  # For HTTP too.
    pycurl.E_UNSUPPORTED_PROTOCOL: ("read", RemoteProtocolError),  # HTTP/0.9
    pycurl.E_BAD_CONTENT_ENCODING: ("read", RemoteProtocolError),  # A transfer coding.
}


#: The IOLoop's events for what libcurl wants to know of a socket.
_EVENTS = {
    pycurl.POLL_NONE: IOLoop.NONE,
    pycurl.POLL_IN: IOLoop.READ,
    pycurl.POLL_OUT: IOLoop.WRITE,
    pycurl.POLL_INOUT: IOLoop.READ | IOLoop.WRITE,
}

#: Descriptors that libcurl opens at most to connect: sockets, pipes to the threads that look names
#: up, the certificate file. Its error does not say that it had none.
_DESCRIPTORS = 4

#: Routes for which connections are kept; programs use only a few.
_ROUTES = 16


class CurlTransport(AsyncClientTransport):
    """`AsyncClientTransport` on `CurlAsyncHTTPClient`."""

    name = "curl"
    not_routed = () if CAN_CONNECT_TO else ("address",)

    def __init__(self, io_loop, limits):
        # type: (IOLoop, Limits) -> None
        super(CurlTransport, self).__init__(io_loop, limits)
        self._routed = {}  # type: Dict[Route, CurlAsyncHTTPClient]

    def _client_for(self, route):
        # libcurl keeps connections for each client, and would reuse one user's tunnel for another.
        if route is None:
            return super(CurlTransport, self)._client_for(route)
        client = self._routed.get(route)
        if client is None:
            if len(self._routed) >= _ROUTES:
                self._close_unused()
            client = self._routed[route] = self._make_client()
        return client

    def _close_unused(self):
        used = set(exchange.options.route for exchange in self._active)
        for route in [each for each in self._routed if each not in used]:
            self._routed.pop(route).close()

    def _release_client(self):
        super(CurlTransport, self)._release_client()
        for client in self._routed.values():
            client.close()

    def _refuse(self, request, options):
        if options.stream and not CAN_PAUSE:
            raise self._unsupported(request, "stream=True with a pycurl before 7.45")

    def _make_client(self):
        try:
            return _ReportingClient(force_instance=True, max_clients=self.limits.max_connections)
        except pycurl.error:
            error = lacking(_DESCRIPTORS)
            if error is not None:
                raise error
            raise

    def _http_request(self, exchange, **options):
        request = exchange.request
        http_request = HTTPRequest(
            # Tornado refuses a GET with a body; `_prepare` sets the real method.
            method="PUT" if _is_get_with_body(request) else request.method,
            body=request.body if isinstance(request.body, bytes) else None,
            prepare_curl_callback=lambda curl: _prepare(exchange, curl),
            **options
        )
        http_request.exchange = exchange
        exchange.upload = None
        return http_request

    def _finished(self, exchange):
        if exchange.upload is not None:
            exchange.upload.stop()
        super(CurlTransport, self)._finished(exchange)

    def _note_times(self, exchange, response):
        if not exchange.reused:
            spent = response.time_info
            names = "namelookup", "connect", "appconnect"
            exchange.opened(*[spent.get(name) or None for name in names])

    def _translate(self, exchange, error):
        timeouts = exchange.timeouts
        if isinstance(error, CurlError) and error.errno == pycurl.E_OPERATION_TIMEDOUT:
            timeouts.connect_timed_out(error)
        elif isinstance(error, CurlError):
            connecting = timeouts.phase == "connect"
            phase, error_class = _ERRORS.get(error.errno, ("read", ReadError))
            if timeouts.phase != "send":
                timeouts.phase = phase
            if error.errno == pycurl.E_RECV_ERROR and "chunk" in error.message:
                error_class = RemoteProtocolError  # libcurl has no error number for that.
            what = error.message
            if error.errno == pycurl.E_SEND_FAIL_REWIND:
                what = "cannot send the body again: it was read while it was sent: " + what
            to_connect = connecting or phase == "connect"
            error_of_system = lacking(_DESCRIPTORS) if to_connect else None
            if error_of_system is not None:
                timeouts.phase, error_class = "connect", ConnectError
                what = "%s (%s)" % (what, error_of_system)
            if connecting and _through_proxy(exchange) and error_class is not SSLError:
                timeouts.phase, error_class, what = "connect", ProxyError, "the proxy: " + what
            exchange.fail(error_class, what, error)
        else:
            exchange.refused(error)


class _ReportingClient(RetrievesErrors, CurlAsyncHTTPClient):
    """Updates the phase of an exchange before libcurl's handle is reset.

    tests/contract checks the names used here on every supported Tornado.
    """

    def initialize(self, *args, **kwargs):
        with new_descriptors_close_on_exec():
            super(_ReportingClient, self).initialize(*args, **kwargs)

    def _handle_socket(self, event, fd, multi, data):
        # Like Tornado's, which gives the IOLoop a number. An IOLoop that is closed with
        # all_fds=True, as AsyncTestCase does, closes numbers itself; libcurl would later close a
        # descriptor that is another one's by then.
        if fd in self._fds:
            self.io_loop.remove_handler(fd)
            del self._fds[fd]
        if event != pycurl.POLL_REMOVE:
            events = self._fds[fd] = _EVENTS[event]
            self.io_loop.add_handler(LibcurlDescriptor(fd), self._handle_descriptor, events)

    def _handle_descriptor(self, descriptor, events):
        self._handle_events(descriptor.fileno(), events)

    def _set_timeout(self, msecs):
        # libcurl sets a timer when it is freed too, which may be after the IOLoop was closed.
        if not is_closed(self.io_loop):
            super(_ReportingClient, self)._set_timeout(msecs)

    def _finish(self, curl, *args, **kwargs):
        exchange = curl.info["request"].exchange
        exchange.timeouts.update_phase()
        if exchange.head is not None and exchange.head.is_last:
            _shut_down(curl)
        super(_ReportingClient, self)._finish(curl, *args, **kwargs)


def _shut_down(curl):
    """Shut the last used connection down, so that libcurl does not reuse it.

    libcurl's own option for that cannot be set any more once the head was received.
    """
    number = curl.getinfo(pycurl.LASTSOCKET)
    if number < 0:
        return  # libcurl has closed it.
    sock = socket.fromfd(number, socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except socket.error:
        pass  # The server has closed it.
    finally:
        sock.close()


def _opened(exchange, number):
    set_close_on_exec(number)
    exchange.opened()
    return 0  # Tells libcurl to continue.


def _through_proxy(exchange):
    route = exchange.options.route
    return route is not None and route.proxy is not None


def _is_get_with_body(request):
    return request.method == "GET" and isinstance(request.body, bytes)


def _prepare(exchange, curl):
    request = exchange.request
    if request.method == "HEAD" and request.body is not None:
        raise ValueError("libcurl cannot send a HEAD with a body")
    if _is_get_with_body(request):
        curl.setopt(pycurl.CUSTOMREQUEST, "GET")
    set_route_options(curl, exchange.options.route)
    curl.setopt(pycurl.VERBOSE, 0)  # Tornado makes it log all headers at level DEBUG.
    curl.setopt(pycurl.PATH_AS_IS, 1)
    curl.unsetopt(pycurl.ENCODING)  # As Tornado 5.1 sets it, libcurl would decode the body.
    curl.setopt(pycurl.HTTPHEADER, list(_fields(request.headers)))
    curl.setopt(pycurl.HEADERFUNCTION, _receiver(exchange, exchange.line_received))
    curl.setopt(pycurl.WRITEFUNCTION, _receiver(exchange, exchange.body_received))
    curl.setopt(pycurl.FRESH_CONNECT, 0)  # The last request on this handle may have set it.
    if isinstance(request.body, StreamedBody):
        exchange.upload = CurlUpload(curl, exchange)
        exchange.upload.prepare()
    elif request.body is not None:
        _give_again(curl, request.body)
    if exchange.options.stream:
        _make_pausable(exchange, curl)
    # The only way to make libcurl end a transfer while nothing arrives: it calls the function about
    # once a second, but only if something wakes it up. The speed limit does that.
    curl.setopt(pycurl.LOW_SPEED_LIMIT, 1)
    curl.setopt(pycurl.LOW_SPEED_TIME, int(CLIENT_TIMEOUT))
    curl.setopt(pycurl.NOPROGRESS, 0)
    curl.setopt(pycurl.XFERINFOFUNCTION, lambda *counts: exchange.over)
    # But newer versions do not call it while they connect.
    connect_timeout = exchange.timeouts.seconds_to_connect()
    if connect_timeout is not None:
        curl.setopt(pycurl.CONNECTTIMEOUT_MS, int(math.ceil(connect_timeout * 1000)))
    exchange.timeouts.connecting(lambda: _seconds_connecting(curl))
    exchange.kept()
    curl.setopt(pycurl.SOCKOPTFUNCTION, lambda number, purpose: _opened(exchange, number))


def _seconds_connecting(curl):
    # Older versions count the CONNECT to a proxy as a request, and newer ones set the time when it
    # fails. The request was begun only if both are set.
    return curl.getinfo(pycurl.REQUEST_SIZE) and curl.getinfo(pycurl.PRETRANSFER_TIME) or None


def _fields(headers):
    # Tornado's own list leaves out empty headers, and encodes the others differently.
    for name, value in headers.get_all():
        line = "%s: %s" % (name, value) if value else name + ";"
        yield to_bytes(line, "latin-1")
    for name in UNASKED:
        if name not in headers:
            yield to_bytes(name + ":")


def _receiver(exchange, receive):
    def received(data):
        receive(data)
        return 0 if exchange.over else None  # 0 bytes taken: libcurl ends the transfer.

    return received


def _give_again(curl, body):
    # As Tornado does, and to replace the callbacks of an earlier upload on this handle.
    pieces = io.BytesIO(body)

    def seek(offset, origin):
        pieces.seek(offset, origin)
        return pycurl.SEEKFUNC_OK

    curl.setopt(pycurl.READFUNCTION, pieces.read)
    curl.setopt(pycurl.SEEKFUNCTION, seek)


def _make_pausable(exchange, curl):
    receive = _receiver(exchange, exchange.body_received)

    def received(data):
        # libcurl keeps the refused bytes and gives them again after the pause.
        return pycurl.WRITEFUNC_PAUSE if exchange.paused else receive(data)

    curl.setopt(pycurl.WRITEFUNCTION, received)
    exchange.resumed = resumer(curl, exchange)
