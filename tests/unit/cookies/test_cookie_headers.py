"""What a jar takes from responses and gives to requests."""

from __future__ import absolute_import, division, print_function

import pytest
from stepped_flow import response_to

from waterspout import constants
from waterspout._compat import cookiejar
from waterspout.cookies import RequestsCookieJar, call_cookies, call_jars, contents, cookie_headers
from waterspout.models.prepared_request import PreparedRequest


def request(url="http://www.a.example/deep/path", **arguments):
    return PreparedRequest("GET", url, **arguments)


def learned(*set_cookie, **options):
    """A jar that has learned from one response."""
    jar = options.pop("jar", None)
    jar = RequestsCookieJar() if jar is None else jar
    fields = [("Set-Cookie", each) for each in set_cookie]
    cookie_headers.store_cookies(jar, response_to(request(**options), 200, fields))
    return jar


def sent(jar, url="http://www.a.example/deep/path"):
    return cookie_headers.cookie_header(jar, request(url))


@pytest.mark.parametrize("set_cookie, url, header", [
    ("a=1", "http://www.a.example/", None),  # Its path is /deep.
    ("a=1", "http://www.a.example/deep/other", "a=1"),
    ("a=1; Path=/", "http://www.a.example/", "a=1"),
    ("a=1; Path=/", "http://a.example/", None),
    ("a=1; Path=/", "http://sub.www.a.example/", None),
    ("a=1; Path=/; Domain=a.example", "http://other.a.example/", "a=1"),
    ("a=1; Path=/; Domain=.a.example", "http://a.example/", "a=1"),
    ("a=1; Path=/; Domain=a.example", "http://nota.example/", None),
    ("a=1; Path=/; Secure", "http://www.a.example/", None),
    ("a=1; Path=/; Secure", "https://www.a.example/", "a=1"),
    ("a=1; Path=/; Max-Age=0", "http://www.a.example/", None),
])
def test_a_cookie_goes_where_it_says(set_cookie, url, header):
    """Domain, path, scheme and age (RFC 6265 section 5.4)."""
    assert sent(learned(set_cookie), url) == header


@pytest.mark.parametrize("domain", ["b.example", "example", "sub.www.a.example", ".b.example", "."])
def test_a_domain_that_is_not_the_hosts_own_is_refused(domain):
    """RFC 6265 section 5.3."""
    assert len(learned("a=1; Domain=" + domain)) == 0


def test_a_part_of_an_ip_address_is_no_domain():
    """127.0.0.1 is not below 0.0.1."""
    jar = learned("a=1; Domain=0.0.1", "b=1", url="http://127.0.0.1/")
    assert [cookie.name for cookie in jar] == ["b"]


@pytest.mark.parametrize("field", ["a=\x00", "a=1\x7f", "a=1\x1fb"])
def test_a_control_character_makes_no_cookie(field):
    """It could not be sent."""
    assert len(learned(field)) == 0


def test_a_cookie_that_is_too_large_is_ignored():
    """The others of its response are not."""
    jar = learned("a=" + "x" * constants.MAX_COOKIE_BYTES, "b=1")
    assert [cookie.name for cookie in jar] == ["b"]


def test_more_cookies_than_a_host_may_have_are_not_looked_at():
    """The last ones of a response count."""
    most = constants.MAX_COOKIES_PER_DOMAIN
    jar = learned(*["a%d=1" % number for number in range(most + 10)])
    assert len(jar) <= most and "a%d" % (most + 9) in jar and "a0" not in jar


def test_any_jar_of_the_standard_library_learns():
    """By the rules of its own policy."""
    jar = learned("a=1", jar=cookiejar.CookieJar())
    assert sent(jar) == "a=1"


def test_a_host_header_given_by_hand_is_where_the_request_goes():
    """As in requests: cookies go by the name that the server is called."""
    jar = learned("a=1; Path=/", url="http://www.a.example/")
    assert cookie_headers.cookie_header(
        jar, request("http://10.0.0.1/", headers={"Host": "www.a.example"})) == "a=1"


# Jars put together


def test_an_empty_jar_is_known_without_a_look():
    """Never wrong about a jar that has cookies, whatever its class."""
    jar = RequestsCookieJar()
    assert contents.is_empty(jar) and contents.is_empty(cookiejar.CookieJar())
    jar["a"] = "1"
    assert not contents.is_empty(jar)


def test_cookies_of_a_call_go_over_those_of_the_session():
    """Neither jar is changed."""
    session = RequestsCookieJar()
    session.update({"a": "session", "b": "session"})
    assert call_jars.merge_cookies(session, None) is session
    both = call_jars.merge_cookies(session, {"a": "call"})
    assert dict(both.jar) == {"a": "call", "b": "session"}
    assert dict(session) == {"a": "session", "b": "session"}
    assert dict(call_jars.merge_cookies(None, {"a": "call"}).jar) == {"a": "call"}


def test_a_cookie_without_a_domain_is_bound_to_one_origin():
    """requests sends it wherever a redirect leads."""
    given = RequestsCookieJar()
    given["a"] = "1"
    jar = call_cookies.bound_cookies(given, ("http", "www.a.example", 80))
    assert sent(jar, "http://www.a.example/") == "a=1"
    for url in ("http://b.example/", "https://www.a.example/", "http://www.a.example:81/"):
        assert sent(jar, url) is None
    assert sent(given, "http://b.example/") == "a=1"


def test_a_jar_without_such_cookies_is_bound_as_it_is():
    """There is nothing to copy."""
    jar = learned("a=1")
    assert call_cookies.bound_cookies(jar, ("http", "www.a.example", 80)) is jar
