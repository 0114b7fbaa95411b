"""Which cookies hold a secret that has to be found elsewhere too. Each is masked where it stands.

Most cookies hold a language or a page, which other parts of a cassette have for other reasons.
"""

from __future__ import absolute_import, division, print_function

import re

from waterspout._compat import TYPE_CHECKING, to_native, to_text, unquote_to_bytes

if TYPE_CHECKING:
    from typing import Container, Text  # noqa: F401

#: Names of cookies of sessions: PHPSESSID, connect.sid, .ASPXAUTH, XSRF-TOKEN.
_NAME = re.compile(u"(?i)sess|(?:sid|auth|token|csrf|xsrf|ticket|rememberme|remember_me)\\Z")

#: A value looks random if it has this many characters, so many different ones, and a change
#: between a letter and a digit, or to upper case, once in so many characters. Random text in
#: hexadecimal or Base64 has one in two or three; words joined together, versions and times have
#: one in six or more.
_LENGTH = 16
_DIFFERENT = 8
_CHARACTERS_PER_CHANGE = 5
_CHANGE = re.compile(u"[a-z](?=[A-Z0-9])|[A-Z](?=[0-9])|[0-9](?=[A-Za-z])")

#: Or if it has a UUID, or so many letters and digits in a row: names do not join that many words.
_LONG = re.compile(
    u"[A-Za-z0-9]{32}|[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}")


def is_secret_cookie(name, value, names):
    # type: (Text, Text, Container) -> bool
    """Whether the name says so, or the value looks random.

    Args:
        names (SecretNames): those that are secret anywhere.
    """
    return name in names or _NAME.search(name) is not None or _looks_random(value)


def _looks_random(value):
    # type: (Text) -> bool
    value = to_text(unquote_to_bytes(to_native(value, "latin-1")), "latin-1")
    if len(value) < _LENGTH or len(set(value)) < _DIFFERENT:
        return False
    return (len(_CHANGE.findall(value)) * _CHARACTERS_PER_CHANGE >= len(value)
            or _LONG.search(value) is not None)
