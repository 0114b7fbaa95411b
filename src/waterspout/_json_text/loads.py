"""Decodes a JSON text like `json.loads`, faster for the short texts of most responses."""

from __future__ import absolute_import, division, print_function

import json

_raw_decode = json.JSONDecoder().raw_decode

_WHITESPACE = u" \t\n\r"

#: Characters up to which it is faster. Wrong JSON is decoded twice, which takes long if it is long.
_SHORT = 4096


def loads(text):
    # type: (Text) -> Any
    """The result, or the error, of ``json.loads(text)``.

    That looks for whitespace with a pattern before and after the value, which takes half as long as
    decoding a short text. Here `json.loads` is called only for whitespace before the value, for
    errors, and for long texts.
    """
    if len(text) > _SHORT:
        return json.loads(text)
    try:
        value, end = _raw_decode(text)
    except ValueError:
        return json.loads(text)
    if end != len(text) and text[end:].strip(_WHITESPACE):
        return json.loads(text)  # Raises: extra data.
    return value
