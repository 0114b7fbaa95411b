"""Values encoded as the JSON of responses."""

from __future__ import absolute_import, division, print_function

from tornado.escape import utf8

from waterspout._compat import TYPE_CHECKING
from waterspout._json_text.encoded_json import EncodedJSON
from waterspout._json_text.encoder import encoder

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
    if type(value) is EncodedJSON:
        return value.content
    text = _encode(value)
    if "\\u" not in text:  # Checked first: Python 2 encodes ASCII seven times as fast.
        return utf8(text)
    try:
        return utf8(_encode_unescaped(value))
    except UnicodeError:  # Half a surrogate pair: only an escape can represent it.
        return utf8(text)
