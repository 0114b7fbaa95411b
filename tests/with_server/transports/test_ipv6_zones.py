"""URLs with IPv6 zones, by the zone of the loopback interface, on every transport.

By its number: systems look up the names of interfaces for link-local addresses only.
"""

from __future__ import absolute_import, division, print_function

import os
import socket
import sys

import pytest
from certificates import SELF_SIGNED, SELF_SIGNED_IPV6, server_context
from differences import LIMITS
from raw_server import RawServer, answering, response, tunnelling

import waterspout

OK = response(b"ok")

#: Python 2.7's ssl verifies no certificate for an IP address.
PY2 = sys.version_info[0] == 2


def has_ipv6():
    try:
        sock = socket.socket(socket.AF_INET6)
        sock.bind(("::1", 0))
        sock.close()
    except (socket.error, EnvironmentError):
        return False
    return os.path.exists("/proc/sys/net/ipv6/conf/lo")


pytestmark = pytest.mark.skipif(not has_ipv6(), reason="needs ::1 on an interface named lo")


def serve_ipv6(servers, behave, **options):
    servers.append(RawServer(behave, host="::1", **options))
    return servers[-1]


def zoned(server, path="/", scheme="http"):
    return "%s://[::1%%251]:%d%s" % (scheme, server.port, path)


def hosts(server):
    return [dict(request.headers).get("host") for request in server.received]


def skip_unless_addresses_are_verified(transport):
    if PY2 and (transport, "addresses") in LIMITS:
        pytest.skip(LIMITS[transport, "addresses"])


def test_a_zone_selects_the_interface_and_is_not_sent(servers, client):
    """RFC 6874 section 4: Host has the address alone; redirects stay on the interface."""
    server = serve_ipv6(servers, answering(
        response(status=302, headers=[("Location", "/next")]), OK))
    url = zoned(server)
    answer = client.get(url)
    assert (answer.content, answer.url) == (b"ok", zoned(server, "/next"))
    assert hosts(server) == ["[::1]:%d" % server.port] * 2
    assert client.get(url, headers={"Host": "given"}).content == b"ok"
    assert hosts(server)[-1] == "given"


def test_tls_verifies_the_address_without_its_zone(servers, client):
    """A certificate cannot know the names of our interfaces."""
    skip_unless_addresses_are_verified(client.transport)
    server = serve_ipv6(servers, answering(OK), tls=server_context(SELF_SIGNED_IPV6))
    url = zoned(server, scheme="https")
    assert client.get(url, verify=SELF_SIGNED_IPV6).content == b"ok"
    assert hosts(server) == ["[::1]:%d" % server.port]


def test_tls_refuses_another_address(servers, client):
    """The zone does not switch the check off."""
    server = serve_ipv6(servers, answering(OK), tls=server_context())
    error = client.error_of("GET", zoned(server, scheme="https"), verify=SELF_SIGNED)
    assert isinstance(error, waterspout.SSLError)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_zone_is_not_sent_to_a_proxy(serve, servers, client, scheme):
    """It would look for an interface of its own."""
    if client.transport == "tornado":
        pytest.skip("the tornado transport cannot do proxies")
    if scheme == "https":
        server = serve_ipv6(servers, answering(OK), tls=server_context())
        proxy = serve(tunnelling(("::1", server.port)))
    else:
        proxy = server = serve(answering(OK))
    url = zoned(server, scheme=scheme)
    answer = client.get(url, proxies={scheme: proxy.url()}, verify=False)
    assert answer.content == b"ok"
    address = "[::1]:%d" % server.port
    target = address if scheme == "https" else "http://%s/" % address
    assert proxy.received[0].target == target
    assert "%" not in (hosts(proxy)[0] or "")  # http.client has its own idea of it with CONNECT.
    assert hosts(server)[-1] == address


def test_pooled_httpclient_sends_no_zone(servers, pooled):
    """`PooledHTTPClient`, plain and over TLS."""
    server = serve_ipv6(servers, answering(OK))
    client = pooled()
    assert client.fetch(zoned(server)).body == b"ok"
    secure = serve_ipv6(servers, answering(OK), tls=server_context(SELF_SIGNED_IPV6))
    verify = dict(validate_cert=False) if PY2 else dict(ca_certs=SELF_SIGNED_IPV6)
    assert client.fetch(zoned(secure, scheme="https"), **verify).body == b"ok"
    assert hosts(server) + hosts(secure) == ["[::1]:%d" % each.port for each in (server, secure)]


def test_a_zone_over_a_unix_socket(serve, tmpdir, make_client):
    """Nothing is looked up, and Host has no zone."""
    path = str(tmpdir.join("socket"))
    server = serve(answering(OK), unix_socket=path)
    try:
        client = make_client(unix_socket=path)
        client.get("http://[fe80::1%25Eth0]:8080/")
    except waterspout.exceptions.Unsupported as error:
        pytest.skip(str(error))
    assert hosts(server) == ["[fe80::1]:8080"]
