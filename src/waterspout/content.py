"""Request bodies: ``data=`` and ``json=`` to bytes, as requests encodes them."""

from __future__ import absolute_import, division, print_function

import json as json_module

from waterspout._compat import string_types, to_bytes
from waterspout.exceptions import InvalidJSONError
from waterspout.urls import encode_pairs

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


def encode_body(data=None, json=None):
    # type: (Any, Any) -> Tuple[Optional[bytes], Optional[str]]
    """The body and the Content-Type that go with it, each None when there is none.

    Args:
        data (mapping, iterable of (name, value), text or bytes): a form, or a body as it is
            (text as UTF-8, without a Content-Type).
        json: anything JSON can say; ``data`` wins when both are given, as in requests.
    Raises: InvalidJSONError; ValueError when ``data`` is none of the above.
    """
    if data:
        if isinstance(data, string_types) or isinstance(data, bytearray):
            return bytes(to_bytes(data)), None
        return to_bytes(encode_pairs(data)), FORM
    if json is not None:
        return encode_json(json), JSON
    return None, None


def encode_json(value):
    # type: (Any) -> bytes
    """``value`` as JSON, with requests' separators. NaN and infinities are refused."""
    try:
        return to_bytes(json_module.dumps(value, allow_nan=False))
    except (TypeError, ValueError, RuntimeError) as error:  # py2: RuntimeError is too deep a nest
        raise InvalidJSONError("json= cannot be sent as JSON: %s" % error)
