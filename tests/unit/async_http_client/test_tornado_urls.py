"""URLs as Tornado's client takes them: what is sent, where it goes, and what is refused."""

from __future__ import absolute_import, division, print_function

import pytest

from waterspout._async_http_client.tornado_url import TornadoURL, joined, parse_tornado_url


@pytest.mark.parametrize("url, target", [
    ("http://a.example", b"/"), ("http://a.example?b", b"/?b"), ("http://a.example/b?c#d", b"/b?c"),
    ("http://a.example/b%2fc", b"/b%2fc"), ("http://a.example/a/../b", b"/a/../b"),
    ("http://a.example//b", b"//b"), ("http://a.example/b c", b"/b%20c"),
    (u"http://a.example/\xe9?\xe9", b"/%C3%A9?%C3%A9"), ("http://a.example/?b=%zz", b"/?b=%zz"),
])
def test_path_and_query_are_sent_as_they_are_given(url, target):
    """Only what may not be sent at all is escaped; a fragment is not sent."""
    assert TornadoURL(url).target == target


@pytest.mark.parametrize("url, origin, netloc", [
    ("http://A.example", ("http", "a.example", 80), "A.example"),
    ("https://a.example", ("https", "a.example", 443), "a.example"),
    ("http://a.example:8080", ("http", "a.example", 8080), "a.example:8080"),
    ("http://a.example:/", ("http", "a.example", 80), "a.example"),
    ("http://[::1]:8080/", ("http", "[::1]", 8080), "[::1]:8080"),
    ("HTTP://a.example/", ("http", "a.example", 80), "a.example"),
    (u"http://b\xfccher.example/", ("http", "xn--bcher-kva.example", 80), "xn--bcher-kva.example"),
    (u"http://b\xfccher.example:81/", ("http", "xn--bcher-kva.example", 81),
     "xn--bcher-kva.example:81"),
])
def test_an_origin_is_scheme_host_and_port(url, origin, netloc):
    """In lower case; the Host header spells it as the URL does."""
    parsed = TornadoURL(url)
    assert (parsed.origin, parsed.netloc) == (origin, netloc)


@pytest.mark.parametrize("url, userinfo", [
    ("http://a.example/", None), ("http://me@a.example/", b"me:"),
    ("http://me:pass@a.example/", b"me:pass"), ("http://m%40e:p%3A@a.example/", b"m@e:p:"),
    ("http://@a.example/", b":"),
])
def test_a_user_and_password_are_unescaped(url, userinfo):
    """They are no part of the host."""
    parsed = TornadoURL(url)
    assert (parsed.userinfo, parsed.host) == (userinfo, "a.example")


@pytest.mark.parametrize("url", [
    "", "a.example", "/b", "ftp://a.example/", "http:///b", "http://:80/", "http://a b/",
    "http://a.example:65536/", "http://a.example:port/", "http://[::1", "http://[a b]/",
    "http://good\\@evil.example/", "http://a.example/\r\nX: 1", "http://a.example/\x00",
    "http://a\x7f.example/",
])
def test_a_url_that_names_no_host_is_refused(url):
    """ValueError, as of Tornado's own client; nothing can be injected by a control character."""
    with pytest.raises(ValueError):
        TornadoURL(url)


def test_a_proxy_is_told_the_whole_url():
    """RFC 9112 section 3.2.2, without user and fragment."""
    assert TornadoURL("http://me@a.example:81/b?c#d").absolute == b"http://a.example:81/b?c"


def test_a_url_is_parsed_once():
    """Programs ask the same few URLs again and again."""
    url = "http://a.example/parsed-once"
    assert parse_tornado_url(url) is parse_tornado_url(url)
    with pytest.raises(ValueError):
        parse_tornado_url("ftp://a.example/")


BASE = "http://a/b/c/d;p?q"

#: RFC 3986 section 5.4, without those of other schemes.
RFC_3986 = {
    "g": "http://a/b/c/g", "./g": "http://a/b/c/g", "g/": "http://a/b/c/g/", "/g": "http://a/g",
    "//g": "http://g", "?y": "http://a/b/c/d;p?y", "g?y": "http://a/b/c/g?y",
    "#s": "http://a/b/c/d;p?q#s", "g#s": "http://a/b/c/g#s", ";x": "http://a/b/c/;x",
    "": "http://a/b/c/d;p?q", ".": "http://a/b/c/", "..": "http://a/b/", "../g": "http://a/b/g",
    "../..": "http://a/", "../../g": "http://a/g", "../../../g": "http://a/g",
    "/./g": "http://a/g", "/../g": "http://a/g", "g.": "http://a/b/c/g.", "..g": "http://a/b/c/..g",
    "./../g": "http://a/b/g", "g/./h": "http://a/b/c/g/h", "g/../h": "http://a/b/c/h",
    "g?y/../x": "http://a/b/c/g?y/../x", "http:g": "http://a/b/c/g",
    "https://other/x": "https://other/x",
}


@pytest.mark.parametrize("reference", sorted(RFC_3986))
def test_a_reference_is_resolved_as_rfc_3986_says(reference):
    """Section 5.4, on 2.7 as well."""
    assert joined(BASE, reference) == RFC_3986[reference]
