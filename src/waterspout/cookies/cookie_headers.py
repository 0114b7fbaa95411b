"""The Cookie header of a request and the Set-Cookie headers of a response, for any CookieJar.

A jar is any CookieJar of the standard library, such as `waterspout.cookies.RequestsCookieJar`. Its
policy decides which cookies are stored and sent. A jar or policy with methods of its own is asked
by them.
"""

from __future__ import absolute_import, division, print_function

import re

from waterspout import constants
from waterspout._compat import TYPE_CHECKING
from waterspout.cookies.call_cookies import CallCookies
from waterspout.cookies.contents import is_empty
from waterspout.cookies.jar_request import JarRequest
from waterspout.cookies.retrieval import cookie_text, is_standard, retrieve

if TYPE_CHECKING:
    from http.cookiejar import CookieJar  # noqa: F401
    from typing import List, Optional, Union  # noqa: F401

    from waterspout.cookies.protocols import (  # noqa: F401
        RequestWithCookies,
        ResponseWithCookies,
    )

_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def cookie_header(jar, request):
    # type: (Union[CookieJar, CallCookies], RequestWithCookies) -> Optional[str]
    """The Cookie header that ``jar`` has for this request, or None."""
    if jar.__class__ is CallCookies:
        return jar.header(request)
    if is_empty(jar):
        return None
    if not is_standard(jar):
        asking = JarRequest(request)
        jar.add_cookie_header(asking)
        return asking.header
    policy = jar._policy  # type: ignore[attr-defined]
    with jar._cookies_lock:  # type: ignore[attr-defined]
        cookies, expired = retrieve(jar._cookies, policy, request)  # type: ignore[attr-defined]
        jar._now = policy._now  # type: ignore[attr-defined]
        header = cookie_text(cookies)
    if expired:
        jar.clear_expired_cookies()
    return header


def store_cookies(jar, response):
    # type: (CookieJar, ResponseWithCookies) -> None
    """Store the cookies of ``response`` that the jar's policy allows; others are ignored."""
    fields = [field for field in response.headers.get_list("Set-Cookie")
              if len(field) <= constants.MAX_COOKIE_BYTES and not _CONTROL.search(field)]
    if fields:
        fields = fields[-constants.MAX_COOKIES_PER_DOMAIN:]
        jar.extract_cookies(_JarResponse(fields), JarRequest(response.request))


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
