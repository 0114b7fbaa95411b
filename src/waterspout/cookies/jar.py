"""RequestsCookieJar: a cookie jar with a dict interface, and functions that make jars."""

from __future__ import absolute_import, division, print_function

import copy
import itertools

from waterspout import constants
from waterspout._compat import TYPE_CHECKING, Mapping, Morsel, MutableMapping, cookiejar
from waterspout.cookies.cookie import (
    check_cookie,
    create_cookie,
    morsel_to_cookie,
    stored_value,
)
from waterspout.cookies.cookie_policy import CookiePolicy, effective_host, is_above

if TYPE_CHECKING:
    from http.cookiejar import Cookie, CookieJar  # noqa: F401
    from typing import Any, Dict, Iterator, List, Optional, Tuple  # noqa: F401


class CookieConflictError(RuntimeError):
    """Several cookies have this name: pass ``domain`` and ``path`` to ``get`` and ``set``, too."""


class RequestsCookieJar(cookiejar.CookieJar, MutableMapping):
    """The standard library's CookieJar with a dict interface, from names to values.

    As in requests, except that the repr shows no values, that cookies which cannot be sent as they
    are given are refused, and that the oldest of too many are removed. Operations by name are O(n).

    Args:
        policy (http.cookiejar.CookiePolicy or None): None means `CookiePolicy`.
    """

    def __init__(self, policy=None):
        # type: (Optional[cookiejar.CookiePolicy]) -> None
        cookiejar.CookieJar.__init__(self, CookiePolicy() if policy is None else policy)
        self._ages = itertools.count()
        self._setting = None  # The request whose response is being stored.

    def get(self, name, default=None, domain=None, path=None):
        # type: (str, Any, Optional[str], Optional[str]) -> Any
        """Return a cookie's value, or ``default``. Raises: CookieConflictError: several match."""
        try:
            return self._find(name, domain, path)
        except KeyError:
            return default

    def set(self, name, value, **kwargs):
        # type: (str, Any, **Any) -> Optional[Cookie]
        """Add a cookie with the attributes of `create_cookie`, or remove it if ``value`` is None.

        Raises: InvalidHeader, TypeError.
        """
        if value is None:
            remove_cookie_by_name(self, name, kwargs.get("domain"), kwargs.get("path"))
            return None
        if isinstance(value, Morsel):
            cookie = morsel_to_cookie(value)
        else:
            cookie = create_cookie(name, value, **kwargs)
        self.set_cookie(cookie)
        return cookie

    def iterkeys(self):
        # type: () -> Iterator[str]
        return (cookie.name for cookie in self)

    def itervalues(self):
        # type: () -> Iterator[Optional[str]]
        return (cookie.value for cookie in self)

    def iteritems(self):
        # type: () -> Iterator[Tuple[str, Optional[str]]]
        return ((cookie.name, cookie.value) for cookie in self)

    def keys(self):  # type: ignore[override]
        # type: () -> List[str]
        return list(self.iterkeys())

    def values(self):  # type: ignore[override]
        # type: () -> List[Optional[str]]
        return list(self.itervalues())

    def items(self):  # type: ignore[override]
        # type: () -> List[Tuple[str, Optional[str]]]
        """Return all (name, value) pairs; ``dict(jar)`` has one for each name."""
        return list(self.iteritems())

    def list_domains(self):
        # type: () -> List[str]
        return _unique(cookie.domain for cookie in self)

    def list_paths(self):
        # type: () -> List[str]
        return _unique(cookie.path for cookie in self)

    def multiple_domains(self):
        # type: () -> bool
        """Return whether a domain has several cookies, as in requests, despite the name."""
        domains = [cookie.domain for cookie in self]
        return len(_unique(domains)) < len(domains)

    def get_dict(self, domain=None, path=None):
        # type: (Optional[str], Optional[str]) -> Dict[str, Optional[str]]
        """Return the names and values for this domain and path; None matches any."""
        return dict((cookie.name, cookie.value) for cookie in self
                    if domain in (None, cookie.domain) and path in (None, cookie.path))

    def update(self, other):  # type: ignore[override]
        # type: (Any) -> None
        """Add copies of a jar's cookies, or the items of a mapping."""
        if isinstance(other, cookiejar.CookieJar):
            for cookie in other:
                self.set_cookie(copy.copy(cookie))
        else:
            MutableMapping.update(self, other)

    def copy(self):
        # type: () -> RequestsCookieJar
        twin = RequestsCookieJar(self.get_policy())
        twin.update(self)
        return twin

    def get_policy(self):
        # type: () -> cookiejar.CookiePolicy
        return self._policy  # type: ignore[attr-defined]

    def set_cookie(self, cookie, *args, **kwargs):
        # type: (Cookie, *Any, **Any) -> None
        """Add ``cookie`` without asking the policy. Raises: InvalidHeader."""
        check_cookie(cookie)
        cookie.value = stored_value(cookie.value)
        cookie.age = next(self._ages)  # type: ignore[attr-defined]
        cookiejar.CookieJar.set_cookie(self, cookie, *args, **kwargs)

    def extract_cookies(self, response, request):
        # type: (Any, Any) -> None
        """Add the cookies of ``response`` that the policy allows. The standard library's name."""
        self._setting = request
        try:
            cookiejar.CookieJar.extract_cookies(self, response, request)
        finally:
            self._setting = None
        self._forget_oldest()

    def clear(self, domain=None, path=None, name=None):
        # type: (Optional[str], Optional[str], Optional[str]) -> None
        """Remove all cookies, or those of a domain, path and name. Raises: KeyError: there is none.

        The standard library calls this before the policy when a response expires cookies: the
        response may remove only cookies that it may set.
        """
        request = self._setting
        if request is not None and domain != effective_host(request):
            if not is_above(domain, cookiejar.request_host(request)):
                raise KeyError(domain)
        cookiejar.CookieJar.clear(self, domain, path, name)

    def _forget_oldest(self):
        if len(self) <= constants.MAX_COOKIES_PER_DOMAIN:
            return
        kept = {}  # type: Dict[str, int]
        newest_first = sorted(self, key=lambda cookie: cookie.age, reverse=True)
        for count, cookie in enumerate(newest_first, 1):
            kept[cookie.domain] = kept.get(cookie.domain, 0) + 1
            if (count > constants.MAX_COOKIES
                    or kept[cookie.domain] > constants.MAX_COOKIES_PER_DOMAIN):
                self.clear(cookie.domain, cookie.path, cookie.name)

    def _find(self, name, domain=None, path=None):
        found = [cookie.value for cookie in self if cookie.name == name
                 and domain in (None, cookie.domain) and path in (None, cookie.path)]
        if len(found) > 1:
            raise CookieConflictError("there are %d cookies named %r" % (len(found), name))
        if not found or found[0] is None:
            raise KeyError("name=%r, domain=%r, path=%r" % (name, domain, path))
        return found[0]

    def __getitem__(self, name):
        return self._find(name)

    def __setitem__(self, name, value):
        self.set(name, value)

    def __delitem__(self, name):
        remove_cookie_by_name(self, name)

    def __contains__(self, name):
        try:
            return MutableMapping.__contains__(self, name)
        except CookieConflictError:
            return True

    def __getstate__(self):
        """Leave out the standard library's lock, which cannot be pickled."""
        state = self.__dict__.copy()
        del state["_cookies_lock"], state["_ages"]
        return state

    def __setstate__(self, state):
        self.__init__()
        self.__dict__.update(state)
        self._ages = itertools.count(max([cookie.age for cookie in self] or [0]) + 1)

    def __repr__(self):
        return "<%s [%s]>" % (type(self).__name__, ", ".join(
            "%s for %s%s" % (each.name, each.domain or "any host", each.path) for each in self))

    __str__ = __repr__


