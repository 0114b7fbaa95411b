"""The Cookie header of a request and the Set-Cookie headers of a response, for any CookieJar.

A jar is any CookieJar of the standard library, such as `waterspout.cookies.RequestsCookieJar`. Its
policy decides which cookies are stored and sent.
"""

from __future__ import absolute_import, division, print_function

import re

from waterspout import constants
from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from http.cookiejar import CookieJar  # noqa: F401
    from typing import List, Optional  # noqa: F401

    from waterspout.cookies.protocols import (  # noqa: F401
        RequestWithCookies,
        ResponseWithCookies,
    )

_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def cookie_header(jar, request):
    # type: (CookieJar, RequestWithCookies) -> Optional[str]
    """The Cookie header that ``jar`` has for this request, or None."""
    asking = _JarRequest(request)
    jar.add_cookie_header(asking)
    return asking.header


def store_cookies(jar, response):
    # type: (CookieJar, ResponseWithCookies) -> None
    """Store the cookies of ``response`` that the jar's policy allows; others are ignored."""
    fields = [field for field in response.headers.get_list("Set-Cookie")
              if len(field) <= constants.MAX_COOKIE_BYTES and not _CONTROL.search(field)]
    if fields:
        fields = fields[-constants.MAX_COOKIES_PER_DOMAIN:]
        jar.extract_cookies(_JarResponse(fields), _JarRequest(response.request))


class _JarRequest(object):
    """A request with the methods that the standard library's jar calls, on 2.7 and 3.

    As in requests, a given Host header replaces the URL's host.
    """

    def __init__(self, request):
        # type: (RequestWithCookies) -> None
        url = request.parsed_url
        self.header = None  # type: Optional[str]
        self.type = url.scheme
        self.origin = url.origin
        self.unverifiable = True
        self.origin_req_host = request.headers.get("Host") or url.authority
        self.host = "host:%d" % url.port  # Only the port is used, after the first colon.
        self._url = "%s://%s%s" % (url.scheme, self.origin_req_host, url.target)

    def get_full_url(self):
        return self._url

    def get_type(self):  # py2: these are methods
        return self.type

    def get_host(self):
        return self.host

    def get_origin_req_host(self):
        return self.origin_req_host

    def is_unverifiable(self):
        return self.unverifiable

    def get_header(self, name, default=None):
        return default

    def has_header(self, name):
        return False  # A request with a Cookie header is never asked.

    def add_unredirected_header(self, name, value):
        if name == "Cookie":  # Not Cookie2.
            self.header = value


class _JarResponse(object):
    """A response with the methods that the standard library's jar calls."""

    def __init__(self, set_cookie):
        # type: (List[str]) -> None
        self._set_cookie = set_cookie

    def info(self):
        return self

    def get_all(self, name, default=None):
        return self._set_cookie if name == "Set-Cookie" else default

    def getheaders(self, name):  # py2: the method of a message
        return self.get_all(name, [])
