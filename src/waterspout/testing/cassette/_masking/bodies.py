"""BodyMask: masks secrets in a body, by what it is: JSON, a form, or text."""

from __future__ import absolute_import, division, print_function

import re
from collections import OrderedDict

from waterspout._compat import TYPE_CHECKING, integer_types, text_type, to_native, to_text
from waterspout.testing._form_pairs import changed_pairs
from waterspout.testing.cassette._masking.charsets import changed_as_utf8
from waterspout.testing.cassette._masking.known_secrets import MASK
from waterspout.testing.cassette.json_text import USUAL, dumped, parsed_json, style_of

if TYPE_CHECKING:
    from typing import Any, Callable, Container, Text  # noqa: F401

    from waterspout.testing.cassette._masking.text import TextMask  # noqa: F401

_FIELD_NAME = re.compile(br'(?i)\bname[ \t]*=[ \t]*(?:"([^"\r\n]*)"|([^\s;"]+))')


class BodyMask(object):
    """Masks the bytes of one body after the other.

    Args:
        names (SecretNames), learn (callable): as for `TextMask`.
        text (TextMask): masks what is neither JSON nor a form.
    """

    def __init__(self, names, learn, text):
        # type: (Container, Callable[[Text], None], TextMask) -> None
        self._names = names
        self._learn = learn
        self._text = text

    def masked(self, content_type, body):
        # type: (str, bytes) -> bytes
        """``body`` with `MASK` for each secret; a number is 0."""
        return changed_as_utf8(body, lambda text: self._masked(content_type, text))

    def _masked(self, content_type, body):
        if not body:
            return body
        value = parsed_json(body)
        if value is not None:  # Whatever its type says: curl sends JSON with that of a form.
            return self._json(value, body)
        if "x-www-form-urlencoded" in content_type:
            body = to_text(changed_pairs(
                to_native(body, "latin-1"), self._form_value), "latin-1").encode("latin-1")
        elif body.startswith(b"--"):
            body = self._multipart(body)
        return self._as_text(body)

    def _as_text(self, body):
        return self._text.body(body.decode("latin-1")).encode("latin-1")

    def _json(self, value, body):
        masked = self._value(value, False)
        if masked == value:
            return body
        style = style_of(value, body)
        if style is None:  # Of an unusual layout, which masking the text keeps.
            kept = self._as_text(body)
            if parsed_json(kept) == masked:
                return kept
        return dumped(masked, style or USUAL).encode("utf-8")

    def _value(self, value, secret):
        # type: (Any, bool) -> Any
        if isinstance(value, dict):
            return OrderedDict((name, self._value(each, secret or _latin1(name) in self._names))
                               for name, each in value.items())
        if isinstance(value, list):
            return [self._value(each, secret) for each in value]
        if isinstance(value, bool) or value is None:
            return value
        if isinstance(value, text_type):
            try:
                text = _latin1(value)
            except UnicodeEncodeError:  # A lone surrogate.
                return MASK if secret else value
            if secret:
                self._learn(text)
                return MASK
            return self._text.body(text).encode("latin-1").decode("utf-8")
        return 0 if secret and isinstance(value, integer_types + (float,)) else value

    def _form_value(self, name, value):
        if _latin1(name) not in self._names:  # But the value may be JSON, or a URL.
            return self._text.body(_latin1(value)).encode("latin-1").decode("utf-8")
        self._learn(_latin1(value))
        return MASK

    def _multipart(self, body):
        # RFC 2046 section 5.1.1; clients write no preamble.
        delimiter = b"\r\n" + body.partition(b"\r\n")[0]
        return delimiter.join(map(self._part, (b"\r\n" + body).split(delimiter)))[2:]

    def _part(self, part):
        head, between, content = part.partition(b"\r\n\r\n")
        name = _FIELD_NAME.search(head)
        if name is None or (name.group(1) or name.group(2) or b"").decode(
                "latin-1") not in self._names:
            return part
        self._learn(content.decode("latin-1"))
        return head + between + MASK.encode("ascii")


def _latin1(text):
    return text.encode("utf-8").decode("latin-1")
