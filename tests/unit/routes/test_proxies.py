"""Choosing a proxy: what requests' functions do not say, or say otherwise."""

from __future__ import absolute_import, division, print_function

import socket

import pytest

from waterspout._encoding.urls import URL, parse
from waterspout._routes.proxies import merge_proxies, parse_proxy, should_bypass_proxies
from waterspout.exceptions import InvalidProxyURL, Unsupported


@pytest.mark.parametrize("proxy, origin, credentials", [
    ("http://proxy:3128", ("http", "proxy", 3128), None),
    ("http://proxy", ("http", "proxy", 80), None),
    ("proxy:3128", ("http", "proxy", 3128), None),
    ("//proxy:3128", ("http", "proxy", 3128), None),
    (u"HTTP://Proxy:3128/path?query", ("http", "proxy", 3128), None),
    (" http://proxy:3128\n", ("http", "proxy", 3128), None),
    ("http://[::1]:3128", ("http", "[::1]", 3128), None),
    ("me:p%40ss@proxy:3128", ("http", "proxy", 3128), b"me:p@ss"),
    (b"http://me:@proxy", ("http", "proxy", 80), b"me:"),
])
def test_a_proxy_is_a_url_with_or_without_a_scheme(proxy, origin, credentials):
    """With or without a scheme, as requests takes them."""
    url = parse_proxy(proxy)
    assert (url.origin, url.credentials) == (origin, credentials)


@pytest.mark.parametrize("proxy, error", [
    ("https://proxy", Unsupported),
    ("socks5h://proxy", Unsupported),
    ("ftp://proxy", InvalidProxyURL),
    ("http://", InvalidProxyURL),
    ("http:/proxy:3128", InvalidProxyURL),
    ("http:///proxy:3128", InvalidProxyURL),
    ("http://:3128", InvalidProxyURL),
    ("https://", Unsupported),
    ("http://proxy:port", InvalidProxyURL),
    (b"\xff", InvalidProxyURL),
    (7, InvalidProxyURL),
])
def test_a_proxy_that_is_not_http_is_refused(proxy, error):
    """It is never used as an HTTP proxy."""
    with pytest.raises(error):
        parse_proxy(proxy)


@pytest.mark.parametrize("no_proxy, bypassed", [
    ("server.example", True), ("nowhere.example", False), ("", False), ("*", True),
])
def test_no_proxy_counts_without_an_environment(no_proxy, bypassed):
    """In the call's mapping and in the session's, for the proxies beside it."""
    url, proxies = parse("http://server.example/"), {"http": "http://proxy"}
    expected = {} if bypassed else dict(proxies, no_proxy=no_proxy)
    given = dict(proxies, no_proxy=no_proxy)
    assert merge_proxies(url, {}, given, None) == expected
    assert merge_proxies(url, given, None, None) == expected
    assert merge_proxies(url, {"no_proxy": no_proxy}, proxies, None) == expected
    assert merge_proxies(url, given, {"no_proxy": None}, None) == proxies


def test_none_counts_as_an_empty_mapping_of_proxies():
    """None is as good as an empty mapping."""
    assert merge_proxies(parse("http://server.example/"), None, None, None) == {}


def test_a_given_no_proxy_replaces_that_of_the_environment():
    """Also to say that there is none."""
    environ = {"HTTP_PROXY": "http://proxy", "NO_PROXY": "*"}
    url = parse("http://server.example/")
    assert merge_proxies(url, {}, None, environ) == {}
    assert merge_proxies(url, {}, {"no_proxy": ""}, environ)["http"] == "http://proxy"


@pytest.mark.parametrize("name", ["no_proxy", "NO_PROXY"])
@pytest.mark.parametrize("url, bypassed", [
    ("http://192.168.0.7/", True), ("http://192.168.0.7:5000/", True),
    ("http://me:x@192.168.0.7:5000/", True), ("http://192.168.1.7/", False),
    ("http://10.1.1.1:5000/", True), ("http://10.1.1.12/", False),
    ("http://inside.example:5000/a", True), ("http://me:x@inside.example/", True),
    ("http://www.inside.example/", True), ("http://notinside.example/", False),
    ("http://port.example:6000/", True), ("http://www.port.example:6000/", True),
    ("http://port.example:5000/", False), ("http://port.example/", False),
    ("http://dotted.example/", True), ("http://www.dotted.example/", True),
])
def test_no_proxy_matches_networks_addresses_names_and_ports(name, url, bypassed):
    """Networks, addresses, names with what is below them, and ports."""
    environ = {"http_proxy": "http://proxy", name: (
        "192.168.0.0/24,10.1.1.1, inside.example,port.example:6000,.dotted.example")}
    assert ("http" in merge_proxies(parse(url), {}, None, environ)) == (not bypassed)


@pytest.mark.parametrize("address", [
    "1.2.3.4", "1.2.3", "256.1", "1.2.3.4.5", "1..2", "0x", "08", "a", "", "1.2.3.999", "0x100.1",
    "4294967296", "017.1",
])
def test_a_host_in_any_spelling_of_an_address_matches_its_network(address):
    """Bypassed as a network of one if it is an address at all."""
    try:
        number = socket.inet_aton(address)
    except socket.error:
        number = None
    url = URL("http", address, 80, "/")
    assert should_bypass_proxies(url, "0.0.0.0/1,128.0.0.0/1") == (number is not None)
