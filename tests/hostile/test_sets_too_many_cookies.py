"""A server that fills the jar, or puts into it what cannot be sent."""

from __future__ import absolute_import, division, print_function

import warnings

from cookie_play import answer, jar_from, sent
from hypothesis import given
from hypothesis import strategies as st

from waterspout import constants
from waterspout._compat import cookiejar
from waterspout.cookies.cookie_headers import store_cookies
from waterspout.cookies.jar import RequestsCookieJar

URL = "http://host.example/"


def test_a_giant_cookie_is_ignored():
    """Up to the limit it is kept, attributes counted, as RFC 6265 section 6.1 measures it."""
    fits = "a=" + "x" * (constants.MAX_COOKIE_BYTES - 2)
    assert len(jar_from(URL, fits)) == 1
    assert len(jar_from(URL, fits + "x")) == 0
    assert len(jar_from(URL, "a=1; Comment=" + "x" * constants.MAX_COOKIE_BYTES)) == 0


def test_a_domain_over_its_limit_loses_its_oldest_cookies():
    """However many responses it takes; what was set again is young again."""
    jar = jar_from(URL, "kept=1")
    store_cookies(jar, answer("http://other.example/", "other=1"))
    most = constants.MAX_COOKIES_PER_DOMAIN
    for number in range(most - 1):
        store_cookies(jar, answer(URL, "c%d=1" % number))
    assert len(jar) == most + 1
    store_cookies(jar, answer(URL, "kept=2"))
    store_cookies(jar, answer(URL, "one_more=1"))
    assert len(jar) == most + 1
    assert jar["kept"] == "2" and jar["one_more"] == "1" and jar["other"] == "1"
    assert "c0" not in jar and "c1" in jar


def test_one_response_sets_at_most_the_cookies_of_a_domain():
    """Each costs time: the last ones count, as they would if each came alone."""
    jar = jar_from(URL, *["c%d=1" % number for number in range(4000)])
    assert len(jar) == constants.MAX_COOKIES_PER_DOMAIN
    assert "c3999" in jar and "c0" not in jar


def test_cookies_of_all_domains_together_are_limited():
    """A server has as many names as it likes."""
    jar = RequestsCookieJar()
    for number in range(constants.MAX_COOKIES // 100 + 1):
        url = "http://n%d.evil.example/" % number
        store_cookies(jar, answer(url, *["c%d=1" % count for count in range(100)]))
    assert len(jar) == constants.MAX_COOKIES
    assert "n0.evil.example" not in jar.list_domains()


def test_a_jar_of_another_class_gets_no_giant_cookies():
    """The limits of one response are ours, whatever the jar; what it keeps is its business."""
    jar = cookiejar.CookieJar()
    many = ["c%d=1" % number for number in range(4000)]
    store_cookies(jar, answer(URL, "a=" + "x" * 5000, *many))
    assert len(jar) == constants.MAX_COOKIES_PER_DOMAIN


def test_a_cookie_with_a_control_character_is_not_sent():
    """A client that lets them through in a response must not send them in the next request."""
    for character in "\r\n\x00\x01\x1f\x7f":
        assert len(jar_from(URL, "a=1%sX: y" % character, "a%s=1" % character)) == 0
    assert sent(jar_from(URL, "a=1\t2"), URL) == {"a=1\t2"}


fields = st.one_of(
    st.text(alphabet=st.characters(max_codepoint=0xFF), max_size=40),
    st.lists(
        st.sampled_from([
            "a", "=", ";", " ", ",", '"', "\\", "\t", "\xe9", "$", "domain", "Path", "Max-Age",
            "expires", "Version", "Port", "secure", "0", "1", "-1", "9" * 400, "1e9", "Thu, ",
            "01 Jan 1970 00:00:00 GMT", "host.example", ".example", "/", "a=b", "; ", "comment",
        ]),
        max_size=14,
    ).map("".join),
)


@given(st.lists(fields, max_size=3))
def test_any_set_cookie_is_taken_or_ignored(lines):
    """Whatever a Set-Cookie says, it is taken or ignored, and what comes of it can be sent."""
    native = [line if isinstance(line, str) else line.encode("latin-1") for line in lines]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # The standard library's, where it meets a bug of its own.
        jar = jar_from(URL, *native)
    for pair in sent(jar, URL):
        assert ";" not in pair and "\r" not in pair and "\n" not in pair
