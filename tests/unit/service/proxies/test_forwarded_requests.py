"""The client of a request that came by proxies: whom to believe, and how far."""

from __future__ import absolute_import, division, print_function

import logging
import socket
import time

import pytest

from waterspout.service._proxies.forwarded_requests import MAX_HOPS, ForwardedRequests

PROXIES = ["10.0.0.0/8", "fd00::/8"]


class Context(object):
    def __init__(self, peer, family):
        self.remote_ip, self.address_family = peer, family


class Connection(object):
    def __init__(self, context):
        self.context = context


class Request(object):
    def __init__(self, peer, fields, family=socket.AF_INET):
        self.connection = Connection(Context(peer, family))
        self.remote_ip, self.protocol = peer, "http"
        self.headers = {}  # Tornado's would refuse some of what other servers let through.
        for name, value in fields:
            before = self.headers.get(name)
            self.headers[name] = value if before is None else before + "," + value


def client_of(fields, peer="10.0.0.1", field="X-Forwarded-For", proxies=PROXIES, **kwargs):
    request = Request(peer, fields, **kwargs)
    ForwardedRequests(proxies, field).apply(request)
    return request.remote_ip, request.protocol


def x_forwarded(value, *more, **kwargs):
    return client_of([("X-Forwarded-For", value)] + list(more), **kwargs)[0]


def forwarded(*values):
    return client_of([("Forwarded", value) for value in values], field="Forwarded")


@pytest.mark.parametrize("value, client", [
    ("192.0.2.1", "192.0.2.1"),
    ("192.0.2.1, 10.0.0.9", "192.0.2.1"),
    ("192.0.2.1,10.0.0.9,  10.0.0.8 ", "192.0.2.1"),
    ("6.6.6.6, 192.0.2.1", "192.0.2.1"),
    ("10.6.6.6, 192.0.2.1, 10.0.0.9", "192.0.2.1"),
    ("2001:db8::1", "2001:db8::1"),
    ("2001:DB8:0:0:0:0:0:1, fd00::5", "2001:db8::1"),
    ("::ffff:192.0.2.1", "192.0.2.1"),
    ("192.0.2.1:4711", "192.0.2.1"),
    ("[2001:db8::1]:4711", "2001:db8::1"),
    ("[2001:db8::1]", "2001:db8::1"),
    ("192.0.2.1, , ", "192.0.2.1"),
    ("10.0.0.7, 10.0.0.8", "10.0.0.7"),
])
def test_client_is_the_first_address_from_the_right_that_is_no_proxy(value, client):
    """What stands further left was written by the client, or nobody knows whom."""
    assert x_forwarded(value) == client


def test_several_fields_are_one_list():
    """RFC 9110 section 5.3: in their order."""
    assert x_forwarded("6.6.6.6", ("X-Forwarded-For", "192.0.2.1")) == "192.0.2.1"


@pytest.mark.parametrize("peer", ["192.0.2.200", "11.0.0.1", "::1", "0.0.0.0"])
def test_a_peer_that_is_not_listed_is_not_believed(peer):
    """Any client can send these fields."""
    fields = [("X-Forwarded-For", "192.0.2.1"), ("X-Forwarded-Proto", "https")]
    assert client_of(fields, peer) == (peer, "http")
    fields = [("Forwarded", "for=192.0.2.1;proto=https")]
    assert client_of(fields, peer, "Forwarded") == (peer, "http")


def test_unix_sockets_are_believed_only_if_listed():
    """The peer of a unix socket has no address."""
    for proxies, expected in ((["unix:"], "192.0.2.1"), (["0.0.0.0/0"], "0.0.0.0")):
        assert x_forwarded("192.0.2.1", peer="0.0.0.0", family=socket.AF_UNIX,
                           proxies=proxies) == expected


