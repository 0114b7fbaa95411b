"""The beginning of the response's body."""

from __future__ import absolute_import, division, print_function

import json
from collections import OrderedDict

from waterspout._compat import TYPE_CHECKING
from waterspout.service._json_bodies.strict_decoder import decode_json_array, decode_json_object
from waterspout.service._operations.debug_page.markup import element, escaped
from waterspout.service._operations.debug_page.masking import (
    MASK,
    as_text,
    is_secret_name,
    masked_text,
)
from waterspout.service.exceptions import InvalidInput

if TYPE_CHECKING:
    from typing import Any, Optional, Text  # noqa: F401

    from waterspout.service._operations.debug_page.debug_record import DebugRecord  # noqa: F401

#: Bytes that are shown of a body that is not JSON, or longer than what was kept.
SHOWN_BYTES = 4096

#: Characters of JSON that was laid out for reading.
_MOST_CHARACTERS = 32 * 1024


def body_section(record):
    # type: (DebugRecord) -> Text
    """Return the heading and the text as HTML."""
    count = record.body_bytes
    if not count:
        return element(u"h3", u"No body")
    if any(name.lower() == "content-encoding" for name, _ in record.headers):
        return element(u"h3", u"Body: %d bytes, which are compressed and not shown" % count)
    text = _laid_out(record.body) if count == len(record.body) else None
    if text is not None:
        return element(u"h3", u"Body: %d bytes of JSON" % count) + _shown(text, _MOST_CHARACTERS)
    heading = u"Body: %d bytes" % count
    if count > SHOWN_BYTES:
        heading = u"Body: the first %d of %d bytes" % (SHOWN_BYTES, count)
    return element(u"h3", heading) + _shown(as_text(record.body[:SHOWN_BYTES]), SHOWN_BYTES)


def _shown(text, most):
    # type: (Text, int) -> Text
    return element(u"pre", escaped(masked_text(text, most)))


def _laid_out(body):
    # type: (bytes) -> Optional[Text]
    """The JSON of ``body`` with indentation; None if it is none."""
    decode = decode_json_array if body.lstrip()[:1] == b"[" else decode_json_object
    try:
        value = decode(body, OrderedDict)
    except InvalidInput:
        return None
    return as_text(json.dumps(
        _without_secrets(value), indent=2, ensure_ascii=False, separators=(",", ": ")))


def _without_secrets(value):
    # type: (Any) -> Any
    """The same value, whose levels the decoder has limited, with members of secret names masked."""
    if isinstance(value, list):
        return [_without_secrets(each) for each in value]
    if not isinstance(value, dict):
        return value
    return OrderedDict(
        (name, MASK if is_secret_name(name) else _without_secrets(each))
        for name, each in value.items())
