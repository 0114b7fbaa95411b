"""Secrets in what the debug page shows, masked as in the log."""

from __future__ import absolute_import, division, print_function

import re

from waterspout._compat import TYPE_CHECKING, text_type
from waterspout.service._json_handler.response_excerpt import MASK, masked
from waterspout.service._operations.debug_page.debug_secret import FIELD
from waterspout.structures import SECRET_HEADERS

if TYPE_CHECKING:
    from typing import Any, Text  # noqa: F401

_SECRET_FIELDS = SECRET_HEADERS | frozenset([FIELD.lower()])

_is_secret = re.compile(
    u"authori[sz]ation|cookie|credential|token|jwt|password|passwd|pwd|passphrase|secret|"
    u"(?:api|auth|access|private)[-_]?key|signature|session[-_]?id").search

#: Characters of a value that are looked at and shown.
MOST = 1000


def masked_field(name, value):
    # type: (Any, Any) -> Text
    """Return the value of a header field, ``***`` if its name says that it is secret."""
    name, value = as_text(name), as_text(value)
    return MASK if is_secret_name(name) else masked_text(value)


def is_secret_name(name):
    # type: (Text) -> bool
    """Whether a field or a member of this name has a secret, as far as names say that."""
    lower = name.lower()
    return lower in _SECRET_FIELDS or _is_secret(lower) is not None


def masked_text(value, most=MOST):
    # type: (Any, int) -> Text
    """Return text in which values of secret names are replaced by ``***``, and its end by dots."""
    text = as_text(value)
    shown = masked(text[:most])
    return shown if len(text) <= most else shown + u"\u2026"


def as_text(value):
    # type: (Any) -> Text
    """Return ``value`` as text, whatever bytes it has."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if isinstance(value, text_type) else text_type(value)
