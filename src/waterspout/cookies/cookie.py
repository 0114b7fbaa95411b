"""One cookie: the standard library's Cookie, made of less than it wants."""

from __future__ import absolute_import, division, print_function

import calendar
import re
import time

from waterspout._compat import TYPE_CHECKING, cookiejar, text_type
from waterspout.exceptions import InvalidHeader

if TYPE_CHECKING:
    from http.cookiejar import Cookie  # noqa: F401
    from http.cookies import Morsel  # noqa: F401
    from typing import Any, Optional  # noqa: F401

# What would begin another cookie, or another header field.
_BAD_NAME = re.compile(r"[=;\x00-\x08\x0a-\x1f\x7f]")
_BAD_VALUE = re.compile(r"[;\x00-\x08\x0a-\x1f\x7f]")


def create_cookie(name, value, **kwargs):
    # type: (str, Optional[str], **Any) -> Cookie
    """A Cookie of its name and value alone, or with more of the standard library's attributes.

    Without a ``domain`` it is nobody's: it goes to whatever URL is called, and there stays.
    Raises: InvalidHeader for what cannot be sent; TypeError for an attribute that is none.
    """
    attributes = dict(
        version=0, port=None, domain="", path="/", secure=False, expires=None, discard=True,
        comment=None, comment_url=None, rest={"HttpOnly": None}, rfc2109=False,
    )
    unknown = set(kwargs) - set(attributes)
    if unknown:
        raise TypeError("create_cookie() knows no %s" % ", ".join(sorted(unknown)))
    attributes.update(kwargs)
    cookie = cookiejar.Cookie(
        name=name,
        value=value,
        port_specified=bool(attributes["port"]),
        domain_specified=bool(attributes["domain"]),
        domain_initial_dot=attributes["domain"].startswith("."),
        path_specified=bool(attributes["path"]),
        **attributes
    )
    check_cookie(cookie)
    return cookie


def morsel_to_cookie(morsel):
    # type: (Morsel) -> Cookie
    """Raises: TypeError for a max-age that is no number; ValueError for a date that is none."""
    expires = None
    if morsel["max-age"]:
        try:
            expires = int(time.time() + int(morsel["max-age"]))
        except ValueError:
            raise TypeError("max-age: %s must be integer" % morsel["max-age"])
    elif morsel["expires"]:
        expires = calendar.timegm(time.strptime(morsel["expires"], "%a, %d-%b-%Y %H:%M:%S GMT"))
    return create_cookie(
        morsel.key,
        morsel.value,
        comment=morsel["comment"],
        comment_url=bool(morsel["comment"]),
        discard=False,
        domain=morsel["domain"],
        expires=expires,
        path=morsel["path"],
        rest={"HttpOnly": morsel["httponly"]},
        secure=bool(morsel["secure"]),
        version=morsel["version"] or 0,
    )


def check_cookie(cookie):
    # type: (Cookie) -> None
    """Raises: InvalidHeader where sending it would say something else than one cookie."""
    # The value is a secret: name the cookie only.
    if not isinstance(cookie.name, (str, text_type)) or _BAD_NAME.search(cookie.name):
        raise InvalidHeader("%r is not a cookie's name" % (cookie.name,))
    if cookie.value is None:
        return
    if not isinstance(cookie.value, (str, text_type)) or _BAD_VALUE.search(cookie.value):
        raise InvalidHeader(
            "cookie %s: its value, of type %s, must be text without control characters or ';'"
            % (cookie.name, type(cookie.value).__name__)
        )
