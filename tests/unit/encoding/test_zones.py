from __future__ import absolute_import, division, print_function

import os
import socket

import pytest

from waterspout._async_http_client.tornado_url import TornadoURL
from waterspout._encoding import urls
from waterspout._encoding.zones import lower_but_zone, to_look_up, without_zone
from waterspout._net.resolver import numeric_address
from waterspout.exceptions import InvalidURL

HOSTS = [
    # As in a URL, as it is sent, as it is looked up.
    ("[fe80::1%25eth0]", "[fe80::1]", "fe80::1%eth0"),
    ("[fe80::1%25Eth0]", "[fe80::1]", "fe80::1%Eth0"),
    ("[fe80::1%eth0]", "[fe80::1]", "fe80::1%eth0"),
    ("[fe80::1%251]", "[fe80::1]", "fe80::1%1"),
    ("[fe80::1%25]", "[fe80::1]", "fe80::1%25"),
    ("[fe80::1%2525]", "[fe80::1]", "fe80::1%25"),
    ("[fe80::1%25br-a_b.1~]", "[fe80::1]", "fe80::1%br-a_b.1~"),
    ("[::1]", "[::1]", "::1"),
    ("host.example", "host.example", "host.example"),
    ("127.0.0.1", "127.0.0.1", "127.0.0.1"),
]


@pytest.mark.parametrize("host, sent, looked_up", HOSTS)
def test_a_zone_is_looked_up_and_not_sent(host, sent, looked_up):
    """RFC 6874 sections 2 and 4."""
    assert (without_zone(host), to_look_up(host)) == (sent, looked_up)


def test_a_zone_may_be_escaped():
    """RFC 6874 section 2: ``1*( unreserved / pct-encoded )``."""
    url = urls.parse("http://[fe80::1%25a%2Fb]/")
    assert (url.netloc, to_look_up(url.host)) == ("[fe80::1]", "fe80::1%a/b")


@pytest.mark.skipif(not os.path.isdir("/sys/class/net/lo"), reason="needs an interface named lo")
def test_zones_are_case_sensitive():
    """There is one named lo, and none named LO."""
    for parse in (urls.parse, TornadoURL):
        for zone, scope in (("lo", 1), ("LO", None), ("1", 1)):
            host = to_look_up(parse("http://[FE80::1%%25%s]/" % zone).origin[1])
            found = numeric_address(host, 80, socket.AF_UNSPEC)
            assert (None if found is None else found[1][3]) == scope


def test_the_case_of_a_zone_is_kept():
    """Names of interfaces have cases; addresses and names have none."""
    assert lower_but_zone("[FE80::A%25Eth0]") == "[fe80::a%25Eth0]"
    assert lower_but_zone("[FE80::A]") == "[fe80::a]"
    assert lower_but_zone("Host.Example") == "host.example"


def test_a_percent_sign_outside_of_an_ipv6_address_is_left_alone():
    """A resolver of the program's own may know such names."""
    for host in ("%2Ftmp%2Fsocket", "a%25b"):
        assert without_zone(host) == to_look_up(host) == host


@pytest.mark.parametrize("host, sent, looked_up", [each for each in HOSTS if "%" in each[0]])
def test_urls_keep_a_zone_and_do_not_send_it(host, sent, looked_up):
    """What is logged and redirected to has it; Host and a proxy's target have not."""
    url = urls.parse("http://%s:8080/a?b" % host)
    assert (url.host, url.authority, url.netloc) == (host, host + ":8080", sent + ":8080")
    assert str(url) == url.without_fragment == "http://%s:8080/a?b" % host
    assert url.for_messages == "http://%s:8080/a" % host
    assert url.absolute_target == "http://%s:8080/a?b" % sent
    assert str(urls.join(url, u"/c")) == "http://%s:8080/c" % host
    assert urls.parse("http://%s/" % host).netloc == sent
    location = TornadoURL("http://%s:8080/a" % host)
    assert (location.origin, location.netloc) == (("http", host, 8080), sent + ":8080")
    assert location.absolute == ("http://%s:8080/a" % sent).encode("ascii")


def test_origins_differ_by_their_zones():
    """The same address is another machine's on another interface."""
    one, other = [urls.parse("http://[fe80::1%%25%s]/" % zone) for zone in ("eth0", "Eth0")]
    assert one.origin != other.origin


@pytest.mark.parametrize("host", [
    "[fe80::1%]", "[fe80::1%25a b]", "[fe80::1%25a%2]", "[fe80::1%25a]b]", "[fe80::1%25\x00]",
    "[fe80::1%25\xe9]", "[%25eth0]"])
def test_an_invalid_zone_is_refused(host):
    """Nothing can be slipped into a Host header or a look-up by it."""
    with pytest.raises(InvalidURL):
        urls.parse("http://%s/" % host)
    with pytest.raises(ValueError):
        TornadoURL("http://%s/" % host)
