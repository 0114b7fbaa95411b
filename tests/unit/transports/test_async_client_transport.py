"""Transports on Tornado's clients, with a client that does what the test says."""

from __future__ import absolute_import, division, print_function

import socket
import ssl

import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPError
from tornado.httputil import HTTPHeaders, ResponseStartLine
from tornado.iostream import UnsatisfiableReadError
from tornado.simple_httpclient import HTTPStreamClosedError, SimpleAsyncHTTPClient

from waterspout._compat import Future
from waterspout._routes.route import Route
from waterspout.exceptions import (
    ConnectError,
    ReadError,
    RemoteProtocolError,
    ResponseTooLarge,
    SSLError,
)
from waterspout.limits import Limits
from waterspout.models.call_options import CallOptions
from waterspout.models.prepared_request import PreparedRequest
from waterspout.timeouts import ClientTimeout
from waterspout.transports.tornado_client import simple_transport
from waterspout.transports.tornado_client.simple_transport import SimpleClientTransport
from waterspout.transports.tornado_client.transport import TornadoTransport


class FakeClient(object):
    """Notes the requests that it is to fetch; each waits for its Future."""

    def __init__(self):
        self.fetched, self.closed = [], 0

    def fetch(self, request):
        self.fetched.append((request, Future()))
        return self.fetched[-1][1]

    def close(self):
        self.closed += 1


@pytest.fixture
def transport(current_loop):
    transport = SimpleClientTransport(current_loop, Limits())
    transport.client = FakeClient()
    transport._make_client = lambda: transport.client
    return transport


def send(transport, method="GET", url="http://a.example/b?c#d", route=None, **arguments):
    """Send a request; return its Future and what the client is to fetch."""
    options = CallOptions(ClientTimeout(), route=route)
    call = transport.send(PreparedRequest(method, url, **arguments), options)
    request, fetching = transport.client.fetched[-1]
    return call, request, fetching


def test_the_client_does_nothing_unasked(transport):
    """No redirects, no decompression, no rules about bodies; the clock is ours."""
    _, request, _ = send(transport, "PURGE", data=b"body", headers={"X-A": "1"})
    assert (request.method, request.url) == ("PURGE", "http://a.example/b?c")
    assert (request.follow_redirects, request.decompress_response) == (False, False)
    assert request.allow_nonstandard_methods
    assert request.headers["X-A"] == "1" and request.request_timeout > 10 ** 5


def test_a_body_without_a_content_type_stays_without_one(transport):
    """Tornado would call it a form."""
    _, request, _ = send(transport, "POST", data=b"body")
    assert "Content-Type" in request.headers  # As the simple client asks.
    assert "content-type" not in [name.lower() for name, _ in request.headers.get_all()]


def test_a_status_is_no_error(transport, current_loop):
    """Tornado raises HTTPError for it; the response is what its head and body said."""
    call, request, fetching = send(transport)
    exchange = request.exchange
    for line in (b"HTTP/1.1 404 Not Found\r\n", b"\r\n"):
        exchange.line_received(line)
    request.streaming_callback(b"nothing")
    fetching.set_exception(HTTPError(404))
    response = current_loop.run_sync(lambda: call)
    assert (response.status_code, response.content) == (404, b"nothing")
    assert "active=0" in repr(transport)


@pytest.mark.parametrize("error, phase, expected", [
    (socket.error(111, "refused"), "connect", ConnectError),
    (socket.error(104, "reset"), "read", ReadError),
    (HTTPStreamClosedError("Stream closed"), "connect", ConnectError),
    (HTTPStreamClosedError("Stream closed"), "read", ReadError),
    (ssl.SSLError(1, "bad certificate"), "connect", SSLError),
    (UnsatisfiableReadError(), "read", ResponseTooLarge),
    (ValueError("nonsense"), "read", RemoteProtocolError),
    (ValueError("nonsense"), "connect", ConnectError),
], ids=repr)
def test_an_error_of_the_client_has_our_class(transport, current_loop, error, phase, expected):
    """By what it is and how far the exchange came."""
    call, request, fetching = send(transport)
    request.exchange.timeouts.connecting()
    if phase == "read":
        request.exchange.timeouts.connected()
    fetching.set_exception(error)
    with pytest.raises(expected) as caught:
        current_loop.run_sync(lambda: call)
    assert caught.value.phase == phase and caught.value.__cause__ is error


def test_an_unreadable_certificate_is_an_error_of_tls(transport, current_loop, tmpdir):
    """Nothing was sent, and the place is free."""
    path = tmpdir.join("ca.pem")
    path.write("no certificate")
    options = CallOptions(ClientTimeout(), route=Route(verify=str(path)))
    call = transport.send(PreparedRequest("GET", "https://a.example/"), options)
    with pytest.raises(SSLError) as caught:
        current_loop.run_sync(lambda: call)
    assert not caught.value.may_have_been_sent and "active=0" in repr(transport)
    assert transport.client.fetched == []


def test_equal_routes_have_one_context(transport):
    """To make one takes milliseconds; the plain way has Tornado's own."""
    contexts = [send(transport, url="https://a.example/", route=route)[1].ssl_options
                for route in (Route(verify=False), Route(verify=False), None)]
    assert contexts[0] is contexts[1] and contexts[2] is None


def test_a_client_is_made_for_the_first_call_and_closed_with_the_transport(
        transport, current_loop):
    """A session that is never used costs none."""
    assert transport._client is None
    transport.close()
    assert transport._client is None
    other = SimpleClientTransport(current_loop, Limits())
    other._make_client = lambda: transport.client
    other.client = transport.client
    _, request, fetching = send(other)
    closed = other.close()
    fetching.set_exception(HTTPStreamClosedError("stopped"))
    current_loop.run_sync(lambda: closed)
    assert transport.client.closed == 1


class Connection(object):
    """What `_tell_head` needs of a connection."""

    def __init__(self):
        self.lines = []
        self.request = self.exchange = self
        self.line_received = self.lines.append


def test_a_head_that_tornado_has_read_is_told_line_by_line():
    """With a reason of None, as Tornado 6.6 has it, and Latin-1."""
    headers = HTTPHeaders()
    headers.add("A", u"\xe9" if str is not bytes else u"\xe9".encode("utf-8"))
    headers.add("A", "2")
    connection = Connection()
    tell = simple_transport._StoppableConnection.__dict__["_tell_head"]
    tell(connection, ResponseStartLine("HTTP/1.1", 200, None), headers)
    assert connection.lines == [b"HTTP/1.1 200 \r\n", b"A: \xe9\r\n", b"A: 2\r\n", b"\r\n"]


class OfTheProgram(SimpleAsyncHTTPClient):
    """A client that is neither of Tornado's own."""


@pytest.fixture
def configure():
    saved = AsyncHTTPClient._save_configuration()
    yield AsyncHTTPClient.configure
    AsyncHTTPClient._restore_configuration(saved)


@pytest.mark.parametrize("configured, name", [
    (None, "tornado"), (SimpleAsyncHTTPClient, "tornado"), (OfTheProgram, "tornado"),
    ("tornado.curl_httpclient.CurlAsyncHTTPClient", "curl")])
def test_the_program_decides_which_of_tornados_clients_it_is(
        current_loop, configure, configured, name):
    """By ``AsyncHTTPClient.configure``; with a class of its own it is the simple client."""
    if name == "curl":
        pytest.importorskip("pycurl")
    configure(configured)
    assert TornadoTransport(current_loop, Limits()).name == name
