"""What may stand in a request's method and header fields: the guard against injection.

A CR, LF or NUL that reaches the wire ends the field and starts another, or another
request. Tornado 5.1 lets some through, so nothing is left to the transports.
"""

from __future__ import absolute_import, division, print_function

import re

from waterspout._compat import string_types, to_native
from waterspout.exceptions import InvalidHeader
from waterspout.structures import Headers

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")  # RFC 9110 section 5.6.2
# RFC 9110 section 5.5, without leading white space (requests refuses it as well).
_FIELD_VALUE = re.compile(r"(?:[\x21-\x7e\x80-\xff][\t\x20-\x7e\x80-\xff]*)?\Z")


def valid_method(method):
    # type: (Union[str, bytes]) -> str
    """``method`` in upper case. Raises: InvalidHeader unless it is a token."""
    if isinstance(method, string_types):
        try:
            native = to_native(method, "ascii")
        except UnicodeError:
            native = ""
        if _TOKEN.match(native):
            return native.upper()
    raise InvalidHeader("%r is not an HTTP method" % (method,))


def valid_headers(headers):
    # type: (Any) -> Headers
    """A Headers of its own; a value of None is left out. Raises: InvalidHeader.

    Text is sent as Latin-1, as in requests; for anything else give bytes.
    """
    if isinstance(headers, Headers):
        pairs = headers.get_all()
    else:
        pairs = headers.items() if hasattr(headers, "items") else headers or ()
    valid = Headers()
    for name, value in pairs:
        if value is not None:
            valid.add(_valid_name(name), _valid_value(name, value))
    return valid


def _valid_name(name):
    native = _latin1(name)
    if native is None or not _TOKEN.match(native):
        raise InvalidHeader("%r is not a header name" % (name,))
    return native


def _valid_value(name, value):
    native = _latin1(value)
    if native is None or not _FIELD_VALUE.match(native):
        # The value may be a secret: name the header only.
        raise InvalidHeader(
            "header %s: its value, of type %s, must be text (Latin-1) or bytes, "
            "without control characters or leading white space" % (name, type(value).__name__)
        )
    return native.rstrip(" \t")  # No part of the value.


def _latin1(value):
    if not isinstance(value, string_types):
        return None
    try:
        return to_native(value, "latin-1")
    except UnicodeEncodeError:
        return None
