"""Where a fetch goes: equal options make equal origins, so that connections are reused."""

from __future__ import absolute_import, division, print_function

import socket
import ssl

import pytest
from certificates import AUTHORITY, CLIENT
from tornado.httputil import HTTPHeaders
from tornado_requests import fetched

from waterspout._async_http_client.destinations import Destinations
from waterspout._async_http_client.hop import Hop
from waterspout._async_http_client.options import options_of
from waterspout._net.tls_options import DEFAULT_TLS

PROXY = {"proxy_host": "proxy.example", "proxy_port": 3128}


def find(destinations=None, url="https://a.example/", headers=None, **options):
    read = options_of(fetched(url, headers=HTTPHeaders(headers or {}), **options))
    return (destinations or Destinations()).find(Hop.first(read), read)


def test_requests_that_go_the_same_way_share_an_origin():
    """Whatever their path and user."""
    destinations = Destinations()
    assert find(destinations) is find(destinations, url="https://me@A.example:443/other?x")


@pytest.mark.parametrize("options", [
    {"url": "https://b.example/"}, {"url": "http://a.example/"}, {"url": "https://a.example:8443/"},
    {"validate_cert": False}, {"ca_certs": AUTHORITY}, {"client_cert": CLIENT},
    {"client_cert": CLIENT, "client_key": CLIENT}, {"ssl_options": {"cert_reqs": ssl.CERT_NONE}},
    PROXY, dict(PROXY, proxy_port=3129), dict(PROXY, proxy_username="me"),
    {"allow_ipv6": False}, {"network_interface": "127.0.0.1"},
], ids=str)
def test_an_option_that_makes_connections_differ_makes_another_origin(options):
    """The same options make the same origin each time."""
    destinations = Destinations()
    other = find(destinations, **options)
    assert other != find(destinations) and other == find(destinations, **options)


def test_http_has_no_tls():
    """Whatever is said of certificates."""
    assert find(url="http://a.example/", validate_cert=False).tls is None


def test_plain_https_has_the_default_options():
    """The default options hold one SSLContext for all."""
    assert find().tls is DEFAULT_TLS and find(validate_cert=True).tls is DEFAULT_TLS


def test_equal_dictionaries_of_ssl_options_have_one_context():
    """A new one for each call would cost milliseconds, and no connection would be reused."""
    destinations = Destinations()
    first, second = [find(destinations, ssl_options={"cert_reqs": ssl.CERT_NONE}).tls
                     for _ in range(2)]
    assert first.context() is second.context()


def test_an_ssl_context_of_the_program_is_used_itself():
    """As in Tornado."""
    context = ssl.create_default_context()
    assert find(ssl_options=context).tls.context() is context


def test_a_proxy_has_its_host_port_and_credentials():
    """Of its options, or of a header that was given by hand; the options count more."""
    assert str(find(**PROXY).proxy) == "proxy.example:3128"
    given = {"Proxy-Authorization": "Bearer x"}
    assert find(headers=given, **PROXY).proxy.authorization == b"Bearer x"
    options = dict(PROXY, proxy_username="me", proxy_password="secret")
    assert find(headers=given, **options).proxy.authorization == b"Basic bWU6c2VjcmV0"


@pytest.mark.parametrize("options, what", [
    ({"proxy_host": "proxy.example"}, "proxy_host needs proxy_port"),
    (dict(PROXY, proxy_auth_mode="digest"), "unsupported proxy_auth_mode digest"),
    ({"network_interface": "eth0"}, "network_interface"),
])
def test_an_option_that_cannot_be_is_refused(options, what):
    """ValueError."""
    with pytest.raises(ValueError, match=what):
        find(**options)


def test_ipv6_may_be_left_out():
    """``allow_ipv6=False`` is one address family."""
    assert find(allow_ipv6=False).family == socket.AF_INET
    assert find().family == find(allow_ipv6=True).family == socket.AF_UNSPEC


def test_a_resolver_of_the_program_gets_the_host_as_it_is_spelt():
    """It may be the path of a socket, with its case."""
    url = "http://%2FTmp%2Fsocket/"
    assert find(Destinations(as_spelt=True), url).host == "%2FTmp%2Fsocket"
    assert find(Destinations(), url).host == "%2ftmp%2fsocket"
