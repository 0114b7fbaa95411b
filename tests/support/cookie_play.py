"""Requests and responses made by hand, for what a jar does between them."""

from __future__ import absolute_import, division, print_function

import waterspout
from waterspout.cookies.cookie_headers import store_cookies
from waterspout.cookies.jar import RequestsCookieJar


def answer(url, *set_cookie):
    """A response from ``url`` with these Set-Cookie fields."""
    headers = waterspout.Headers()
    for field in set_cookie:
        headers.add("Set-Cookie", field)
    return waterspout.Response(waterspout.PreparedRequest("GET", url), 200, "OK", headers, b"")


def jar_from(url, *set_cookie):
    """A jar that has learned of this response only."""
    jar = RequestsCookieJar()
    store_cookies(jar, answer(url, *set_cookie))
    return jar


def sent(jar, url):
    """The set of ``"name=value"`` that go to ``url``."""
    header = waterspout.PreparedRequest("GET", url, cookies=jar).headers.get("Cookie")
    return set(header.split("; ")) if header is not None else set()
