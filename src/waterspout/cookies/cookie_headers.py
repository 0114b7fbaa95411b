"""What a jar takes from responses and gives to requests.

A jar is any CookieJar of the standard library, `waterspout.cookies.RequestsCookieJar` among
them; how it decides is its policy's business.
"""

from __future__ import absolute_import, division, print_function

import copy
import re

from waterspout import constants
from waterspout._compat import TYPE_CHECKING
from waterspout.cookies.jar import RequestsCookieJar, as_jar

if TYPE_CHECKING:
    from http.cookiejar import CookieJar  # noqa: F401
    from typing import Any, List, Optional, Tuple  # noqa: F401

    from waterspout.cookies.protocols import (  # noqa: F401
        RequestWithCookies,
        ResponseWithCookies,
    )

_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def is_empty(jar):
    # type: (CookieJar) -> bool
    """Whether there was never a cookie in it. May say no, never a wrong yes; costs nothing.

    ``_cookies`` is the standard library's own name, the same from 2.7 on; its ``len`` counts.
    """
    return not getattr(jar, "_cookies", True)


def merged(jar, cookies):
    # type: (Optional[CookieJar], Any) -> Optional[CookieJar]
    """What one call has: the session's ``jar``, and over it the call's ``cookies``.

    Neither is changed. Raises: TypeError, InvalidHeader.
    """
    if not cookies:
        return jar
    both = RequestsCookieJar()
    if jar is not None:
        both.update(jar)
    both.update(as_jar(cookies))
    return both


def bound(jar, origin):
    # type: (CookieJar, Tuple[str, str, int]) -> CookieJar
    """``jar``, or a copy in which cookies without a domain are sent to ``origin`` alone.

    requests sends them to whatever host a redirect leads to.
    """
    if all(cookie.domain or hasattr(cookie, "bound_to") for cookie in jar):
        return jar
    twin = RequestsCookieJar()
    twin.update(jar)
    for cookie in twin:
        if not cookie.domain and not hasattr(cookie, "bound_to"):
            cookie.bound_to = origin
    return twin


def cookie_header(jar, request):
    # type: (CookieJar, RequestWithCookies) -> Optional[str]
    """The Cookie that ``jar`` has for this request, or None."""
    asking = _JarRequest(request)
    jar.add_cookie_header(asking)
    return asking.header


def learn(jar, response):
    # type: (CookieJar, ResponseWithCookies) -> None
    """Put into ``jar`` what ``response`` sets and the jar's policy allows; the rest is ignored."""
    fields = [field for field in response.headers.get_list("Set-Cookie")
              if len(field) <= constants.MAX_COOKIE_BYTES and not _CONTROL.search(field)]
    if fields:
        fields = fields[-constants.MAX_COOKIES_PER_DOMAIN:]
        jar.extract_cookies(_JarResponse(fields), _JarRequest(response.request))


def after_redirect(request, response, session_jar):
    # type: (RequestWithCookies, ResponseWithCookies, Optional[CookieJar]) -> CookieJar
    """The jar for the request that follows ``response`` to ``request``.

    It is the session's, which has learned of the response already; or, of a call that had
    cookies of its own or whose session keeps none, one that lives as long as the call.
    """
    jar = session_jar if request.cookies is None else request.cookies
    if jar is None or jar is not session_jar:
        own = RequestsCookieJar()
        if jar is not None:
            own.update(jar)
        learn(own, response)
        if session_jar is not None:
            own.update(_without_nobodys(session_jar))
        return own
    return _without_nobodys(jar)


def _without_nobodys(jar):
    # A cookie without a domain may not go where a redirect leads; `bound` has what may.
    if all(cookie.domain for cookie in jar):
        return jar
    twin = RequestsCookieJar()
    for cookie in jar:
        if cookie.domain:
            twin.set_cookie(copy.copy(cookie))
    return twin


class _JarRequest(object):
    """A request as the standard library's jar looks at it, on 2.7 and on 3.

    As in requests, a Host header given by hand is where the request goes.
    """

    def __init__(self, request):
        # type: (RequestWithCookies) -> None
        url = request.parsed_url
        self.header = None  # type: Optional[str]
        self.type = url.scheme
        self.origin = url.origin
        self.unverifiable = True
        self.origin_req_host = request.headers.get("Host") or url.authority
        self.host = "host:%d" % url.port  # Only its port is looked at, behind the first colon.
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
        return False  # Who has a Cookie header already does not ask.

    def add_unredirected_header(self, name, value):
        if name == "Cookie":  # And not Cookie2.
            self.header = value


class _JarResponse(object):
    """A response as the standard library's jar looks at it: fields by name, each by itself."""

    def __init__(self, set_cookie):
        # type: (List[str]) -> None
        self._set_cookie = set_cookie

    def info(self):
        return self

    def get_all(self, name, default=None):
        return self._set_cookie if name == "Set-Cookie" else default

    def getheaders(self, name):  # py2: what a message is asked
        return self.get_all(name, [])
