"""The requests that a fetch takes, one after the other: the first, and those of redirects."""

from __future__ import absolute_import, division, print_function

import pytest
from tornado.httputil import HTTPHeaders, HTTPOutputError
from tornado_requests import fetched

from waterspout._async_http_client import message
from waterspout._async_http_client.hop import Hop


class Head(object):
    """As much of a ResponseHead as a redirect needs."""

    def __init__(self, status_code, location):
        self.status_code = status_code
        self._location = location

    def pairs(self):
        return [(b"X-Other", b"1"), (b"LOCATION", self._location)]


def first(url="http://a.example/b", **options):
    return Hop.first(fetched(url, **options))


def redirected(hop, status=302, location=b"/other"):
    return hop.redirected(Head(status, location))


@pytest.mark.parametrize("method, status, expected", [
    ("GET", 302, "GET"), ("HEAD", 303, "HEAD"), ("POST", 301, "GET"), ("POST", 302, "GET"),
    ("POST", 303, "GET"), ("PUT", 301, "PUT"), ("PUT", 302, "PUT"), ("PUT", 303, "GET"),
    ("POST", 307, "POST"), ("POST", 308, "POST"),
])
def test_status_and_method_decide_the_next_method(method, status, expected):
    """By the rules of Tornado 6 on every Tornado."""
    body = b"body" if method in ("POST", "PUT") else None
    hop = redirected(first(method=method, body=body), status)
    assert (hop.method, hop.body) == (expected, body if expected == method else None)


def test_a_request_that_becomes_a_get_has_no_field_about_a_body():
    """Content-Length, Content-Type, Content-Encoding and Transfer-Encoding."""
    headers = {"Content-Type": "text/plain", "Content-Length": "4", "Content-Encoding": "x",
               "A": "1"}
    hop = redirected(first(method="POST", body=b"body", headers=headers), 303)
    assert list(hop.headers.get_all()) == [("A", "1")]
    kept = redirected(first(method="POST", body=b"body", headers=headers), 307)
    assert kept.headers["Content-Type"] == "text/plain"


def test_a_redirect_does_not_change_the_headers_of_the_request():
    """They are the caller's, for the next fetch."""
    headers = HTTPHeaders({"Host": "name", "Cookie": "a=1"})
    redirected(first(headers=headers), location=b"http://b.example/")
    assert dict(headers) == {"Host": "name", "Cookie": "a=1"}


CREDENTIALS = {"Authorization": "x", "Cookie": "a=1", "Proxy-Authorization": "y"}


def test_credentials_stay_on_their_origin():
    """The headers, ``auth_username`` and a user in the URL."""
    hop = first(headers=CREDENTIALS, auth_username="me", auth_password="secret")
    same = redirected(hop, location=b"http://a.example:80/other")
    assert same.credentials == b"me:secret" and dict(same.headers) == CREDENTIALS
    for location in (b"http://b.example/", b"https://a.example/", b"http://a.example:81/"):
        other = redirected(hop, location=location)
        assert other.credentials is None and dict(other.headers) == {}


def test_a_user_in_the_location_of_another_origin_is_dropped():
    """The server of the first origin chose it."""
    hop = redirected(first(), location=b"http://you:secret@b.example/")
    assert (hop.url, hop.credentials) == ("http://b.example/", None)


def test_a_host_header_is_for_one_request():
    """Also on the same origin, as in Tornado."""
    assert "Host" not in redirected(first(headers={"Host": "name"})).headers


def test_a_user_in_the_url_counts_more_than_the_option():
    """As in Tornado."""
    hop = first("http://you:word@a.example/", auth_username="me", auth_password="secret")
    assert hop.credentials == b"you:word"


@pytest.mark.parametrize("options, left", [
    ({}, 5), ({"max_redirects": 2}, 2), ({"follow_redirects": False}, 0),
    ({"max_redirects": 0}, 0),
])
def test_redirects_are_counted_down(options, left):
    """From ``max_redirects``; none where they are not to be followed."""
    hop = first(**options)
    assert hop.redirects_left == left and redirected(hop).redirects_left == left - 1