def test_the_other_field_is_not_read():
    """A proxy that sets one passes on what its client has sent in the other."""
    fields = [("Forwarded", "for=6.6.6.6;proto=https"), ("X-Real-Ip", "6.6.6.6"),
              ("X-Scheme", "https")]
    assert client_of(fields) == ("10.0.0.1", "http")
    fields = [("X-Forwarded-For", "6.6.6.6"), ("X-Forwarded-Proto", "https")]
    assert client_of(fields, field="Forwarded") == ("10.0.0.1", "http")


@pytest.mark.parametrize("value, scheme", [
    ("https", "https"), ("http", "http"), ("HTTPS", "https"), ("http, https", "https"),
    ("https,http", "http"), ("", "http"), ("ftp", "http"), ("https, javascript:", "http"),
])
def test_scheme_is_what_the_nearest_proxy_says(value, scheme):
    """The last value; anything but http and https is ignored."""
    assert client_of([("X-Forwarded-Proto", value)]) == ("10.0.0.1", scheme)


@pytest.mark.parametrize("value, client", [
    ("unknown", "10.0.0.1"),
    ("192.0.2.1, junk", "10.0.0.1"),
    ("192.0.2.1, junk, 10.0.0.9", "10.0.0.9"),
    ("localhost", "10.0.0.1"),
    ("192.0.2.256", "10.0.0.1"),
    ("192.0.2.1%eth0", "10.0.0.1"),
    ("192.0.2.1:99999999", "10.0.0.1"),
    ("192.0.2.1 192.0.2.2", "10.0.0.1"),
    ("'; drop table--", "10.0.0.1"),
    ("\"192.0.2.1\"", "10.0.0.1"),
    ("for=192.0.2.1", "10.0.0.1"),
    ("\xe9", "10.0.0.1"),
    ("", "10.0.0.1"),
    (" , ,", "10.0.0.1"),
])
def test_what_is_no_address_ends_the_list(value, client):
    """The client is the last address before it that a proxy has vouched for."""
    assert x_forwarded(value) == client


def test_as_many_clients_as_there_may_be_are_told_apart():
    """More than are remembered, twice; and what is no address stays none."""
    proxies = ForwardedRequests(PROXIES)
    for _ in range(2):
        for number in range(5000):
            client = "192.0.%d.%d" % divmod(number, 250)
            for sent, expected in ((client, client), (client + "x", "10.0.0.1")):
                request = Request("10.0.0.1", [("X-Forwarded-For", sent)])
                proxies.apply(request)
                assert request.remote_ip == expected
    for found in (proxies._hops._addresses, proxies._hops._proxies):
        assert len(found) <= 4096


def test_malformed_fields_are_logged_at_a_bounded_rate(caplog):
    """With the proxy that sent them, on one line whatever they hold."""
    caplog.set_level(logging.INFO)
    proxies = ForwardedRequests(PROXIES)
    for _ in range(1000):
        proxies.apply(Request("10.0.0.1", [("X-Forwarded-For", "a\x1bb" + "x" * 5000)]))
    assert 1 <= len(caplog.records) <= 20
    assert caplog.records[0].getMessage() == (
        "The proxy 10.0.0.1 sent a field that is ignored: X-Forwarded-For has a?b%s instead of an "
        "address" % ("x" * 197))


def test_valid_fields_are_not_logged(caplog):
    """Nor those of peers that are not listed, whatever they send."""
    caplog.set_level(logging.DEBUG)
    client_of([("X-Forwarded-For", "192.0.2.1"), ("X-Forwarded-Proto", "https")])
    client_of([("X-Forwarded-For", "junk")], peer="192.0.2.1")
    forwarded("for=unknown;proto=https", "for=_hidden")
    assert caplog.records == []


def test_long_chains_of_proxies_cost_little():
    """A field of 60 KB is as long as the server takes; only its end is looked at."""
    value = ", ".join(["192.0.2.1"] + ["10.0.0.2"] * 6000)
    began = time.time()
    for _ in range(100):
        assert x_forwarded(value) == "10.0.0.2"
    assert time.time() - began < 2.0
    value = ", ".join(["192.0.2.1"] + ["10.0.0.2"] * (MAX_HOPS - 1))
    assert x_forwarded(value) == "192.0.2.1"


