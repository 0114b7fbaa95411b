"""Values encoded as the JSON of responses."""

from __future__ import absolute_import, division, print_function

from tornado.escape import utf8

from waterspout._compat import PY2, TYPE_CHECKING
from waterspout._json_text.encoded_json import EncodedJSON
from waterspout._json_text.encoder import encoder
from waterspout.service._json_bodies.checks import RAW_SURROGATE

if TYPE_CHECKING:
    from typing import Any  # noqa: F401

_encode = encoder(separators=(",", ":"))
_encode_unescaped = encoder(ensure_ascii=False, separators=(",", ":"))


def encode_json(value):
    # type: (Any) -> bytes
    """Return ``value`` as compact JSON in UTF-8.

    Characters are not escaped, so that a terminal shows them in any language.

    Raises:
        ValueError: it holds NaN or an infinity.
        TypeError: it holds an object that JSON cannot represent.
    """
    if isinstance(value, EncodedJSON):
        return value.content
    text = _encode(value)
    if "\\u" not in text:  # Checked first: Python 2 encodes ASCII seven times as fast.
        return utf8(text)
    # Only an escape can represent half a surrogate pair.
    try:
        unescaped = utf8(_encode_unescaped(value))
    except UnicodeError:
        return utf8(text)
    if PY2 and RAW_SURROGATE.search(unescaped):  # Which Python 2 encodes.
        return utf8(text)
    return unescaped
