"""The ``tornado`` transport on Tornado's simple client: a new connection for every exchange."""

from __future__ import absolute_import, division, print_function

import socket
import ssl

from tornado.httpclient import HTTPRequest
from tornado.httputil import HTTPHeaders
from tornado.simple_httpclient import (
    HTTPStreamClosedError,
    SimpleAsyncHTTPClient,
    _HTTPConnection,
)

from waterspout._compat import make_resolver
from waterspout.exceptions import (
    ConnectError,
    ReadError,
    RemoteProtocolError,
    SSLError,
)
from waterspout.transports.async_client import AsyncClientTransport


class SimpleClientTransport(AsyncClientTransport):
    """`AsyncClientTransport` on `SimpleAsyncHTTPClient`."""

    name = "tornado"

    def _make_client(self):
        return _StoppableClient(
            force_instance=True,
            max_clients=self.limits.max_connections,
            resolver=make_resolver(),
            max_header_size=self.limits.max_header_bytes,
            max_body_size=self.limits.max_body_bytes,
        )

    def _http_request(self, exchange, **options):
        return _Fetch(exchange, **options)

    def _translate(self, exchange, error):
        connecting = exchange.phase == "connect"
        if isinstance(error, (ssl.SSLError, ssl.CertificateError)):
            exchange.fail(SSLError, "TLS failed: %s" % error, error)
        elif isinstance(error, (socket.error, HTTPStreamClosedError)):  # gaierror is one of them
            exchange.fail(ConnectError if connecting else ReadError, str(error), error)
        else:
            exchange.fail(RemoteProtocolError, "%s: %s" % (type(error).__name__, error), error)


class _Fetch(HTTPRequest):
    """An HTTPRequest that knows its exchange and keeps its headers as they are."""

    def __init__(self, exchange, **options):
        self.exchange = exchange
        super(_Fetch, self).__init__(
            method=exchange.request.method,
            headers=_fields(exchange.request),
            # Called once the head is written: the public sign that the connection stands.
            body_producer=self._produce_body,
            **options
        )

    @property
    def headers(self):
        return self._headers

    @headers.setter
    def headers(self, value):  # fetch() puts a plain copy here.
        self._headers = _LabelledFields(value)

    def _produce_body(self, write):
        self.exchange.connected()
        body = self.exchange.request.body
        return write(body) if body else None


class _LabelledFields(HTTPHeaders):
    """Headers that claim to have a Content-Type.

    Otherwise the simple client calls every POST without one a form, which it need not be.
    """

    def __init__(self, fields):
        self._complete = False
        super(_LabelledFields, self).__init__(fields)
        self._complete = True

    def __contains__(self, name):
        if self._complete and name == "Content-Type":
            return True
        return super(_LabelledFields, self).__contains__(name)


def _fields(request):
    fields = HTTPHeaders()
    for name, value in request.headers.get_all():
        fields.add(name, value)
    return fields


class _StoppableClient(SimpleAsyncHTTPClient):
    def _connection_class(self):
        return _StoppableConnection


class _StoppableConnection(_HTTPConnection):
    """The simple client's exchange, which it can end itself only when its time is up.

    There is no public way to do it sooner, and without one a cancelled or timed-out call
    would hold its connection for as long as the server likes. tests/contract watches the
    two private names used here on every Tornado we support.
    """

    def __init__(self, client, request, *args, **kwargs):
        super(_StoppableConnection, self).__init__(client, request, *args, **kwargs)
        request.exchange.stop = self._stop
        request.exchange.connecting()

    def _stop(self):
        self._on_timeout("was stopped")
