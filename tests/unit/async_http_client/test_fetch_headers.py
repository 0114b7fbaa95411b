"""Header fields of a fetch: made of its options, encoded once, shown as they were sent."""

from __future__ import absolute_import, division, print_function

import pickle

import pytest
from tornado.httputil import HTTPHeaders, HTTPInputError
from tornado_requests import fetched

from waterspout._async_http_client.fetch_headers import FetchHeaders, offered
from waterspout._async_http_client.hop import Hop
from waterspout._async_http_client.sent_headers import show_sent
from waterspout._compat import TORNADO_USER_AGENT, to_bytes
from waterspout._net.origin import Origin, Proxy
from waterspout._wire.field_lines import parse_pairs

AGENT = (b"User-Agent", to_bytes(TORNADO_USER_AGENT))


def lines_of(expects_continue=False, proxy=None, headers=None, kept=None, **options):
    """The encoded field lines of a fetch with these options."""
    options.setdefault("decompress_response", False)
    request = fetched(headers=HTTPHeaders(headers or {}), **options)
    hop = Hop.first(request)
    origin = Origin(*hop.location.origin, proxy=proxy)
    return (kept or FetchHeaders()).encoded(hop, request, origin, expects_continue)


def fields(**options):
    return parse_pairs(lines_of(**options).raw)


def test_a_plain_fetch_says_host_and_agent():
    """As Tornado's client does."""
    assert fields() == [(b"Host", b"a.example"), AGENT]


@pytest.mark.parametrize("options, field", [
    ({"url": "http://a.example:81/"}, (b"Host", b"a.example:81")),
    ({"user_agent": "mine"}, (b"User-Agent", b"mine")),
    ({"decompress_response": True}, (b"Accept-Encoding", b"gzip")),
    ({"auth_username": "me", "auth_password": "secret"},
     (b"Authorization", b"Basic bWU6c2VjcmV0")),
    ({"url": "http://me:secret@a.example/"}, (b"Authorization", b"Basic bWU6c2VjcmV0")),
    ({"method": "POST"}, (b"Content-Type", b"application/x-www-form-urlencoded")),
    ({"expects_continue": True}, (b"Expect", b"100-continue")),
])
def test_an_option_makes_a_field(options, field):
    """Of the name that it is for."""
    assert field in fields(**options)


def test_given_fields_count_where_an_option_makes_none():
    """In the order and with the spelling of the caller."""
    given = {"Host": "name", "User-Agent": "given", "Content-Type": "text/plain"}
    assert sorted(fields(method="POST", headers=given)) == [
        (b"Content-Type", b"text/plain"), (b"Host", b"name"), (b"User-Agent", b"given")]


def test_an_option_counts_more_than_a_given_field():
    """Whatever its case: one of both is sent."""
    found = fields(user_agent="mine", auth_username="me", headers={
        "USER-AGENT": "given", "Authorization": "given", "X-A": "1"})
    names = [name.lower() for name, _ in found]
    assert len(names) == len(set(names)) and (b"User-Agent", b"mine") in found


def test_framing_is_the_wires_alone():
    """Content-Length and Transfer-Encoding follow from the body."""
    assert fields(headers={"Content-Length": "7", "Transfer-Encoding": "chunked"}) == fields()


@pytest.mark.parametrize("url, names", [
    ("http://a.example/", [b"Proxy-Authorization"]), ("https://a.example/", [])])
def test_a_proxy_that_reads_the_request_is_told_who_asks(url, names):
    """In a tunnel it was told before; a header given by hand never goes to the origin."""
    proxy = Proxy("proxy.example", 3128, b"Basic eA==")
    found = fields(url=url, proxy=proxy, headers={"Proxy-Authorization": "given"})
    assert [name for name, _ in found if name == b"Proxy-Authorization"] == names
    assert b"given" not in dict(found).values()


def test_fields_are_sent_in_one_order():
    """Those of options, then the given ones; HTTPHeaders has no order on Python 2.7."""
    given = HTTPHeaders()
    for value in ("1", "3"):
        given.add("X-B", value)
    assert [name for name, _ in fields(
        headers=given, method="POST", auth_username="me", decompress_response=True,
        expects_continue=True)] == [
            b"Host", b"User-Agent", b"Accept-Encoding", b"Authorization", b"Content-Type",
            b"Expect", b"X-B", b"X-B"]


def test_a_given_agent_is_sent_where_the_default_one_is():
    """After Host, before the fields that follow from the other options."""
    options = dict(decompress_response=True, auth_username="me")
    assert [name for name, _ in fields(user_agent="mine", **options)] == [
        name for name, _ in fields(**options)]


def test_an_invalid_agent_is_refused_each_time():
    """Whatever was sent before."""
    kept = FetchHeaders()
    lines_of(kept=kept)
    for _ in range(2):
        with pytest.raises(ValueError):
            lines_of(kept=kept, user_agent="a\r\nB: 2")


