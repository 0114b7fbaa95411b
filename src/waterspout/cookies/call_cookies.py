"""CallCookies: copies of cookies for one call, and a jar only if a redirect needs it."""

from __future__ import absolute_import, division, print_function

import itertools

from waterspout._compat import TYPE_CHECKING, cookiejar, sorted_as_jars
from waterspout.cookies.contents import cookies_in, cookies_of, copied
from waterspout.cookies.cookie import check_cookie, create_cookie, stored_value
from waterspout.cookies.cookie_policy import CookiePolicy
from waterspout.cookies.jar import is_jar, jar_with
from waterspout.cookies.retrieval import cookie_text, retrieve

if TYPE_CHECKING:
    from http.cookiejar import Cookie, CookieJar  # noqa: F401
    from typing import Any, Dict, Optional, Tuple, Union  # noqa: F401

    from waterspout.cookies.protocols import RequestWithCookies  # noqa: F401

#: The policy of a new `RequestsCookieJar`.
_POLICY = CookiePolicy()

_TEMPLATE = create_cookie("name", "value")


class CallCookies(object):
    """What a new `RequestsCookieJar` with copies of these cookies would have and send.

    Making the jar, its policy and its lock would cost more than all else that a call's cookies
    need.

    Attributes:
        domains (dict): the cookies, as {domain: {path: {name: cookie}}}.
    """

    __slots__ = ("domains", "_ages", "_jar")

    def __init__(self):
        # type: () -> None
        self.domains = {}  # type: Dict[str, Dict[str, Dict[str, Cookie]]]
        self._ages = itertools.count()
        self._jar = None  # type: Optional[CookieJar]

    @classmethod
    def of(cls, cookies):
        # type: (Any) -> CallCookies
        """Copies of a jar's cookies, or new ones. Raises: TypeError, InvalidHeader."""
        made = cls()
        made.update(cookies)
        return made

    @property
    def jar(self):
        # type: () -> CookieJar
        """A `RequestsCookieJar` of these cookies, the same each time."""
        if self._jar is None:
            self._jar = jar_with(self.domains, self._ages)
        return self._jar

    def update(self, cookies):
        # type: (Any) -> None
        """Add copies of a jar's cookies, or new cookies. Raises: TypeError, InvalidHeader."""
        if is_jar(cookies):
            for cookie in cookies_of(cookies):
                twin = copied(cookie)
                check_cookie(twin)
                self._add(twin)
            return
        names = {}
        for name in cookies or ():
            names[name] = _new_cookie(name, cookies[name])
        for cookie in sorted_as_jars(names):
            self._add(cookie)

    def regrouped(self):
        # type: () -> CallCookies
        """These cookies, added again in their order: on 2.7 that changes the order of a dict."""
        twin = CallCookies()
        for cookie in cookies_in(self.domains):
            twin._add(cookie)
        return twin

    def bind(self, origin):
        # type: (Tuple[str, str, int]) -> None
        """Have cookies without a domain sent to ``origin`` only."""
        for cookie in cookies_in(self.domains):
            if not cookie.domain and not hasattr(cookie, "bound_to"):
                cookie.bound_to = origin  # type: ignore[attr-defined]

    def header(self, request):
        # type: (RequestWithCookies) -> Optional[str]
        """The Cookie header for this request, or None. Expired cookies are removed."""
        if not self.domains:
            return None
        cookies, expired = retrieve(self.domains, _POLICY, request)
        if expired:
            self.jar.clear_expired_cookies()
        return cookie_text(cookies)

    def _add(self, cookie):
        # type: (Any) -> None
        # As `RequestsCookieJar.set_cookie` does, but the cookie was checked before.
        cookie.value = stored_value(cookie.value)
        cookie.age = next(self._ages)
        self.domains.setdefault(cookie.domain, {}).setdefault(cookie.path, {})[cookie.name] = cookie


def bound_cookies(cookies, origin):
    # type: (Any, Tuple[str, str, int]) -> Union[CookieJar, CallCookies]
    """The cookies for a request to ``origin``: a mapping's, a jar's, or CallCookies.

    It is ``cookies`` itself if each cookie has a domain. Cookies without one are sent to ``origin``
    only; requests sends them to any host that a redirect names.
    Raises: TypeError, InvalidHeader.
    """
    if isinstance(cookies, CallCookies):
        if not _lacks_domain(cookies_in(cookies.domains)):
            return cookies
        own = cookies.regrouped()
    elif isinstance(cookies, cookiejar.CookieJar) and not _lacks_domain(cookies_of(cookies)):
        return cookies
    else:
        own = CallCookies.of(cookies)
    own.bind(origin)
    return own


def _lacks_domain(cookies):
    for cookie in cookies:
        if not cookie.domain and not hasattr(cookie, "bound_to"):
            return True
    return False


def _new_cookie(name, value):
    # type: (str, Optional[str]) -> Cookie
    """``create_cookie(name, value)``, as a jar stores it."""
    cookie = copied(_TEMPLATE)  # type: Any
    cookie.name = name
    cookie.value = value
    cookie._rest = {"HttpOnly": None}  # Not the template's.
    check_cookie(cookie)
    cookie.value = stored_value(value)
    return cookie
