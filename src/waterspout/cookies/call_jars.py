"""The cookie jar that a call uses: the session's, its own, and the one after a redirect."""

from __future__ import absolute_import, division, print_function

import copy

from waterspout._compat import TYPE_CHECKING
from waterspout.cookies.cookie_headers import store_cookies
from waterspout.cookies.jar import RequestsCookieJar, as_jar

if TYPE_CHECKING:
    from http.cookiejar import CookieJar  # noqa: F401
    from typing import Any, Optional, Tuple  # noqa: F401

    from waterspout.cookies.protocols import (  # noqa: F401
        RequestWithCookies,
        ResponseWithCookies,
    )


def is_empty(jar):
    # type: (CookieJar) -> bool
    """May return False for an empty jar, never True for a non-empty one; O(1).

    ``_cookies`` is the standard library's private name, the same from 2.7 on. ``len`` would count.
    """
    return not getattr(jar, "_cookies", True)


def merge_cookies(jar, cookies):
    # type: (Optional[CookieJar], Any) -> Optional[CookieJar]
    """The call's ``cookies`` merged over the session's ``jar``. Neither is changed.

    Raises: TypeError, InvalidHeader.
    """
    if not cookies:
        return jar
    both = RequestsCookieJar()
    if jar is not None:
        both.update(jar)
    both.update(as_jar(cookies))
    return both


def bind_to_origin(jar, origin):
    # type: (CookieJar, Tuple[str, str, int]) -> CookieJar
    """``jar``, or a copy whose cookies without a domain are sent to ``origin`` only.

    requests sends them to any host that a redirect names.
    """
    if all(cookie.domain or hasattr(cookie, "bound_to") for cookie in jar):
        return jar
    twin = RequestsCookieJar()
    twin.update(jar)
    for cookie in twin:
        if not cookie.domain and not hasattr(cookie, "bound_to"):
            cookie.bound_to = origin
    return twin


def jar_after_redirect(request, response, session_jar):
    # type: (RequestWithCookies, ResponseWithCookies, Optional[CookieJar]) -> CookieJar
    """The jar for the request after ``response``, a redirect of ``request``.

    It is the session's, in which the response's cookies are stored already. If the call has cookies
    of its own, or the session has no jar, it is one that is kept until the end of the call.
    """
    jar = session_jar if request.cookies is None else request.cookies
    if jar is None or jar is not session_jar:
        own = RequestsCookieJar()
        if jar is not None:
            own.update(jar)
        store_cookies(own, response)
        if session_jar is not None:
            own.update(_with_domains(session_jar))
        return own
    return _with_domains(jar)


def _with_domains(jar):
    # A cookie without a domain must not be sent to a redirect's host; `bind_to_origin` keeps those
    # that may be sent.
    if all(cookie.domain for cookie in jar):
        return jar
    twin = RequestsCookieJar()
    for cookie in jar:
        if cookie.domain:
            twin.set_cookie(copy.copy(cookie))
    return twin
