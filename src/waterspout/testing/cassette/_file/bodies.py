"""How a body stands in the file: JSON as JSON, text as text, anything else in Base64."""

from __future__ import absolute_import, division, print_function

import binascii
import re
from base64 import b64decode, b64encode
from collections import OrderedDict

from waterspout._compat import TYPE_CHECKING, string_types, text_type, to_bytes, to_text
from waterspout.testing.cassette.json_text import (
    LONE_SURROGATE,
    STYLES,
    USUAL,
    dumped,
    parsed_json,
    style_of,
)

if TYPE_CHECKING:
    from typing import Any, List, Optional  # noqa: F401

    from waterspout.testing.cassette._file.checks import Place  # noqa: F401

#: Characters that no text has: it is binary data that happens to be UTF-8.
_BINARY = re.compile(u"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

_BASE64 = re.compile(br"[A-Za-z0-9+/\s]*=?\s*=?\s*\Z")


def written_body(pieces):
    # type: (List[bytes]) -> Any
    """The value for the file; None if there is no body."""
    if len(pieces) > 1:
        return OrderedDict([("pieces", [_written(piece, False) for piece in pieces])])
    return _written(pieces[0], True) if pieces else None


def _written(body, may_be_json):
    value = parsed_json(body) if may_be_json else None
    style = None if value is None else style_of(value, body)
    if style is not None:
        written = OrderedDict([("json", value)])
        if style != USUAL:
            written["style"] = style
        return written
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = None
    # py2: its UTF-8 has lone surrogates too.
    if text is None or _BINARY.search(text) or LONE_SURROGATE.search(text):
        return OrderedDict([("base64", to_text(b64encode(body)))])
    return OrderedDict([("text", _lines(text))])


def _lines(text):
    # A line of its own in the file for each, so that a diff shows what has changed.
    lines = [line + u"\n" for line in text.split(u"\n")]
    lines[-1] = lines[-1][:-1]
    lines = [line for line in lines if line]
    return lines if len(lines) > 1 else text


def read_body(place):
    # type: (Place) -> List[bytes]
    """The pieces. Raises: InvalidCassette."""
    if place.value is None:
        return []
    if "pieces" in place.a("an object"):
        return [_read(piece) for piece in place.member("pieces").items()]
    return [_read(place)]


def _read(place):
    # type: (Place) -> bytes
    members = place.a("an object")
    if "text" in members:
        return _read_text(place.member("text"))
    if "base64" in members:
        return read_base64(place.member("base64"))
    if "json" in members:
        style = place.member("style", USUAL)
        if style.a("text") not in STYLES:
            raise style.refuse("%r is not one of %s" % (style.value, ", ".join(STYLES)))
        text = dumped(members["json"], style.native())
        if LONE_SURROGATE.search(text):
            raise place.refuse("half of a surrogate pair; add \"style\": \"spaced ascii\"")
        return text.encode("utf-8")
    raise place.refuse('has neither "text" nor "json" nor "base64"')


def _read_text(place):
    if isinstance(place.value, string_types):
        return _utf8(place)
    return b"".join(_utf8(line) for line in place.items())


def _utf8(place):
    text = place.a("text")
    if not isinstance(text, text_type):  # py2: an empty one.
        return text
    if LONE_SURROGATE.search(text):
        raise place.refuse("half of a surrogate pair is no text")
    return text.encode("utf-8")


def read_base64(place):
    # type: (Place) -> bytes
    encoded = to_bytes(place.native("ascii"))
    if not _BASE64.match(encoded):  # Python would skip what is none.
        raise place.refuse("not Base64: %.40r" % place.value)
    try:
        return b64decode(encoded)
    except (binascii.Error, TypeError) as error:  # py2: TypeError.
        raise place.refuse("not Base64: %s" % error)
