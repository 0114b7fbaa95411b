"""Exchanges on a borrowed client: so many at a time, the rest in order; time by hand."""

from __future__ import absolute_import, division, print_function

import errno

import pytest

from waterspout._routes.proxies import parse_proxy
from waterspout._routes.route import Route
from waterspout.exceptions import (
    ConnectError,
    ConnectionError,
    DeadlineExceeded,
    LocalProtocolError,
    PoolTimeout,
    SessionClosed,
    Unsupported,
)
from waterspout.limits import Limits
from waterspout.models.call_options import CallOptions
from waterspout.models.prepared_request import PreparedRequest
from waterspout.timeouts import ClientTimeout
from waterspout.transports.borrowed.queueing_transport import QueueingTransport, url_for_client


class FakeClientTransport(QueueingTransport):
    """A transport whose client does what the test says.

    Attributes:
        performed (list of exchanges): those that the client was given, in order.
        raises (Exception or None): what the client raises when it is given one.
    """

    name = "fake"
    not_routed = ("proxy", "unix_socket", "address")

    def __init__(self, *args):
        super(FakeClientTransport, self).__init__(*args)
        self.performed = []
        self.raises = None
        self.released = 0

    def _perform(self, exchange):
        if self.raises is not None:
            raise self.raises
        exchange.timeouts.connecting()
        self.performed.append(exchange)

    def finish(self, number):
        """The exchange of this number has its response."""
        exchange = self.performed[number]
        for line in (b"HTTP/1.1 204 No Content\r\n", b"\r\n"):
            exchange.line_received(line)
        exchange.succeed()
        self._finished(exchange)

    def _release_client(self):
        self.released += 1


@pytest.fixture
def transport(loop):
    return FakeClientTransport(loop, Limits(), 2)


def get(path="/", timeout=None, **options):
    """A request, and how to send it."""
    return (PreparedRequest("GET", "http://a.example" + path),
            CallOptions(ClientTimeout.of(timeout), **options))


def paths(transport):
    return [exchange.request.path_url for exchange in transport.performed]


def test_exchanges_beyond_the_limit_wait_in_order(transport):
    """The next one begins when one before it has ended."""
    for path in ("/1", "/2", "/3", "/4"):
        transport.send(*get(path))
    assert paths(transport) == ["/1", "/2"]
    assert "active=2/2 queued=2" in repr(transport)
    transport.finish(1)
    assert paths(transport) == ["/1", "/2", "/3"]
    transport.finish(0)
    assert paths(transport) == ["/1", "/2", "/3", "/4"]


def test_a_response_resolves_its_future(transport):
    """Of the exchange that it is for."""
    first, second = transport.send(*get("/1")), transport.send(*get("/2"))
    transport.finish(1)
    assert second.result().status_code == 204 and not first.done()


def test_waiting_has_a_limit_of_its_own(transport, loop):
    """``timeout.pool``; nothing was sent, and the place goes to the next one that waits."""
    limit = ClientTimeout(pool=3)
    calls = [transport.send(*get("/%d" % number, timeout=limit)) for number in range(3)]
    waiting = transport.send(*get("/patient", timeout=None))
    loop.advance(2.9)
    assert not calls[2].done()
    loop.advance(0.2)
    error = calls[2].exception()
    assert type(error) is PoolTimeout and not error.may_have_been_sent
    assert "all 2 connections were in use for 3 s (pool phase" in str(error)
    transport.finish(0)
    assert paths(transport)[2:] == ["/patient"] and not waiting.done()


def test_a_deadline_that_passes_in_the_queue_ends_the_call(transport, loop):
    """``timeout.total`` counts from the call on, wherever it is."""
    transport.send(*get("/1"))
    transport.send(*get("/2"))
    call = transport.send(*get("/3", timeout=ClientTimeout(total=5), deadline=loop.now + 5))
    loop.advance(5)
    assert type(call.exception()) is DeadlineExceeded
    assert not call.exception().may_have_been_sent


def test_a_closed_transport_ends_all_and_begins_none(transport, loop):
    """Its client is let go of when it has stopped performing."""
    calls = [transport.send(*get("/%d" % number)) for number in range(3)]
    closed = transport.close()
    assert [type(call.exception()) for call in calls] == [ConnectionError] * 3
    assert paths(transport) == ["/0", "/1"] and not closed.done() and not transport.released
    for exchange in transport.performed:
        transport._finished(exchange)
    assert closed.done() and transport.released == 1
    with pytest.raises(SessionClosed):
        transport.send(*get())


def test_closing_twice_is_closing_once(transport):
    """The same Future, and one release."""
    assert transport.close() is transport.close() and transport.released == 1


def test_calls_of_one_session_end_without_the_others(transport):
    """Those that wait first, or they would take the places of those under way."""
    ours, theirs = object(), object()
    for path, holder in (("/1", ours), ("/2", theirs), ("/3", ours), ("/4", theirs)):
        request, options = get(path)
        transport.perform(request, options, lambda *args: None, holder)
    transport.end_calls(ours)
    for exchange in list(transport.performed):
        if exchange.over:
            transport._finished(exchange)
    assert paths(transport) == ["/1", "/2", "/4"]
    assert not any(each.over for each in transport.performed[1:])


def test_a_client_that_refuses_a_request_keeps_no_place(transport):
    """LocalProtocolError: HTTP forbids what was to be sent; the next exchange has the place."""
    transport.raises = ValueError("libcurl cannot send that")
    error = transport.send(*get()).exception()
    assert type(error) is LocalProtocolError and "ValueError: libcurl cannot" in str(error)
    transport.raises = None
    transport.send(*get("/next"))
    assert paths(transport) == ["/next"] and "active=1/2" in repr(transport)


def test_a_client_without_descriptors_is_a_connect_error(transport):
    """Safe to retry, for nothing was sent."""
    transport.raises = IOError(errno.EMFILE, "too many")
    error = transport.send(*get()).exception()
    assert type(error) is ConnectError and not error.may_have_been_sent


@pytest.mark.parametrize("route, what", [
    (Route(parse_proxy("proxy.example:3128")), "proxies"), (Route(unix_socket="/s"), "unix_socket"),
    (Route(address=(2, ("10.0.0.7", 80))), "the addresses of a balancer"),
])
def test_a_route_that_the_client_cannot_take_is_refused(transport, route, what):
    """At once, and the error names a transport that can."""
    with pytest.raises(Unsupported, match="the fake transport cannot do %s; pooled can" % what):
        transport.send(*get(route=route))
    transport.send(*get(route=Route(verify=False)))


@pytest.mark.parametrize("url, route, told", [
    ("http://a.example/b#c", None, "http://a.example/b"),
    ("http://[fe80::1%25eth0]:8080/b", None, "http://[fe80::1%eth0]:8080/b"),
    ("http://[fe80::1%25eth0]/b", Route(parse_proxy("proxy.example:3128")), "http://[fe80::1]/b"),
])
def test_a_client_is_told_a_url_that_it_understands(url, route, told):
    """Without a fragment; a zone unescaped, and none for a proxy."""
    assert url_for_client(PreparedRequest("GET", url), route) == told