@pytest.mark.parametrize("first, second, expected", [
    ({}, {"headers": {"X-A": "2"}}, [(b"Host", b"a.example"), AGENT, (b"X-A", b"2")]),
    ({}, {"url": "http://b.example/"}, [(b"Host", b"b.example"), AGENT]),
    ({}, {"headers": {"Host": "b"}}, [(b"Host", b"b"), AGENT]),
    ({}, {"user_agent": "x"}, [(b"Host", b"a.example"), (b"User-Agent", b"x")]),
    ({"user_agent": "y"}, {"user_agent": "x"}, [(b"Host", b"a.example"), (b"User-Agent", b"x")]),
    ({"user_agent": "x"}, {}, [(b"Host", b"a.example"), AGENT]),
    ({}, {"user_agent": "x", "headers": {"Host": "b"}}, [(b"Host", b"b"), (b"User-Agent", b"x")]),
    ({"auth_username": "me"}, {}, [(b"Host", b"a.example"), AGENT]),
    ({"expects_continue": True, "method": "POST"}, {}, [(b"Host", b"a.example"), AGENT]),
    ({"headers": {"User-Agent": "x"}}, {}, [(b"Host", b"a.example"), AGENT]),
], ids=str)
def test_a_fetch_sends_nothing_of_the_one_before(first, second, expected):
    """What is kept encoded is found by all that it was made of."""
    kept = FetchHeaders()
    fields(kept=kept, **first)
    assert fields(kept=kept, **second) == expected


def test_no_value_that_a_program_gives_is_kept():
    """Such as a token or a cookie."""
    kept = FetchHeaders()
    lines_of(kept=kept, auth_username="me", auth_password="secret", user_agent="secret",
             proxy=Proxy("proxy.example", 3128, b"Basic secret"),
             headers={"Cookie": "sid=secret", "X-Token": "secret"})
    assert b"secret" not in pickle.dumps(vars(kept))


@pytest.mark.parametrize("options", [
    {"user_agent": "x" * 30000}, {"headers": {"X" * 30000: "1"}},
    {"url": "http://%s.example/" % ("x" * 30000)}], ids=["agent", "name", "host"])
def test_long_texts_are_sent_but_not_kept(options):
    """They would fill the memory, since the stores are bounded by their number of entries."""
    kept = FetchHeaders()
    sent = fields(kept=kept, **options)
    assert b"x" * 30000 in repr(sent).lower().encode("ascii")
    assert fields(kept=kept, **options) == sent
    assert len(pickle.dumps(vars(kept))) < 1000


def test_what_is_kept_has_a_bound():
    """For a program that makes up names, or sends to any number of hosts."""
    kept = FetchHeaders()
    for number in range(2000):
        lines_of(kept=kept, url="http://h%d.example/" % number, headers={"X-%d" % number: "1"})
    assert all(len(each) < 1000 for each in vars(kept).values())


@pytest.mark.parametrize("headers", [{"X-A": "1\x00"}, {"X-A": "1\r\nB: 2"}], ids=repr)
def test_an_invalid_value_is_refused_each_time(headers):
    """Also where its name was sent before. Tornado 6.5 refuses it before that."""
    kept = FetchHeaders()
    lines_of(kept=kept, headers={"X-A": "1"})
    with pytest.raises((ValueError, HTTPInputError)):
        lines_of(kept=kept, headers=headers)


@pytest.mark.parametrize("value, codings", [
    (None, (b"gzip",)), ("gzip", (b"gzip",)), ("identity", (b"gzip",)),
    ("deflate", (b"gzip", b"deflate")), ("br, Deflate;q=0.5", (b"gzip", b"deflate")),
    ("deflate;q=0", (b"gzip",)), ("deflate; q=0.000", (b"gzip",)), ("xdeflate", (b"gzip",)),
])
def test_deflate_is_offered_where_the_request_names_it(value, codings):
    """RFC 9110 section 12.5.3; a weight of 0 means not acceptable."""
    given = [] if value is None else [("X-A", "1"), ("accept-encoding", value)]
    assert offered(given) == codings


# What was sent


class Exchange(object):
    """As much of a FetchExchange as `show_sent` looks at."""

    def __init__(self, body, **options):
        request = fetched(headers=HTTPHeaders(options.pop("headers", {})))
        self.hop = Hop.first(request)
        self.origin = Origin(*self.hop.location.origin, proxy=options.pop("proxy", None))
        self.fields = FetchHeaders().encoded(self.hop, request, self.origin, False)
        self.body = body


class Produced(object):
    def __init__(self, length):
        self.length = length


@pytest.mark.parametrize("body, name, value", [
    (b"body", "Content-Length", "4"), (b"", "Content-Length", "0"),
    (Produced(7), "Content-Length", "7"),
    (Produced(None), "Transfer-Encoding", "chunked"),
])
def test_a_request_shows_what_was_sent_after_it(body, name, value):
    """As after a fetch by Tornado's client, how long the body is included."""
    request = fetched()
    show_sent(request, Exchange(body))
    assert request.headers["Host"] == "a.example" and request.headers[name] == value
    assert request.request.headers is request.headers


def test_a_request_without_a_body_shows_no_length():
    request = fetched()
    show_sent(request, Exchange(None))
    assert "Content-Length" not in request.headers


def test_a_request_shows_the_proxy_authorization_that_was_given():
    """A program that sends it again, without a proxy, must not send the proxy's to the server."""
    request, proxy = fetched(), Proxy("proxy.example", 3128, b"Basic eA==")
    show_sent(request, Exchange(None, proxy=proxy))
    assert "Proxy-Authorization" not in request.headers
    show_sent(request, Exchange(None, proxy=proxy, headers={"Proxy-Authorization": "given"}))
    assert request.headers["Proxy-Authorization"] == "given"
