"""Validates a request's method and header fields, against header injection.

A CR or LF that reaches the wire ends the field and begins another one, or another request. Tornado
5.1 lets some through, so that the check is made here and not left to transports.
"""

from __future__ import absolute_import, division, print_function

import re

from waterspout._bounded_stores import keep
from waterspout._compat import TYPE_CHECKING, text_type, to_bytes, to_native
from waterspout._wire import grammar
from waterspout._wire.field_lines import encode_line, invalid_value
from waterspout.exceptions import InvalidHeader

if TYPE_CHECKING:
    from typing import Any, Dict, Tuple, Union  # noqa: F401

_COMMON = ("GET", "OPTIONS", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_COMMON_METHODS = dict((name, name) for name in _COMMON)

#: The most common methods as bytes.
METHOD_BYTES = dict((name, to_bytes(name)) for name in _COMMON)

#: A field value cannot begin with these: recipients would ignore them (RFC 9112 section 5).
_BLANKS = frozenset([b" ", b"\t"])

#: What `_checked_name` returned, by name. A program uses a handful of names; values, which may be
#: secrets, are never kept, nor are long names, which a program may have from its own clients.
_names = {}  # type: Dict[str, Tuple[str, str, bytes, bytes]]
_NAME_ENTRIES = 512
_NAME_CHARACTERS = 64

_match_value = grammar.FIELD_VALUE.match

#: Whether a value is visible ASCII, with spaces inside at most.
_is_plain = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?\Z").match


def valid_method(method):
    # type: (Union[str, bytes]) -> str
    """``method`` in upper case. Raises: InvalidHeader unless it is a token."""
    common = _COMMON_METHODS.get(method)  # A native str, even for text on 2.7.
    if common is not None:
        return common
    native = _token(method)
    if native is None:
        raise InvalidHeader("%r is not an HTTP method" % (method,))
    return native.upper()


def valid_name(name):
    # type: (Union[str, bytes]) -> str
    """``name`` as native ``str``. Raises: InvalidHeader unless it is a token."""
    native = _token(name)
    if native is None:
        raise InvalidHeader("%r is not a header name" % (name,))
    return native


def checked_field(name, value):
    # type: (Any, Any) -> Tuple[str, str, str, Tuple[bytes, bytes]]
    """Check one header field. Return its lower-case name, name, value, and item for
    `FieldLines.of_lines`.

    Text is sent as Latin-1, as in requests; pass bytes for another encoding.
    Raises: InvalidHeader. Its text never has the value, which may be a secret.
    """
    known = _names.get(name) if type(name) is str else None
    if known is not None and type(value) is str and _is_plain(value) is not None:
        # Nearly always. What follows would find the same in twice as many steps.
        return known[0], known[1], value, (
            known[2], known[3] + value.encode("ascii") + b"\r\n")
    key, native, line_key, start = known or _checked_name(name)
    encoded = _latin1(value)
    if encoded is None or encoded[:1] in _BLANKS:  # As in requests.
        raise InvalidHeader(
            "header %s: its value, of type %s, must be text (Latin-1) or bytes, "
            "without control characters or leading whitespace" % (native, type(value).__name__))
    stripped = encoded.rstrip(grammar.OWS)  # Trailing whitespace is not part of the value.
    if _match_value(stripped) is None:
        raise invalid_value(to_bytes(native, "latin-1"))
    if type(value) is not str or len(stripped) != len(value):
        value = to_native(stripped, "latin-1")
    return key, native, value, (line_key, start + stripped + b"\r\n")


def _checked_name(name):
    # type: (Any) -> Tuple[str, str, bytes, bytes]
    """A field name in lower case and as it is, in lower case as bytes, and the line's start.

    Raises: InvalidHeader.
    """
    encoded = _latin1(name)
    if encoded is None:
        raise InvalidHeader("%r is not a header name" % (name,))
    encode_line(encoded, b"")
    native = to_native(encoded, "latin-1")
    checked = (native.lower(), native, encoded.lower(), encoded + b": ")
    if type(name) is str and len(name) <= _NAME_CHARACTERS:
        keep(_names, name, checked, _NAME_ENTRIES)
    return checked


def _token(name):
    """``name`` as native ``str``; None unless it is a token (RFC 9110 section 5.6.2)."""
    encoded = _latin1(name)
    if encoded is None or grammar.TOKEN.match(encoded) is None:
        return None
    return to_native(encoded, "latin-1")


def _latin1(value):
    """``value`` as bytes; None unless it is bytes or Latin-1 text."""
    if isinstance(value, bytes):
        return value
    if not isinstance(value, text_type):
        return None
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return None
