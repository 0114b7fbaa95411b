"""What a client is told of an error that a keyword of the package jsonschema has found.

Its own texts quote the value, which may be long, or a secret. The numbers, names and patterns here
are the schema's.
"""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, Text  # noqa: F401

#: By the keyword; ``%s`` is its value in the schema.
_DETAILS = {
    "minimum": u"must be at least %s",
    "maximum": u"must be at most %s",
    "exclusiveMinimum": u"must be more than %s",
    "exclusiveMaximum": u"must be less than %s",
    "multipleOf": u"must be a multiple of %s",
    "minLength": u"must have at least %s characters",
    "maxLength": u"must have at most %s characters",
    "pattern": u"must match the pattern %s",
    "format": u"must be in the format %s",
    "dependencies": u"lacks a property that it needs beside the others",
    "dependentRequired": u"lacks a property that it needs beside the others",
    "unevaluatedItems": u"has items that are not allowed",
    "unevaluatedProperties": u"has properties that are not allowed",
}


def detail_of(error):
    # type: (Any) -> Text
    """Return the sentence for a ``ValidationError`` of jsonschema."""
    keyword, value = error.validator, error.validator_value
    if keyword in ("minimum", "maximum") and error.schema.get(  # Draft 4.
            "exclusiveMinimum" if keyword == "minimum" else "exclusiveMaximum") is True:
        keyword = "exclusiveM" + keyword[1:]
    detail = _DETAILS.get(keyword)
    if detail is None:
        return u"is not allowed" if keyword is None else u"does not fit %s of the schema" % keyword
    return detail % (value,) if "%" in detail else detail
