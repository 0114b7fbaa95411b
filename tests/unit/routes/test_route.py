"""Routes are values, and keep their secrets."""

from __future__ import absolute_import, division, print_function

import socket

import pytest
from certificates import AUTHORITY, CLIENT, SERVER

from waterspout._routes.proxies import parse_proxy
from waterspout._routes.route import Route, checked_cert, checked_verify
from waterspout.exceptions import SSLError

DIFFERENT = [
    {}, {"verify": False}, {"verify": AUTHORITY}, {"cert": CLIENT}, {"cert": (CLIENT, SERVER)},
    {"unix_socket": "/a"}, {"unix_socket": "/b"},
    {"address": (socket.AF_INET, ("10.0.0.7", 80))},
    {"address": (socket.AF_INET, ("10.0.0.7", 81))},
    {"address": (socket.AF_INET6, ("::1", 80, 0, 0))},
    {"address": (socket.AF_INET6, ("::1", 80, 0, 1))},
] + [{"proxy": parse_proxy(each)} for each in (
    "a:1", "b:1", "a:2", "http://me:x@a:1", "http://me:y@a:1", "http://you:x@a:1")] + [
    {"proxy": parse_proxy("a:1"), "proxy_authorization": "Bearer x"}]


def test_routes_that_differ_in_one_thing_differ():
    """Each of which keeps connections apart."""
    assert len(set(Route(**each) for each in DIFFERENT)) == len(DIFFERENT)


@pytest.mark.parametrize("options", DIFFERENT, ids=str)
def test_routes_with_equal_options_are_equal(options):
    """Whatever a proxy's URL has behind its host."""
    assert Route(**options) == Route(**options)
    assert not Route(**options) != Route(**options)
    assert Route(parse_proxy("a:1/path")) == Route(parse_proxy("http://a:1#x"))
    assert Route() != "a route"


def test_the_repr_of_a_route_has_no_secrets():
    """The repr of its proxy has none either."""
    route = Route(parse_proxy("http://me:secret@proxy:1")).authorized("Bearer secret2")
    assert repr(route) == (
        "<Route proxy=proxy:1 verify=True cert=None unix_socket=None address=None>")
    assert "secret" not in repr(route.proxy)


@pytest.mark.parametrize("userinfo, expected", [
    ("me:secret@", "Basic bWU6c2VjcmV0"), ("me:@", "Basic bWU6"), ("me@", None), (":x@", None),
    ("", None), ("%6De:s%3Aecret@", "Basic bWU6czplY3JldA=="),
])
def test_credentials_for_a_proxy_come_from_its_url_or_a_given_header(userinfo, expected):
    """By its URL, as in requests; a header given by hand counts more."""
    route = Route(parse_proxy("http://%sproxy" % userinfo))
    assert route.proxy_authorization == expected
    assert route.authorized("Bearer x").proxy_authorization == "Bearer x"


def test_a_route_to_an_address_keeps_all_else():
    """Each host of a name has such a copy."""
    address = socket.AF_INET, ("10.0.0.7", 8079)
    route = Route(verify=AUTHORITY, cert=CLIENT)
    assert route.address is None
    assert route.at(address) == Route(verify=AUTHORITY, cert=CLIENT, address=address) != route
    assert route.at(address).authorized("Bearer x").address == address
    assert "address=('10.0.0.7', 8079)>" in repr(route.at(address))


@pytest.mark.parametrize("options", [
    {"proxy": parse_proxy("proxy:1")}, {"unix_socket": "/s"}], ids=str)
def test_an_address_beside_another_way_is_refused(options):
    """A proxy connects by itself, and a unix socket has no address."""
    address = socket.AF_INET, ("10.0.0.7", 8079)
    with pytest.raises(ValueError, match="10.0.0.7"):
        Route(address=address, **options)
    with pytest.raises(ValueError, match="10.0.0.7"):
        Route(**options).at(address)


def test_a_client_certificate_is_one_file_or_two():
    """One with the key in it, or two."""
    assert checked_cert(None) is None
    assert checked_cert(CLIENT) == checked_cert((CLIENT, None)) == checked_cert([CLIENT, None])
    assert checked_cert([CLIENT, SERVER]) == (CLIENT, SERVER)
    assert Route(cert=CLIENT).cert_and_key == (CLIENT, None)
    assert Route(cert=(CLIENT, SERVER)).cert_and_key == (CLIENT, SERVER)
    with pytest.raises(SSLError):
        checked_cert((CLIENT, "/no/such/key"))


def test_verify_must_be_a_bool_or_a_path():
    """Nothing that is merely false."""
    assert checked_verify(False) is False
    assert checked_verify(True) is True
    assert Route(verify=checked_verify(AUTHORITY)).ca == AUTHORITY
    assert Route(verify=False).ca is None
    for value in (None, 0, 1, [], 0.0):
        with pytest.raises(TypeError):
            checked_verify(value)
    with pytest.raises(SSLError):
        checked_verify("")
