"""CallCookies: copies of cookies for one call, and a jar only if a redirect needs it."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING, sorted_as_jars
from waterspout.cookies.contents import cookies_in, cookies_of, copied
from waterspout.cookies.cookie import check_cookie, create_cookie, stored_value
from waterspout.cookies.cookie_policy import CookiePolicy
from waterspout.cookies.jar import is_jar, jar_with
from waterspout.cookies.retrieval import cookie_text, retrieve

if TYPE_CHECKING:
    from http.cookiejar import Cookie, CookieJar  # noqa: F401
    from typing import Any, Dict, List, Mapping, Optional, Tuple, Union  # noqa: F401

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

    __slots__ = ("domains", "_age", "_jar")

    def __init__(self):
        # type: () -> None
        self.domains = {}  # type: Dict[str, Dict[str, Dict[str, Cookie]]]
        self._age = 0  # The next cookie's.
        self._jar = None  # type: Optional[CookieJar]

    @property
    def jar(self):
        # type: () -> CookieJar
        """A `RequestsCookieJar` of these cookies, the same each time."""
        if self._jar is None:
            self._jar = jar_with(self.domains, self._age)
        return self._jar

    def add(self, cookies):
        # type: (List[Any]) -> List[Any]
        """Add and return these, checked before, as `RequestsCookieJar.set_cookie` does."""
        domains = self.domains
        for cookie in cookies:
            value = cookie.value
            if value and value[0] == '"':
                cookie.value = stored_value(value)
            cookie.age = self._age
            self._age += 1
            domain, path = cookie.domain, cookie.path
            if domain not in domains:
                domains[domain] = {}
            if path not in domains[domain]:
                domains[domain][path] = {}
            domains[domain][path][cookie.name] = cookie
        return cookies

    def add_copies(self, cookies):
        # type: (List[Any]) -> List[Any]
        """Add copies of cookies, and return these. Raises: InvalidHeader."""
        copies = [copied(cookie) for cookie in cookies]
        for cookie in copies:
            check_cookie(cookie)
        return self.add(copies)

    def add_new(self, cookies):
        # type: (Mapping[str, Optional[str]]) -> List[Any]
        """Add cookies with these names and values, and return them. Raises: InvalidHeader."""
        names = {}
        for name in cookies:
            names[name] = _new_cookie(name, cookies[name])
        return self.add(list(sorted_as_jars(names)))

    def header(self, request):
        # type: (RequestWithCookies) -> Optional[str]
        """The Cookie header for this request, or None. Expired cookies are removed."""
        if not self.domains:
            return None
        cookies, expired = retrieve(self.domains, _POLICY, request)
        if expired:
            self.jar.clear_expired_cookies()
        return cookie_text(cookies)


def bound_cookies(cookies, origin):
    # type: (Any, Tuple[str, str, int]) -> Union[CookieJar, CallCookies]
    """The cookies for a request to ``origin``: a mapping's, a jar's, or CallCookies.

    It is ``cookies`` itself if each cookie has a domain. Cookies without one are sent to ``origin``
    only; requests sends them to any host that a redirect names.
    Raises: TypeError, InvalidHeader.
    """
    own = CallCookies()
    of_call = cookies.__class__ is CallCookies
    if of_call or is_jar(cookies):
        held = cookies_in(cookies.domains) if of_call else cookies_of(cookies)
        if not _any_unbound(held):
            return cookies
        # Added again, in their order: on 2.7 that changes the order of a dict.
        mine = own.add(held) if of_call else own.add_copies(held)
    else:
        mine = own.add_new(cookies)
    for cookie in mine:
        if not cookie.domain and not hasattr(cookie, "bound_to"):
            cookie.bound_to = origin
    return own


def _any_unbound(cookies):
    # type: (List[Any]) -> bool
    """Whether one has no domain, and is not bound to an origin yet."""
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
    if value and value[0] == '"':
        cookie.value = stored_value(value)
    return cookie
