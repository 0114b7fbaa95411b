"""Masks secrets in text of any kind: URLs in it, pairs, members of JSON, elements of XML."""

from __future__ import absolute_import, division, print_function

import json
import re
from xml.sax.saxutils import unescape

from waterspout._compat import TYPE_CHECKING, to_native, to_text
from waterspout.testing._form_pairs import decoded
from waterspout.testing.cassette._masking.known_secrets import MASK

if TYPE_CHECKING:
    from typing import Callable, Container, Text  # noqa: F401

# Whitespace is ASCII only: each character stands for a byte, and a part of a character in UTF-8 may
# have the number of a space that is not. In a set:
_SPACE = u"\t-\r "

# Credentials in a URL.
_USERINFO = re.compile(u"(://)([^/?#@%s\"'<>\\\\]+)@" % _SPACE)

_NAME = u"([^=&?#%s\"'<>\\\\%s]{1,100})="
_VALUE = u"[^&#%s\"'<>\\\\]" % _SPACE

# A pair of a query or fragment in a URL; ``&amp;`` in HTML.
_PAIR_IN_URL = re.compile(u"([?&#](?:amp;)?)" + _NAME % (_SPACE, u"") + u"(%s+)" % _VALUE)

# The first pair of a form, or one on a line of its own. A ";" at the end of a word is none of it.
_FIRST_PAIR = re.compile(
    u"(?m)(^)" + _NAME % (_SPACE, u":/{}") + u"((?:(?!;(?:[%s]|\\Z))%s)+)" % (_SPACE, _VALUE))

# An element of XML that has text only.
_XML_NAME = u"[A-Za-z_][A-Za-z0-9_.-]{0,99}"
_ELEMENT = re.compile(
    u"(<(?:%s:)?(%s)(?:[%s][^<>]{0,999})?>)" % (_XML_NAME, _XML_NAME, _SPACE)
    + u"(?:([^<]+)|<!\\[CDATA\\[([^\\]]{1,999})\\]\\]>)(?=</)")

# A member of a JSON object, whose value is a string (that may be cut off) or a number.
_MEMBER = re.compile(
    u'"((?:[^"\\\\]|\\\\.){1,100})"([%s]*:[%s]*)' % (_SPACE, _SPACE)
    + u'("(?:[^"\\\\]|\\\\.)*(?:"|\\\\?\\Z)|-?[0-9][-+.0-9eE]*)', re.DOTALL)

# What an error's text, or a line of a log, says: "token: abc", "Authorization: Basic abc".
_SAID = re.compile(
    u"([A-Za-z][A-Za-z0-9_-]{1,60})([\"']?[%s]*[:=][%s]*[\"']?)" % (_SPACE, _SPACE)
    + u"((?:(?:Basic|Bearer)[%s]+)?[^%s\"',;&]+)" % (_SPACE, _SPACE))

_QUOTES = {u"&quot;": u'"', u"&apos;": u"'", u"&#34;": u'"', u"&#39;": u"'"}

_BLANKS = u" \t\r\n"
_LAST_WORD = re.compile(u"[^%s]+\\Z" % _SPACE)


class TextMask(object):
    """Masks text, each character of which stands for one byte.

    Args:
        names (SecretNames): whose values are secret.
        learn (callable): ``learn(secret)`` is called with each.
    """

    def __init__(self, names, learn):
        # type: (Container, Callable[[Text], None]) -> None
        self._names = names
        self._learn = learn

    def urls(self, text):
        # type: (Text) -> Text
        """Mask credentials and the values of queries and fragments in every URL in ``text``."""
        return _PAIR_IN_URL.sub(self._pair, _USERINFO.sub(self._userinfo, text))

    def body(self, text):
        # type: (Text) -> Text
        """`urls`, a form, elements of XML, and members of JSON.

        Also of JSON that is cut off, or one value on each line.
        """
        text = _ELEMENT.sub(self._element, _MEMBER.sub(self._member, text))
        return self.urls(_FIRST_PAIR.sub(self._pair, text))

    def message(self, text):
        # type: (Text) -> Text
        """`body`, and what a sentence says of names and values."""
        return _SAID.sub(self._said, self.body(text))

    def _userinfo(self, match):
        user, colon, password = match.group(2).partition(u":")
        self._learn(self._decoded(password if colon else user))
        return match.group(1) + MASK + u"@"

    def _pair(self, match):
        before, name, value = match.groups()
        if self._decoded(name) not in self._names:
            return match.group()
        self._learn(self._decoded(value))
        return u"%s%s=%s" % (before, name, MASK)

    def _member(self, match):
        name, colon, value = match.groups()
        if name not in self._names:
            return match.group()
        if value[0] != u'"':
            return u'"%s"%s0' % (name, colon)
        whole = value if len(value) > 1 and value.endswith(u'"') else value.rstrip(u"\\") + u'"'
        try:
            self._learn(self._bytes(json.loads(
                whole.encode("latin-1").decode("utf-8"), strict=False)))
        except ValueError:  # Cut off within an escape, or not UTF-8.
            self._learn(whole[1:-1])
        return u'"%s"%s"%s%s' % (name, colon, MASK, u'"' if whole is value else u"")

    def _element(self, match):
        tag, name, value, in_cdata = match.groups()
        if name not in self._names or value is not None and not value.strip(_BLANKS):
            return match.group()
        self._learn(in_cdata or unescape(value.strip(_BLANKS), _QUOTES))
        return tag + MASK

    def _said(self, match):
        name, colon, value = match.groups()
        if name not in self._names or value.startswith(u"***"):
            return match.group()
        self._learn(_LAST_WORD.search(value).group())
        return name + colon + MASK

    def _decoded(self, part):
        return self._bytes(decoded(to_native(part, "latin-1")))

    @staticmethod
    def _bytes(text):
        return to_text(text).encode("utf-8").decode("latin-1")
