"""What a jar has: its cookies as a list and as copies, at the cost of a loop.

A jar of the standard library keeps them in ``_cookies``, as {domain: {path: {name: cookie}}}. That
name is private, but the same on Python 2.7 and on each version of 3.
"""

from __future__ import absolute_import, division, print_function

import copy

from waterspout._compat import TYPE_CHECKING, cookiejar, sorted_as_jars
from waterspout.cookies.standard_methods import has_standard_methods

if TYPE_CHECKING:
    from http.cookiejar import Cookie, CookieJar  # noqa: F401
    from typing import Any, Dict, List  # noqa: F401

_Cookie = cookiejar.Cookie


def is_empty(jar):
    # type: (Any) -> bool
    """May return False for an empty jar, never True for a non-empty one; O(1). ``len`` counts."""
    return not getattr(jar, "_cookies", True)


def cookies_of(jar):
    # type: (CookieJar) -> List[Cookie]
    """The cookies in the order in which the jar iterates over them."""
    if has_standard_methods(jar):
        return cookies_in(jar._cookies)  # type: ignore[attr-defined]
    return list(jar)


def cookies_in(domains):
    # type: (Dict[str, Dict[str, Dict[str, Cookie]]]) -> List[Cookie]
    """The same, for the ``_cookies`` of a jar."""
    if not domains:
        return []
    return [cookie for paths in sorted_as_jars(domains) for names in sorted_as_jars(paths)
            for cookie in sorted_as_jars(names)]


def copied(cookie):
    # type: (Cookie) -> Cookie
    """``copy.copy(cookie)``, which takes several times as long."""
    if cookie.__class__ is not _Cookie:
        return copy.copy(cookie)
    twin = _Blank()  # type: Any
    twin.__class__ = _Cookie
    twin.__dict__.update(cookie.__dict__)
    return twin


class _Blank:
    # On 2.7 an old-style class, as Cookie is, so that its instances can become cookies.
    pass