def cookiejar_from_dict(cookie_dict, cookiejar=None, overwrite=True):
    # type: (Any, Optional[CookieJar], bool) -> CookieJar
    """Add the cookies of ``cookie_dict`` to ``cookiejar``, or to a new jar, and return it.

    Without ``overwrite``, cookies with existing names are not changed.
    """
    if cookiejar is None:
        cookiejar = RequestsCookieJar()
    present = set() if overwrite else set(cookie.name for cookie in cookiejar)
    for name in cookie_dict or ():
        if name not in present:
            cookiejar.set_cookie(create_cookie(name, cookie_dict[name]))
    return cookiejar


def remove_cookie_by_name(cookiejar, name, domain=None, path=None):
    # type: (CookieJar, str, Optional[str], Optional[str]) -> None
    """Remove the cookies of this name; None matches any domain or path. None may be there."""
    for cookie in list(cookiejar):
        if cookie.name == name and domain in (None, cookie.domain) and path in (None, cookie.path):
            cookiejar.clear(cookie.domain, cookie.path, cookie.name)


def jar_with(domains, age):
    # type: (Dict[str, Dict[str, Dict[str, Cookie]]], int) -> RequestsCookieJar
    """A new jar with these cookies, checked before; ``age`` is that of the next one."""
    jar = RequestsCookieJar()
    jar._cookies = domains  # type: ignore[attr-defined]
    jar._ages = itertools.count(age)
    return jar


def as_jar(cookies):
    # type: (Any) -> CookieJar
    """Return ``cookies`` as a jar. Raises: TypeError: it is neither a mapping nor a CookieJar."""
    return cookies if is_jar(cookies) else cookiejar_from_dict(cookies)


def is_jar(cookies):
    # type: (Any) -> bool
    """Return True for a CookieJar, False for a mapping. Raises: TypeError: it is neither."""
    if isinstance(cookies, cookiejar.CookieJar):
        return True
    if hasattr(cookies, "keys") or isinstance(cookies, Mapping):
        return False
    raise TypeError("cookies= takes a mapping or a CookieJar, not %s" % type(cookies).__name__)


def _unique(items):
    # There are few items, and their order is kept.
    unique = []
    for item in items:
        if item not in unique:
            unique.append(item)
    return unique
