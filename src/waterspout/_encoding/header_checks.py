"""Validates a request's method and header fields, against header injection.

A CR or LF that reaches the wire ends the field and begins another one, or another request. Tornado
5.1 lets some through, so that the check is made here and not left to transports.
"""

from __future__ import absolute_import, division, print_function

import re

from waterspout._compat import string_types, to_bytes, to_native
from waterspout.exceptions import InvalidHeader
from waterspout.structures import Headers

_COMMON = ("GET", "OPTIONS", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_COMMON_METHODS = dict((name, name) for name in _COMMON)

#: The most common methods as bytes.
METHOD_BYTES = dict((name, to_bytes(name)) for name in _COMMON)

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")  # RFC 9110 section 5.6.2
# RFC 9110 section 5.5, without leading whitespace (which requests refuses too).
_FIELD_VALUE = re.compile(r"(?:[\x21-\x7e\x80-\xff][\t\x20-\x7e\x80-\xff]*)?\Z")


class ValidHeaders(Headers):
    """Headers that have been checked. Not to be changed: a `copy` is plain Headers."""

    __slots__ = ()


def valid_method(method):
    # type: (Union[str, bytes]) -> str
    """``method`` in upper case. Raises: InvalidHeader unless it is a token."""
    common = _COMMON_METHODS.get(method)  # A native str, even for text on 2.7.
    if common is not None:
        return common
    if isinstance(method, string_types):
        try:
            native = to_native(method, "ascii")
        except UnicodeError:
            native = ""
        if _TOKEN.match(native):
            return native.upper()
    raise InvalidHeader("%r is not an HTTP method" % (method,))


def valid_headers(headers):
    # type: (Any) -> ValidHeaders
    """What is given, checked; a value of None is left out. Raises: InvalidHeader.

    Text is sent as Latin-1, as in requests; for anything else give bytes.
    """
    if isinstance(headers, ValidHeaders):
        return headers
    if isinstance(headers, Headers):
        pairs = headers.get_all()
    else:
        pairs = headers.items() if hasattr(headers, "items") else headers or ()
    return ValidHeaders(
        (valid_name(name), _valid_value(name, value)) for name, value in pairs if value is not None
    )


def valid_name(name):
    # type: (Union[str, bytes]) -> str
    """``name`` as native ``str``. Raises: InvalidHeader unless it is a token."""
    native = _latin1(name)
    if native is None or not _TOKEN.match(native):
        raise InvalidHeader("%r is not a header name" % (name,))
    return native


def _valid_value(name, value):
    native = _latin1(value)
    if native is None or not _FIELD_VALUE.match(native):
        # The value may be a secret: show only the header's name.
        raise InvalidHeader(
            "header %s: its value, of type %s, must be text (Latin-1) or bytes, "
            "without control characters or leading whitespace" % (name, type(value).__name__)
        )
    return native.rstrip(" \t")  # Trailing whitespace is not part of the value.


def _latin1(value):
    if not isinstance(value, string_types):
        return None
    try:
        return to_native(value, "latin-1")
    except UnicodeEncodeError:
        return None
