"""The pooled transport over sockets of the test's own."""

from __future__ import absolute_import, division, print_function

import gc
import shutil

import pytest
from certificates import AUTHORITY, CLIENT
from net_exchanges import Outcome
from net_fakes import OK, Net, reset

import waterspout.transports.pooled.pooled_exchange
from waterspout._routes.proxies import parse_proxy
from waterspout._routes.route import Route
from waterspout.exceptions import (
    ConnectError,
    ConnectionError,
    ContentDecodingError,
    IncompleteBody,
    InvalidHeader,
    ReadTimeout,
    RemoteProtocolError,
    ResponseTooLarge,
    SessionClosed,
)
from waterspout.limits import Limits
from waterspout.models.call_options import CallOptions
from waterspout.models.prepared_request import PreparedRequest
from waterspout.timeouts import ClientTimeout
from waterspout.transports.pooled.transport import PooledTransport


@pytest.fixture
def net(monkeypatch, current_loop):
    with Net() as net:
        monkeypatch.setattr(
            waterspout.transports.pooled.pooled_exchange, "monotonic", net.loop.clock)
        yield net


@pytest.fixture
def transport(net):
    transport = PooledTransport(net.loop, Limits(max_body_bytes=100))
    transport._pool = net.pool
    return transport


@pytest.fixture
def send(transport, net):
    """Send a request; return its outcome and the socket that it went to."""
    def send(method="GET", url="http://a.example/b?c#d", timeout=None, stream=False, route=None,
             holder=None, **arguments):
        outcome = Outcome()
        options = CallOptions(ClientTimeout.of(timeout), stream=stream, route=route)
        request = PreparedRequest(method, url, **arguments)
        outcome.exchange = transport.perform(request, options, outcome, holder)
        return outcome, net.streams[-1]

    return send


def test_a_whole_response_ends_the_call(send):
    """Status, reason, header fields and body."""
    outcome, server = send(headers={"X-A": "1"})
    assert server.sent == b"GET /b?c HTTP/1.1\r\nHost: a.example\r\nX-A: 1\r\n\r\n"
    server.says(b"HTTP/1.1 404 Nothing Here\r\nX-B: 2\r\nContent-Length: 2\r\n\r\n", b"ok")
    response = outcome.response
    assert (response.status_code, response.reason, response.content) == (
        404, "Nothing Here", b"ok")
    assert response.headers["X-B"] == "2" and outcome.told == 1


@pytest.mark.parametrize("method, arguments, framing", [
    ("GET", {}, None), ("POST", {}, b"Content-Length: 0"),
    ("POST", {"data": b"x"}, b"Content-Length: 1"),
    ("POST", {"data": iter([b"x"])}, b"Transfer-Encoding: chunked"),
    ("GET", {"headers": {"Content-Length": "7"}}, None)])
def test_the_wire_alone_frames_a_body(send, method, arguments, framing):
    """By what the body is, whatever header was given."""
    sent = send(method, **arguments)[1].sent
    found = [line for line in sent.split(b"\r\n")
             if line.lower().startswith((b"content-length", b"transfer-encoding"))]
    assert found == ([] if framing is None else [framing])


def test_a_connection_serves_one_call_after_the_other(send, net):
    """The route is part of what makes connections differ."""
    for _ in range(3):
        send()[1].says(OK)
    assert len(net.streams) == 1
    send(route=Route(unix_socket="/s"))
    assert len(net.streams) == 2


def test_each_address_has_connections_of_its_own(send, net):
    """The Host field is that of the URL, whatever the address."""
    for host in ("10.0.0.7", "10.0.0.8", "10.0.0.7"):
        server = send(route=Route(address=(2, (host, 80))))[1]
        if host == "10.0.0.7":
            server = net.streams[0]
        server.says(OK)
        assert server.sent.count(b"\r\nHost: a.example\r\n") == server.sent.count(b"GET ")
    assert len(net.streams) == 2


def test_the_origin_of_a_route_is_made_once(transport):
    """For equal routes too; not for another URL's host, nor another route."""
    url, other = [PreparedRequest("GET", each).parsed_url for each in (
        "http://a.example/b", "http://b.example/b")]
    found = [transport._routed_origin(where, Route(address=(2, (host, 80))))
             for where, host in [(url, "10.0.0.7"), (url, "10.0.0.7"), (url, "10.0.0.8"),
                                 (other, "10.0.0.7")]]
    assert found[0] is found[1]
    assert len(set(origin for origin, host in found)) == 3


def test_origins_of_routes_do_not_grow_without_end(transport):
    """A program may make a route for each call."""
    url = PreparedRequest("GET", "http://a.example/b").parsed_url
    for number in range(600):
        transport._routed_origin(url, Route(address=(2, ("10.0.0.7", number))))
        assert len(transport._routed) <= 256


def test_a_renewed_certificate_file_is_another_origin(transport, tmpdir):
    """Kept or not; without files the scheme alone decides."""
    path = str(tmpdir.join("ca.pem"))
    shutil.copy(AUTHORITY, path)
    url = PreparedRequest("GET", "https://a.example/b").parsed_url
    first = transport._routed_origin(url, Route(verify=path))
    assert transport._routed_origin(url, Route(verify=path)) is first
    shutil.copy(CLIENT, path)
    renewed = transport._routed_origin(url, Route(verify=path))
    assert renewed[0] != first[0] and transport._routed_origin(url, Route(verify=path)) is renewed


