"""Validates a request's method and header fields, against header injection.

A CR or LF that reaches the wire ends the field and begins another one, or another request. Tornado
5.1 lets some through, so that the check is made here and not left to transports.
"""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING, string_types, to_bytes, to_native
from waterspout._wire import grammar
from waterspout._wire.field_lines import encode_line
from waterspout.exceptions import InvalidHeader

if TYPE_CHECKING:
    from typing import Any, Tuple, Union  # noqa: F401

_COMMON = ("GET", "OPTIONS", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_COMMON_METHODS = dict((name, name) for name in _COMMON)

#: The most common methods as bytes.
METHOD_BYTES = dict((name, to_bytes(name)) for name in _COMMON)

#: A field value cannot begin with these: recipients would ignore them (RFC 9112 section 5).
_BLANKS = frozenset([b" ", b"\t"])


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
    line_name = _latin1(name)
    if line_name is None:
        raise InvalidHeader("%r is not a header name" % (name,))
    line_value = _latin1(value)
    if line_value is None or line_value[:1] in _BLANKS:  # As in requests.
        raise InvalidHeader(
            "header %s: its value, of type %s, must be text (Latin-1) or bytes, "
            "without control characters or leading whitespace"
            % (to_native(line_name, "latin-1"), type(value).__name__))
    line_value = line_value.rstrip(grammar.OWS)  # Trailing whitespace is not part of the value.
    line = encode_line(line_name, line_value)
    native = to_native(line_name, "latin-1")
    return (native.lower(), native, to_native(line_value, "latin-1"), (line_name.lower(), line))


def _token(name):
    """``name`` as native ``str``; None unless it is a token (RFC 9110 section 5.6.2)."""
    encoded = _latin1(name)
    if encoded is None or grammar.TOKEN.match(encoded) is None:
        return None
    return to_native(encoded, "latin-1")


def _latin1(value):
    """``value`` as bytes; None unless it is bytes or Latin-1 text."""
    if not isinstance(value, string_types):
        return None
    try:
        return to_bytes(value, "latin-1")
    except UnicodeEncodeError:
        return None
