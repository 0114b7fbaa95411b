"""SecretNames: the names whose values are secret, of headers, parameters and JSON members."""

from __future__ import absolute_import, division, print_function

import re

from waterspout._compat import TYPE_CHECKING, text_type, to_text

if TYPE_CHECKING:
    from typing import Any, Iterable  # noqa: F401

_NOT_LETTERS = re.compile(u"[^a-z0-9]+")

#: Whole names, without what is not a letter or digit.
_NAMES = frozenset([u"cookie", u"setcookie", u"sig", u"jwt", u"pass", u"assertion",
                    u"xauth"])

#: Ends of names: ``X-Api-Key``, ``client_secret``, ``accessToken``.
_ENDS = (
    u"authorization", u"password", u"passwd", u"pwd", u"passphrase", u"secret", u"token",
    u"apikey", u"subscriptionkey", u"functionskey", u"signingkey", u"encryptionkey",
    u"secretkey", u"privatekey", u"accesskey", u"authkey", u"sessionkey", u"sessionid",
    u"signature", u"credential", u"credentials", u"clientassertion",
)

#: Tokens that only say where the next page of a list begins.
_OF_PAGES = (u"pagetoken", u"nexttoken", u"continuationtoken", u"paginationtoken", u"synctoken")


class SecretNames(object):
    """``name in names``: whether the value of this name is secret, in any spelling.

    Args:
        more (iterable of text): names of the program's own.
    """

    def __init__(self, more=()):
        # type: (Iterable[Any]) -> None
        self._more = frozenset(_key(name) for name in more)

    def __contains__(self, name):
        # type: (Any) -> bool
        key = _key(name)
        return (key in self._more or key in _NAMES
                or key.endswith(_ENDS) and not key.endswith(_OF_PAGES))


def is_usual_word(text):
    # type: (Any) -> bool
    """Whether it is one of the names themselves, such as the "password" of an example."""
    key = _key(text)
    return key in _NAMES or key in _ENDS


def _key(name):
    text = name if isinstance(name, text_type) else to_text(name, "latin-1")
    return _NOT_LETTERS.sub(u"", text.lower())
