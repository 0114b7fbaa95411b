"""Values of a log as JSON that every reader takes, whatever text they hold."""

from __future__ import absolute_import, division, print_function

import re
from json.encoder import encode_basestring_ascii

from tornado.util import unicode_type

from waterspout._bounded_stores import keep
from waterspout._compat import TYPE_CHECKING
from waterspout._json_text.encoder import encoder

if TYPE_CHECKING:
    from typing import Any, Dict  # noqa: F401

#: Characters of a text that a line has; one that is longer is cut.
MAX_TEXT = 4000

#: What `quoted_again` has returned, how many of these are kept, and the length of their texts.
_kept = {}  # type: Dict[Any, str]
_KEPT = 1000
_SHORT = 100

_encode = encoder(separators=(",", ":"))

#: An escaped backslash, a pair of surrogates, or half of one.
_SURROGATES = re.compile(r"\\\\|\\ud[89ab]..\\ud[c-f]..|\\ud[89a-f]..")


def quoted(text):
    # type: (Any) -> str
    """Return text or bytes as a JSON string in ASCII: no control character, no line break.

    Bytes that are not UTF-8 and halves of surrogate pairs become U+FFFD.
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    found = encode_basestring_ascii(text)
    if "\\ud" in found:
        found = _SURROGATES.sub(_whole, found)
    if "\x7f" in found:
        found = found.replace("\x7f", "\\u007f")
    return str(found)


def quoted_again(text, most):
    # type: (Any, int) -> str
    """``quoted(cut(text, most))`` for a text that recurs, such as the name of a route.

    Args:
        most (int): 100 or more.
    """
    found = _kept.get(text)
    if found is None:
        found = quoted(cut(text, most))
        if len(text) <= _SHORT:
            keep(_kept, text, found, _KEPT)
    return found


def cut(text, most=MAX_TEXT):
    # type: (Any, int) -> Any
    """Return text or bytes, shortened to ``most`` characters and ``...``."""
    if len(text) <= most:
        return text
    return text[:most] + (b"..." if isinstance(text, bytes) else u"...")


def value_as_json(value):
    # type: (Any) -> str
    """Return any value as JSON: what JSON cannot have is its ``repr()``. It raises nothing."""
    if isinstance(value, (bytes, unicode_type)):
        return quoted(cut(value))
    try:
        text = _encode(value)
        if len(text) <= MAX_TEXT:
            return str(_SURROGATES.sub(_whole, text).replace("\x7f", "\\u007f"))
    except Exception:  # NaN, an object of a class of its own, bytes, a circle.
        pass
    return quoted(cut(shown(value)))


def shown(value):
    # type: (Any) -> Any
    """Return ``repr(value)``; a class whose ``__repr__`` raises has its name alone."""
    try:
        return repr(value)
    except Exception:
        return "<%s>" % type(value).__name__


def _whole(match):
    found = match.group()
    return "\\ufffd" if len(found) == 6 else found