@pytest.mark.parametrize("value, client", [
    ("for=192.0.2.1", ("192.0.2.1", "http")),
    ("For=192.0.2.1;Proto=HTTPS;by=10.0.0.1", ("192.0.2.1", "https")),
    ('for="192.0.2.1:4711" ; proto=https', ("192.0.2.1", "https")),
    ('for="[2001:db8:cafe::17]:4711"', ("2001:db8:cafe::17", "http")),
    ('for="[2001:db8::1]"', ("2001:db8::1", "http")),
    ("for=192.0.2.1;proto=https, for=10.0.0.9;proto=http", ("192.0.2.1", "https")),
    ("for=6.6.6.6;proto=http, for=192.0.2.1;proto=https", ("192.0.2.1", "https")),
    ("for=unknown;proto=https", ("10.0.0.1", "https")),
    ("for=_hidden;proto=https", ("10.0.0.1", "https")),
    ("for=6.6.6.6, for=_hidden, for=10.0.0.9", ("10.0.0.9", "http")),
    ("proto=https", ("10.0.0.1", "https")),
    ('for=192.0.2.1;ext="a;b, for=6.6.6.6\\""', ("192.0.2.1", "http")),
    ("for=192.0.2.1;;proto=https,,", ("192.0.2.1", "https")),
    ("", ("10.0.0.1", "http")),
])
def test_forwarded_is_read_as_rfc_7239_has_it(value, client):
    """The scheme is that of the element which names the client."""
    assert forwarded(value) == client


@pytest.mark.parametrize("value", [
    'for="_x, for=192.0.2.1;proto=https',  # A quotation that the client has begun.
    'for="x, for="[2001:db8::1]"',
    "for=2001:db8::1",
    'for="2001:db8::1"',
    "for = 192.0.2.1",
    "for=192.0.2.1;for=6.6.6.6",
    "192.0.2.1",
    "for=",
    "for=192.0.2.1 for=6.6.6.6",
    "for=192.0.2.1;proto=\xe9",
    'for="192.0.2.1"x',
    "for=localhost",
    "for=192.0.2.1," + " " * 9000,
])
def test_a_malformed_forwarded_field_is_ignored_as_a_whole(value, caplog):
    """After a malformed part nobody knows which element the proxy has added."""
    assert forwarded(value) == ("10.0.0.1", "http")
    assert "Forwarded" in caplog.text


def test_a_scheme_that_is_none_is_ignored():
    """But not the address beside it."""
    assert forwarded("for=192.0.2.1;proto=gopher") == ("192.0.2.1", "http")


@pytest.mark.parametrize("value", [
    'for="' + "\\" * 8000, " " * 8190, "for=192.0.2.1," + " " * 8000 + "x", ";" * 8190,
    'for="a' + '","' * 2700, "a=b;" * 2000, "for=" + "a" * 8000 + "\xe9",
], ids=["backslashes", "spaces", "spaces and text", "ends", "quotes", "pairs", "token"])
def test_reading_forwarded_takes_linear_time(value):
    """The longest field that is read costs no more than ten of a tenth of its length, or so."""
    times = []
    for text in (value[:len(value) // 10] + value[-1], value):
        times.append(min(_seconds_to_read(text) for _ in range(5)))
    assert times[1] < 0.05 + 30 * times[0]


def _seconds_to_read(value):
    began = time.time()
    forwarded(value)
    return time.time() - began


@pytest.mark.parametrize("networks, field, error", [
    (["10.0.0.0/33"], "X-Forwarded-For", ValueError),
    ("10.0.0.0/8", "X-Forwarded-For", TypeError),
    (["10.0.0.0/8"], "X-Real-Ip", ValueError),
    (["10.0.0.0/8"], None, ValueError),
])
def test_bad_arguments_are_refused_at_once(networks, field, error):
    with pytest.raises(error):
        ForwardedRequests(networks, field)
