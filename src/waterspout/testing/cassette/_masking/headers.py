"""HeaderMask: masks the secrets of header fields, so that a person still sees what they are."""

from __future__ import absolute_import, division, print_function

import re
from base64 import b64decode

from waterspout._compat import TYPE_CHECKING, to_native, to_text
from waterspout.structures import Headers
from waterspout.testing.cassette._masking.cookie_values import is_secret_cookie
from waterspout.testing.cassette._masking.known_secrets import MASK, SHORTEST_COOKIE

if TYPE_CHECKING:
    from typing import Callable, Container, Text  # noqa: F401

    from waterspout.testing.cassette._masking.text import TextMask  # noqa: F401

#: Words before the secret of an Authorization that are kept. Another first word may be the secret.
_SCHEME = re.compile(
    u"(?i)(basic|bearer|digest|negotiate|ntlm|token|apikey|oauth|dpop|hawk|hmac|aws4-[a-z0-9-]+)"
    u"[ ]+(.+)\\Z", re.DOTALL)

_COOKIE = re.compile(u"([^=;]*=)([^;]*)")


class HeaderMask(object):
    """Masks `Headers`.

    Args:
        names (SecretNames), learn (callable): as for `TextMask`.
        text (TextMask): masks URLs in the values of other fields, such as Location.
    """

    def __init__(self, names, learn, text):
        # type: (Container, Callable[..., None], TextMask) -> None
        self._names = names
        self._learn = learn
        self._text = text

    def masked(self, headers):
        # type: (Headers) -> Headers
        return Headers([
            (name, to_native(self._value(name.lower(), to_text(value, "latin-1")), "latin-1"))
            for name, value in headers.get_all()])

    def _value(self, name, value):
        # type: (str, Text) -> Text
        if name == "cookie":
            return _COOKIE.sub(self._cookie, value) if u"=" in value else MASK
        if name == "set-cookie":
            # What follows the first ";" are the cookie's attributes, which a jar needs.
            cookie, semicolon, attributes = value.partition(u";")
            return (_COOKIE.sub(self._cookie, cookie) if u"=" in cookie else MASK) \
                + semicolon + attributes
        if name not in self._names:
            return self._text.urls(value)
        scheme = _SCHEME.match(value)
        if scheme is None:
            self._learn(value)
            return MASK
        self._learn_credentials(scheme.group(1).lower(), scheme.group(2))
        return u"%s %s" % (scheme.group(1), MASK)

    def _cookie(self, match):
        name, value = match.group(1), match.group(2).strip(u' "')
        if is_secret_cookie(name[:-1].strip(), value, self._names):
            self._learn(value, SHORTEST_COOKIE)
        return name + MASK

    def _learn_credentials(self, scheme, credentials):
        self._learn(credentials)
        if scheme == u"basic":
            try:
                login = b64decode(credentials.encode("latin-1")).decode("latin-1")
            except Exception:  # py2: TypeError; not Base64.
                return
            self._learn(login)
            self._learn(login.partition(u":")[2])
