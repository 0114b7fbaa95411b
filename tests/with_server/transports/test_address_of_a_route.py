"""Calls whose Route has an address, on every transport: with sockets, TLS and Host fields."""

from __future__ import absolute_import, division, print_function

import socket

import pytest
from certificates import AUTHORITY, SERVER, server_context
from raw_server import answering, response

from waterspout._routes.route import Route
from waterspout.exceptions import ConnectError, SSLError, Unsupported
from waterspout.limits import Limits
from waterspout.models.call_options import CallOptions
from waterspout.models.prepared_request import PreparedRequest
from waterspout.timeouts import ClientTimeout
from waterspout.transports import load

OK = response(b"ok")

CAN = ["pooled", "curl"]


@pytest.fixture
def get(transport, io_loop):
    """GET a URL by a Route on this transport; return the Response or raise."""
    with_loop = []

    def send(url, route):
        def call():
            if not with_loop:
                with_loop.append(load(transport)(io_loop, Limits()))
            return with_loop[0].send(
                PreparedRequest("GET", url), CallOptions(ClientTimeout.of(30.0), route=route))
        return io_loop.run_sync(call)

    yield send
    for each in with_loop:
        io_loop.run_sync(each.close)


def at(server, host="127.0.0.1", **options):
    return Route(address=(socket.AF_INET, (host, server.port)), **options)


@pytest.mark.parametrize("transport", CAN, indirect=True)
def test_host_and_url_are_those_of_the_name(serve, get):
    """Two addresses of one name; the URL's port is another one, too."""
    servers = [serve(answering(OK, OK), host=host) for host in ("127.0.0.1", "127.0.0.2")]
    for _ in range(2):
        for server, host in zip(servers, ("127.0.0.1", "127.0.0.2")):
            answer = get("http://name.example:8079/a?b", at(server, host))
            assert (answer.content, answer.url) == (b"ok", "http://name.example:8079/a?b")
    for server in servers:
        assert server.accepted == 1
        assert [dict(each.headers)["host"] for each in server.received] == ["name.example:8079"] * 2


@pytest.mark.parametrize("transport", CAN, indirect=True)
def test_tls_at_an_address_verifies_the_name_of_the_url(serve, get):
    """The certificate names server.example, which is nowhere."""
    server = serve(answering(OK), host="127.0.0.2", tls=server_context(SERVER))
    route = at(server, "127.0.0.2", verify=AUTHORITY)
    assert get("https://server.example/", route).content == b"ok"
    with pytest.raises(SSLError):
        get("https://x.example/", route)


@pytest.mark.parametrize("transport", CAN, indirect=True)
def test_an_address_that_refuses_is_a_connect_error(serve, get):
    """Nothing was sent, so that a call may go to another host."""
    server = serve(answering(OK))
    server.close()
    with pytest.raises(ConnectError) as caught:
        get("http://name.example/", at(server))
    assert not caught.value.may_have_been_sent


@pytest.mark.parametrize("transport", ["tornado", "threads"], indirect=True)
def test_an_address_is_refused_where_it_would_be_ignored(get, transport):
    """At once; the error says which transport can."""
    with pytest.raises(Unsupported, match="the %s transport cannot do the addresses of a balancer; "
                                          "pooled can" % transport):
        get("http://name.example/", Route(address=(socket.AF_INET, ("127.0.0.1", 1))))
