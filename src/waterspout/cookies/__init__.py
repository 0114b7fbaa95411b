"""Cookies: the jar, its policy, and the Cookie and Set-Cookie headers."""

from __future__ import absolute_import, division, print_function

from waterspout.cookies.cookie import create_cookie, morsel_to_cookie
from waterspout.cookies.jar import (
    CookieConflictError,
    RequestsCookieJar,
    cookiejar_from_dict,
    remove_cookie_by_name,
)

__all__ = [
    "CookieConflictError",
    "RequestsCookieJar",
    "cookiejar_from_dict",
    "create_cookie",
    "morsel_to_cookie",
    "remove_cookie_by_name",
]
