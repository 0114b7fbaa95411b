"""The cookie jar that a call uses: the session's, its own, and the one after a redirect."""

from __future__ import absolute_import, division, print_function

import copy

from waterspout._compat import TYPE_CHECKING
from waterspout.cookies.call_cookies import CallCookies
from waterspout.cookies.contents import cookies_of
from waterspout.cookies.cookie_headers import store_cookies
from waterspout.cookies.jar import RequestsCookieJar, is_jar

if TYPE_CHECKING:
    from http.cookiejar import CookieJar  # noqa: F401
    from typing import Any, Optional, Union  # noqa: F401

    from waterspout.cookies.protocols import (  # noqa: F401
        RequestWithCookies,
        ResponseWithCookies,
    )


def merge_cookies(jar, cookies):
    # type: (Optional[CookieJar], Any) -> Union[None, CookieJar, CallCookies]
    """The call's ``cookies`` merged over the session's ``jar``. Neither is changed.

    Raises: TypeError, InvalidHeader.
    """
    if not cookies:
        return jar
    both = CallCookies()
    held = jar is not None and cookies_of(jar)
    if held:
        both.add_copies(held)
    if is_jar(cookies):
        both.add_copies(cookies_of(cookies))
    else:
        both.add_new(cookies)
    return both


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
    # A cookie without a domain must not be sent to a redirect's host; `bound_cookies` keeps those
    # that may be sent.
    if all(cookie.domain for cookie in jar):
        return jar
    twin = RequestsCookieJar()
    for cookie in jar:
        if cookie.domain:
            twin.set_cookie(copy.copy(cookie))
    return twin
