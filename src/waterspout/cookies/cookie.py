"""Makes and checks cookies, as objects of the standard library's Cookie class."""

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

# Characters that would begin another cookie, or another header field.
_BAD_NAME = re.compile(r"[=;\x00-\x08\x0a-\x1f\x7f]")
_BAD_VALUE = re.compile(r"[;\x00-\x08\x0a-\x1f\x7f]")

_TEXTS = (str, text_type)


def create_cookie(name, value, **kwargs):
    # type: (str, Optional[str], **Any) -> Cookie
    """Make a Cookie from its name and value, and any attributes of the standard library's class.

    Without a ``domain`` it is sent to the URL of the call for which it is given, and to no other
    origin.
    Raises: InvalidHeader: it cannot be sent; TypeError: unknown attribute.
    """
    attributes = dict(
        version=0, port=None, domain="", path="/", secure=False, expires=None, discard=True,
        comment=None, comment_url=None, rest={"HttpOnly": None}, rfc2109=False,
    )
    unknown = set(kwargs) - set(attributes)
    if unknown:
        raise TypeError("create_cookie() has no attribute %s" % ", ".join(sorted(unknown)))
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
    """The Cookie for a Morsel. Raises: TypeError: max-age is not a number; ValueError: bad date."""
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
    """Raise InvalidHeader if sending it would change the header's meaning."""
    # The value is a secret: show only the cookie's name.
    name, value = cookie.name, cookie.value
    is_text = name.__class__ in _TEXTS or isinstance(name, _TEXTS)
    if not is_text or _BAD_NAME.search(name):
        raise InvalidHeader("%r is not a cookie name" % (name,))
    if value is None:
        return
    is_text = value.__class__ in _TEXTS or isinstance(value, _TEXTS)
    if not is_text or _BAD_VALUE.search(value):
        raise InvalidHeader(
            "cookie %s: its value, of type %s, must be text without control characters or ';'"
            % (name, type(value).__name__)
        )


def stored_value(value):
    # type: (Optional[str]) -> Optional[str]
    """The value as a jar stores it. As in requests, a quoted one loses its escaped quotes."""
    if value is not None and value.startswith('"') and value.endswith('"'):
        return value.replace('\\"', "")
    return value
