"""The ``curl`` transport: Tornado's CurlAsyncHTTPClient, which keeps connections in libcurl."""

from __future__ import absolute_import, division, print_function

import io
import math
import socket

import pycurl
from tornado.curl_httpclient import CurlAsyncHTTPClient, CurlError
from tornado.httpclient import HTTPRequest

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
from waterspout.transports.curl.descriptors import new_descriptors_close_on_exec, set_close_on_exec
from waterspout.transports.curl.route_options import set_route_options
from waterspout.transports.curl.upload import CAN_PAUSE, CurlUpload, resumer

#: Headers that libcurl adds of its own accord; one without a value tells it not to.
UNASKED = ("Accept", "Accept-Encoding", "Content-Type", "Expect", "User-Agent")

#: What libcurl's errors mean to us; any other is a `ReadError`.
_ERRORS = {
    pycurl.E_COULDNT_RESOLVE_HOST: ("connect", ConnectError),
    pycurl.E_COULDNT_CONNECT: ("connect", ConnectError),
    pycurl.E_COULDNT_RESOLVE_PROXY: ("connect", ConnectError),
    pycurl.E_SSL_CONNECT_ERROR: ("connect", SSLError),
    pycurl.E_SSL_CACERT: ("connect", SSLError),  # Any certificate that was refused.
    pycurl.E_SSL_CERTPROBLEM: ("connect", SSLError),
    pycurl.E_SSL_CACERT_BADFILE: ("connect", SSLError),
    pycurl.E_SEND_FAIL_REWIND: ("send", WriteError),
    pycurl.E_FTP_WEIRD_SERVER_REPLY: ("read", RemoteProtocolError),  # Also HTTP's.
    pycurl.E_UNSUPPORTED_PROTOCOL: ("read", RemoteProtocolError),  # HTTP/0.9
    pycurl.E_BAD_CONTENT_ENCODING: ("read", RemoteProtocolError),  # A transfer coding.
}


#: What libcurl opens to connect, at most: sockets, pipes to the threads that look names up, the
#: file of certificates. It does not say so when it cannot.
_DESCRIPTORS = 4

#: Routes for which connections are kept; programs have a handful.
_ROUTES = 16


class CurlTransport(AsyncClientTransport):
    """`AsyncClientTransport` on `CurlAsyncHTTPClient`."""

    name = "curl"

    def __init__(self, io_loop, limits):
        # type: (IOLoop, Limits) -> None
        super(CurlTransport, self).__init__(io_loop, limits)
        self._routed = {}  # type: Dict[Route, CurlAsyncHTTPClient]

    def _client_for(self, route):
        # libcurl keeps connections for each client, and takes one user's tunnel for another's.
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
            # Tornado refuses a GET with a body; _prepare puts the true method in place.
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
                error_class = RemoteProtocolError  # libcurl has no number of its own for it.
            what = error.message
            if error.errno == pycurl.E_SEND_FAIL_REWIND:
                what = "the body is wanted again, and was read while it was sent: " + what
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
    """Looks how far an exchange came before libcurl's handle forgets it.

    tests/contract watches the names used here on every Tornado we support.
    """

    def initialize(self, *args, **kwargs):
        with new_descriptors_close_on_exec():
            super(_ReportingClient, self).initialize(*args, **kwargs)

    def _set_timeout(self, msecs):
        # libcurl asks for a timer also when it is freed, which may be after the IOLoop's end.
        if not is_closed(self.io_loop):
            super(_ReportingClient, self)._set_timeout(msecs)

    def _finish(self, curl, *args, **kwargs):
        exchange = curl.info["request"].exchange
        exchange.timeouts.update_phase()
        if exchange.head is not None and exchange.head.is_last:
            _shut_down(curl)
        super(_ReportingClient, self)._finish(curl, *args, **kwargs)