@pytest.mark.parametrize("heard", [True, False])
def test_an_error_of_the_second_attempt_says_that_the_first_was_sent(send, net, heard):
    """So that the caller does not take the request for one that never left."""
    server = send()[1]
    server.says(OK)
    net.connector.at_once = False
    if not heard:
        server.send_error = reset()
    outcome = send("DELETE")[0]
    if heard:
        server.says(b"")
    net.connector.pending[0].fail(ConnectError, "refused")
    assert isinstance(outcome.error, ConnectError) and outcome.told == 1
    assert outcome.error.may_have_been_sent is heard
    assert ("sent before" in str(outcome.error)) is heard


def test_a_proxy_that_reads_the_request_gets_the_whole_url(send):
    """The proxy's credentials are sent with it."""
    route = Route(parse_proxy("http://me:secret@proxy.example:3128"))
    sent = send(route=route)[1].sent
    assert sent.startswith(b"GET http://a.example/b?c HTTP/1.1\r\n")
    assert b"\r\nProxy-Authorization: Basic bWU6c2VjcmV0\r\n" in sent


@pytest.mark.parametrize("answer, error_class", [
    (b"nonsense\r\n", RemoteProtocolError),
    (OK[:-1], IncompleteBody),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n", ResponseTooLarge),
    (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n" + b"x" * 101 + b"\r\n",
     ResponseTooLarge),
    (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nok",
     ContentDecodingError),
])
def test_a_response_that_is_wrong_fails_the_call(send, answer, error_class):
    """Not HTTP, cut short, too large, or not in its coding."""
    outcome, server = send()
    server.says(answer)
    if not outcome.told:
        server.says(b"")
    assert type(outcome.error) is error_class and outcome.told == 1
    assert str(outcome.error).startswith("GET http://a.example/b: ")
    assert outcome.error.phase == "read" and outcome.error.may_have_been_sent


def test_silence_fails_the_call(send, net):
    """``timeout.read``; the connection is closed."""
    outcome, server = send(timeout=5)
    net.loop.advance(5.1)
    assert type(outcome.error) is ReadTimeout and server.closed


def test_a_header_that_http_forbids_is_refused(transport, net):
    """Though it was put there after the request was checked; nothing is sent."""
    request = PreparedRequest("GET", "http://a.example/")
    request.headers["X-A"] = "a\r\nb"
    with pytest.raises(InvalidHeader):
        transport.perform(request, CallOptions(ClientTimeout()), Outcome())
    assert net.streams == []


def test_a_streamed_response_ends_the_call_at_its_head(send, current_loop):
    """The body is pulled."""
    outcome, server = send(stream=True)
    server.says(OK[:-2])
    response = outcome.response
    reading = response.read()
    assert not reading.done()
    server.says(b"ok")
    assert current_loop.run_sync(lambda: reading) == b"ok" and not server.closed


def test_a_streamed_response_that_is_dropped_closes_its_connection(send):
    """Its body was not read to the end, and cannot be read any more."""
    outcome, server = send(stream=True)
    server.says(OK[:-2])
    assert not server.closed
    outcome.response = None
    gc.collect()
    assert server.closed


def test_a_connection_that_breaks_within_a_streamed_body_fails_the_read(send):
    """The call itself has succeeded."""
    outcome, server = send(stream=True)
    server.says(OK[:-1])
    response = outcome.response
    server.says(b"")
    assert type(response.read().exception()) is IncompleteBody and outcome.told == 1


def test_a_cancelled_call_closes_its_connection(send):
    """The callback is not called."""
    outcome, server = send()
    outcome.exchange.cancel()
    assert server.closed and outcome.told == 0


def test_calls_of_one_session_end_without_the_others(send, transport):
    """As `SharedTransport` wants it."""
    ours, theirs = object(), object()
    first, second = send(holder=ours)[0], send(holder=theirs)[0]
    transport.end_calls(ours)
    assert isinstance(first.error, ConnectionError) and second.told == 0


def test_a_closed_transport_refuses_calls(send, transport):
    """Those under way fail."""
    outcome, server = send()
    transport.close()
    assert isinstance(outcome.error, ConnectionError) and server.closed
    with pytest.raises(SessionClosed):
        send()


def test_a_trace_has_the_steps_of_the_exchange(send, net):
    """A kept connection took no step to open."""
    outcome, server = send()
    net.loop.advance(2)
    server.says(OK[:-2])
    net.loop.advance(1)
    server.says(b"ok")
    trace = outcome.response.trace
    assert (trace.first_byte, trace.body, trace.total, trace.reused) == (2, 1, 3, False)
    outcome, server = send()
    server.says(OK)
    assert outcome.response.trace.reused and outcome.response.trace.connect is None


def test_calls_to_many_origins_leave_little_behind(send, transport, monkeypatch):
    """What is kept for an origin has a bound, so a crawler's memory does not grow."""
    monkeypatch.setattr(waterspout.transports.pooled.transport, "_ORIGINS", 3)
    sizes = []
    for number in range(8):
        outcome, _ = send(url="http://host%d.example/" % number)
        outcome.exchange.cancel()
        sizes.append(len(transport._origins))
    assert max(sizes) == 3
