"""A resolver of the program's own, beside Tornado's own client."""

from __future__ import absolute_import, division, print_function

import os
import shutil
import socket
import tempfile

import pytest
from pooled_client import BlockingClient
from raw_server import answering, response
from tornado import gen
from tornado.httpclient import AsyncHTTPClient
from tornado.netutil import Resolver
from tornado.simple_httpclient import SimpleAsyncHTTPClient

from waterspout import PooledHTTPClient
from waterspout._compat import quote, to_native, unquote_to_bytes

OK = response(b"ok")


class UnixSocketResolver(Resolver):
    """jupyter_server's: the host of the URL is the path of a unix socket, escaped."""

    def initialize(self):
        self.asked = []

    @gen.coroutine
    def resolve(self, host, port, *args, **kwargs):
        self.asked.append(host)
        raise gen.Return([(socket.AF_UNIX, to_native(unquote_to_bytes(host)))])


@pytest.fixture
def folder():
    folder = tempfile.mkdtemp("Ws")  # pytest's own are too long for the name of a socket.
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(params=[SimpleAsyncHTTPClient, PooledHTTPClient])
def resolving(request, io_loop):
    """Make a client of this kind with a resolver of its own."""
    clients = []

    def make(**options):
        clients.append(BlockingClient(io_loop, request.param, **options))
        return clients[-1]

    yield make
    for client in clients:
        client.close()


@pytest.mark.parametrize("name", ["Ws.Sock", "ws.sock", "a b.sock", "%2F.sock"])
def test_the_host_of_a_url_may_be_the_path_of_a_socket(serve, resolving, folder, name):
    """The resolver is asked for the host as the URL spells it, and may answer AF_UNIX."""
    path = os.path.join(folder, name)
    server, resolver = serve(answering(OK), unix_socket=path), UnixSocketResolver()
    host = quote(path, safe="")
    client = resolving(resolver=resolver)
    assert client.fetch("http://%s/a%%2Fb" % host).body == b"ok"
    assert resolver.asked == [host]
    assert server.received[0].target == "/a%2Fb"
    assert dict(server.received[0].headers)["host"] == host


def test_a_resolver_may_be_configured_for_each_call(serve, io_loop, folder):
    """For each call: ``configure(None, resolver=...)``, and the client of the loop."""
    path = os.path.join(folder, "Ws.Sock")
    server = serve(answering(OK), unix_socket=path)
    AsyncHTTPClient.configure(PooledHTTPClient, resolver=UnixSocketResolver())
    client = None
    try:
        client = BlockingClient(io_loop, lambda force_instance: AsyncHTTPClient())
        url = "http://%s/api/status" % quote(path, safe="")
        assert [client.fetch(url, allow_ipv6=False).body for _ in range(3)] == [b"ok"] * 3
        assert server.accepted == 1
    finally:
        AsyncHTTPClient.configure(None)
        if client is not None:
            client.close()


def test_a_given_resolver_gets_hosts_with_their_case(serve, pooled, folder):
    """Paths differ by case: the connection to one is not used for the other."""
    servers = [serve(answering(response(name.encode("ascii"))),
                     unix_socket=os.path.join(folder, name)) for name in ("s", "S")]
    client = pooled(resolver=UnixSocketResolver())
    for name in ("s", "S", "s", "S"):
        host = quote(os.path.join(folder, name), safe="")
        assert client.fetch("http://%s/" % host).body == name.encode("ascii")
    assert [server.accepted for server in servers] == [1, 1]


def test_hosts_in_any_case_share_a_connection(serve, pooled):
    """RFC 9110 section 4.2.3; without a resolver of the program's own, one connection serves."""
    server, client = serve(answering(OK)), pooled()
    for host in ("localhost", "LocalHost"):
        assert client.fetch(server.url().replace("127.0.0.1", host)).body == b"ok"
    assert server.accepted == 1


@pytest.mark.parametrize("key", ["Host.Test", ("Host.Test", 1), ("Host.Test", 1, socket.AF_UNSPEC)],
                         ids=["host", "port", "family"])
def test_a_mapping_may_have_names_as_urls_spell_them(serve, resolving, key):
    """As in `tornado.netutil.OverrideResolver`."""
    server = serve(answering(OK))
    value = "127.0.0.1"
    if isinstance(key, tuple):
        key, value = (key[0], server.port) + key[2:], (value, server.port)
    client = resolving(hostname_mapping={key: value})
    assert client.fetch(server.url().replace("127.0.0.1", "Host.Test")).body == b"ok"


@pytest.mark.parametrize("key, host", [("Host.Test", "hosT.tesT"), ("host.test", "HOST.TEST")])
def test_a_mapping_is_for_names_in_any_case(serve, pooled, key, host):
    """Host names are (RFC 9110 section 4.2.3); one connection serves both spellings."""
    server, client = serve(answering(OK)), pooled(hostname_mapping={key: "127.0.0.1"})
    for each in (key, host):
        assert client.fetch(server.url().replace("127.0.0.1", each)).body == b"ok"
    assert server.accepted == 1


def test_a_resolver_is_asked_for_an_ipv6_address_without_brackets(serve, resolving):
    """Port and allowed family are passed as well."""
    asked = []

    class Recording(Resolver):
        def resolve(self, host, port, family=socket.AF_UNSPEC):
            asked.append((host, port, family))
            raise IOError("not found")

    client = resolving(resolver=Recording())
    with pytest.raises(IOError):
        client.fetch("http://[::1]/", allow_ipv6=True)
    with pytest.raises(IOError):
        client.fetch("http://User.Test:8080/", allow_ipv6=False)
    assert asked == [("::1", 80, socket.AF_UNSPEC), ("User.Test", 8080, socket.AF_INET)]


@pytest.mark.parametrize("answer", [
    [], [(socket.AF_UNIX, "/nonexistent/socket")], [(socket.AF_UNIX, ("127.0.0.1", 80))],
    [(socket.AF_UNIX, "x" * 300)], [(12345, "x")],
], ids=["none", "no such file", "an address", "too long", "an unknown family"])
def test_an_invalid_answer_of_a_resolver_fails_the_fetch(pooled, answer):
    """Nothing is left open."""

    class Odd(Resolver):
        @gen.coroutine
        def resolve(self, host, port, family=socket.AF_UNSPEC):
            raise gen.Return(answer)

    client = pooled(resolver=Odd())
    with pytest.raises(Exception) as caught:
        client.fetch("http://host.test/", request_timeout=5)
    assert "imeout" not in str(caught.value)
    assert client.counts()["active"] == 0
