"""The body and header fields of a response that a test describes with keywords."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING, string_types, text_type, to_bytes, to_native
from waterspout._encoding.bodies import JSON, encode_json
from waterspout.structures import pairs_of

if TYPE_CHECKING:
    from typing import Any, List, Optional, Tuple  # noqa: F401

_TEXT = "text/plain; charset=utf-8"


def content_and_fields(json, text, content, headers):
    # type: (Any, Any, Optional[bytes], Any) -> Tuple[bytes, List[Tuple[str, str]]]
    """The body, and its header fields in order with a Content-Type for ``json`` and ``text``.

    Args:
        json: a value; None means that there is none.
        text (text): sent as UTF-8.
        content (bytes).
        headers (mapping, (name, value) pairs, Headers or None): values are text, bytes or numbers.
    Raises: TypeError: more than one body, or one of a wrong type; InvalidJSONError.
    """
    given = [name for name, value in (("json", json), ("text", text), ("content", content))
             if value is not None]
    if len(given) > 1:
        raise TypeError("a response has one body, not %s=" % "= and ".join(given))
    fields = [(to_native(name, "latin-1"), _value(value)) for name, value in pairs_of(headers)]
    content_type = None
    if json is not None:
        body, content_type = encode_json(json), JSON
    elif text is not None:
        if not isinstance(text, string_types):
            raise TypeError("text= must be text, not %s" % type(text).__name__)
        body, content_type = to_bytes(text), _TEXT
    else:
        body = b"" if content is None else checked_bytes(content, "content=")
    if content_type is not None and not has_field(fields, "content-type"):
        fields.append(("Content-Type", content_type))
    return body, fields


def checked_bytes(data, what):
    # type: (Any, str) -> bytes
    """``data`` as bytes. Raises: TypeError: it is neither bytes nor a bytearray."""
    if not isinstance(data, (bytes, bytearray)):
        raise TypeError("%s must be bytes, not %s" % (what, type(data).__name__))
    return bytes(data)


def has_field(fields, name):
    # type: (List[Tuple[str, str]], str) -> bool
    """Whether one of ``fields`` is called ``name`` (in lower case)."""
    return any(each.lower() == name for each, _ in fields)


def _value(value):
    if isinstance(value, (bytes, text_type)):
        return to_native(value, "latin-1")
    return str(value)