@pytest.mark.parametrize("location, url", [
    (b"c", "http://a.example/c"), (b"?c", "http://a.example/b?c"),
    (b"//b.example/", "http://b.example/"),
    (b"/\xc3\xa9 d", "http://a.example/%C3%A9%20d"), (b"../../c", "http://a.example/c"),
])
def test_a_location_may_be_relative(location, url):
    """Bytes that may not be sent are escaped."""
    assert redirected(first(), location=location).url == url


@pytest.mark.parametrize("location", [b"ftp://a.example/", b"https://", b"http://a.example:x/"])
def test_a_location_that_cannot_be_followed_is_refused(location):
    """ValueError, which `fetch` raises."""
    with pytest.raises(ValueError):
        redirected(first(), location=location)


# What a request may say


def check(method, **options):
    request = fetched(method=method, **options)
    message.check(Hop.first(request), request)


@pytest.mark.parametrize("method, body, allowed", [
    ("GET", None, True), ("GET", b"x", False), ("POST", b"", True), ("POST", None, False),
    ("DELETE", None, True), ("DELETE", b"x", False), ("PATCH", b"x", True),
])
def test_a_body_goes_with_some_methods_only(method, body, allowed):
    """Unless ``allow_nonstandard_methods`` says otherwise, as in Tornado."""
    check(method, body=body, allow_nonstandard_methods=True)
    if allowed:
        check(method, body=body)
    else:
        with pytest.raises(ValueError, match="must (not )?be None for method " + method):
            check(method, body=body)


def test_an_unknown_method_is_refused():
    """KeyError, as in Tornado; where it is allowed, it must be a token."""
    with pytest.raises(KeyError):
        check("PURGE")
    check("PURGE", allow_nonstandard_methods=True)
    for method in ("", "GET /x", "GET\r\n", "a b"):
        with pytest.raises(ValueError):
            check(method, allow_nonstandard_methods=True)


def test_an_auth_mode_that_is_not_basic_is_refused():
    """Tornado's curl client has digest; its simple client has not."""
    with pytest.raises(ValueError, match="unsupported auth_mode digest"):
        check("GET", auth_username="me", auth_mode="digest")


def body_of(**options):
    return message.body_of(first(**options))


def test_what_follows_the_headers():
    """Nothing, an empty body that says so, bytes, or what a producer writes."""
    assert body_of() is None
    assert body_of(method="DELETE", headers={"Content-Length": "0"}) == b""
    assert body_of(method="POST", allow_nonstandard_methods=True) == b""
    assert body_of(method="POST", body=b"body") == b"body"
    produced = body_of(method="POST", body_producer=lambda write: None)
    assert produced.length is None
    stated = body_of(method="POST", body_producer=lambda write: None,
                     headers={"Content-Length": "7"})
    assert stated.length == 7


@pytest.mark.parametrize("options, error_class", [
    ({"headers": {"Content-Length": "7"}}, HTTPOutputError),
    ({"headers": {"Content-Length": "+7"}, "method": "POST",
      "body_producer": lambda write: None}, ValueError),
    ({"headers": {"Transfer-Encoding": "gzip"}, "method": "POST", "body": b"x"}, ValueError),
])
def test_a_length_or_coding_that_cannot_be_is_refused(options, error_class):
    """Before anything is sent."""
    with pytest.raises(error_class):
        body_of(**options)


@pytest.mark.parametrize("options, expected", [
    ({"method": "POST", "body": b"x"}, True), ({"method": "POST", "body": b""}, False),
    ({"method": "GET"}, False), ({"method": "POST", "body_producer": lambda write: None}, True)])
def test_only_a_body_waits_for_100_continue(options, expected):
    """RFC 9110 section 10.1.1."""
    request = fetched(expect_100_continue=True, **options)
    assert message.expects_continue(Hop.first(request), request) is expected
    request = fetched(**options)
    assert message.expects_continue(Hop.first(request), request) is False
