"""The ``curl`` transport: Tornado's CurlAsyncHTTPClient, which keeps connections in libcurl."""

from __future__ import absolute_import, division, print_function

import pycurl
from tornado.curl_httpclient import CurlAsyncHTTPClient, CurlError
from tornado.httpclient import HTTPRequest
from tornado.httputil import HTTPHeaders

from waterspout.exceptions import (
    ConnectError,
    LocalProtocolError,
    ReadError,
    RemoteProtocolError,
    SSLError,
)
from waterspout.transports.async_client import CLIENT_TIMEOUT, AsyncClientTransport

#: Headers that libcurl adds of its own accord; an empty one tells it not to.
UNASKED = ("Accept", "Content-Type", "User-Agent")

#: What libcurl's errors mean to us; any other is a `ReadError`.
_ERRORS = {
    pycurl.E_COULDNT_RESOLVE_HOST: ("connect", ConnectError),
    pycurl.E_COULDNT_CONNECT: ("connect", ConnectError),
    pycurl.E_SSL_CONNECT_ERROR: ("connect", SSLError),
    pycurl.E_SSL_CACERT: ("connect", SSLError),  # Any certificate that was refused.
    pycurl.E_SSL_CERTPROBLEM: ("connect", SSLError),
    pycurl.E_SSL_CACERT_BADFILE: ("connect", SSLError),
    pycurl.E_FTP_WEIRD_SERVER_REPLY: ("read", RemoteProtocolError),  # Also HTTP's.
    pycurl.E_UNSUPPORTED_PROTOCOL: ("read", RemoteProtocolError),  # HTTP/0.9
}


class CurlTransport(AsyncClientTransport):
    """`AsyncClientTransport` on `CurlAsyncHTTPClient`."""

    name = "curl"

    def _make_client(self):
        return CurlAsyncHTTPClient(force_instance=True, max_clients=self.limits.max_connections)

    def _http_request(self, exchange, **options):
        request = exchange.request
        headers = HTTPHeaders()
        for name, value in request.headers.get_all():
            headers.add(name, value)
        for name in UNASKED:
            if name not in headers:
                headers[name] = ""
        return HTTPRequest(
            # Tornado refuses a GET with a body; _prepare puts the true method in place.
            method="PUT" if _is_get_with_body(request) else request.method,
            headers=headers,
            body=request.body,
            prepare_curl_callback=lambda curl: _prepare(exchange, curl),
            **options
        )

    def _translate(self, exchange, error):
        if isinstance(error, CurlError):
            exchange.phase, error_class = _ERRORS.get(error.errno, ("read", ReadError))
            exchange.fail(error_class, error.message, error)
        else:
            exchange.fail(LocalProtocolError, "%s: %s" % (type(error).__name__, error), error)


def _is_get_with_body(request):
    return request.method == "GET" and request.body is not None


def _prepare(exchange, curl):
    if _is_get_with_body(exchange.request):
        curl.setopt(pycurl.CUSTOMREQUEST, "GET")
    curl.setopt(pycurl.PROXY, "")  # And not what the environment says.
    curl.setopt(pycurl.PATH_AS_IS, 1)
    # The one way to have libcurl drop a transfer: it asks about once a second, if it has a
    # reason to wake up at all, which the speed limit gives it.
    curl.setopt(pycurl.LOW_SPEED_LIMIT, 1)
    curl.setopt(pycurl.LOW_SPEED_TIME, int(CLIENT_TIMEOUT))
    curl.setopt(pycurl.NOPROGRESS, 0)
    curl.setopt(pycurl.XFERINFOFUNCTION, lambda *counts: exchange.future.done())
    exchange.connecting(lambda: curl.getinfo(pycurl.PRETRANSFER_TIME) or None)