def _shut_down(curl):
    """Have libcurl find that the connection which it has just used is closed.

    No option can be set any more when the head of the response is there.
    """
    number = curl.getinfo(pycurl.LASTSOCKET)
    if number < 0:
        return  # libcurl has closed it.
    sock = socket.fromfd(number, socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except socket.error:
        pass  # The server has.
    finally:
        sock.close()


def _opened(exchange, number):
    set_close_on_exec(number)
    exchange.opened()
    return 0  # libcurl goes on.


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
    curl.setopt(pycurl.VERBOSE, 0)  # Tornado has it log all headers where its log is at DEBUG.
    curl.setopt(pycurl.PATH_AS_IS, 1)
    curl.unsetopt(pycurl.ENCODING)  # Tornado 5.1 sets it in a way that libcurl undoes codings.
    curl.setopt(pycurl.HTTPHEADER, list(_fields(request.headers)))
    curl.setopt(pycurl.HEADERFUNCTION, _receiver(exchange, exchange.line_received))
    curl.setopt(pycurl.WRITEFUNCTION, _receiver(exchange, exchange.body_received))
    curl.setopt(pycurl.FRESH_CONNECT, 0)  # As the last request on this handle may have left it.
    if isinstance(request.body, StreamedBody):
        exchange.upload = CurlUpload(curl, exchange)
        exchange.upload.prepare()
    elif request.body is not None:
        _give_again(curl, request.body)
    if exchange.options.stream:
        _make_pausable(exchange, curl)
    # The one way to have libcurl drop a transfer when nothing comes: it asks about once a
    # second, if it has a reason to wake up at all, which the speed limit gives it.
    curl.setopt(pycurl.LOW_SPEED_LIMIT, 1)
    curl.setopt(pycurl.LOW_SPEED_TIME, int(CLIENT_TIMEOUT))
    curl.setopt(pycurl.NOPROGRESS, 0)
    curl.setopt(pycurl.XFERINFOFUNCTION, lambda *counts: exchange.over)
    # But newer ones do not ask while they connect.
    connect_timeout = exchange.timeouts.seconds_to_connect()
    if connect_timeout is not None:
        curl.setopt(pycurl.CONNECTTIMEOUT_MS, int(math.ceil(connect_timeout * 1000)))
    exchange.timeouts.connecting(lambda: _seconds_connecting(curl))
    exchange.kept()
    curl.setopt(pycurl.SOCKOPTFUNCTION, lambda number, purpose: _opened(exchange, number))


def _seconds_connecting(curl):
    # Older ones count the CONNECT to a proxy as a request, newer ones fill in the time when it
    # fails: the request was on its way where both are there.
    return curl.getinfo(pycurl.REQUEST_SIZE) and curl.getinfo(pycurl.PRETRANSFER_TIME) or None


def _fields(headers):
    # Tornado's own list drops headers that are empty, and encodes the others in its own way.
    for name, value in headers.get_all():
        line = "%s: %s" % (name, value) if value else name + ";"
        yield to_bytes(line, "latin-1")
    for name in UNASKED:
        if name not in headers:
            yield to_bytes(name + ":")


def _receiver(exchange, receive):
    def received(data):
        receive(data)
        return 0 if exchange.over else None  # 0 of the bytes: libcurl gives up.

    return received


def _give_again(curl, body):
    # What Tornado sets up, but over the refusal of an upload before it on this handle.
    pieces = io.BytesIO(body)

    def seek(offset, origin):
        pieces.seek(offset, origin)
        return pycurl.SEEKFUNC_OK

    curl.setopt(pycurl.READFUNCTION, pieces.read)
    curl.setopt(pycurl.SEEKFUNCTION, seek)


def _make_pausable(exchange, curl):
    receive = _receiver(exchange, exchange.body_received)

    def received(data):
        # It keeps what is refused now and gives it again after the pause.
        return pycurl.WRITEFUNC_PAUSE if exchange.paused else receive(data)

    curl.setopt(pycurl.WRITEFUNCTION, received)
    exchange.resumed = resumer(curl, exchange)
