"""JSON texts as values that can be written again byte for byte, on every Python."""

from __future__ import absolute_import, division, print_function

import json
import re
from collections import OrderedDict

from waterspout._compat import TYPE_CHECKING, to_text
from waterspout._json_text.loads import decoding_with

if TYPE_CHECKING:
    from typing import Any, Optional, Text  # noqa: F401

#: Nested values deeper than this stay text: writing them would exceed Python's recursion limit.
MAX_DEPTH = 50

#: How programs write JSON, by the name in the file: (item separator, key separator, indent).
_LAYOUTS = OrderedDict([
    ("spaced", (u", ", u": ", None)),  # Python's own.
    ("compact", (u",", u":", None)),
    ("indent 2", (u",", u": ", 2)),
    ("indent 4", (u",", u": ", 4)),
])

#: Each with: characters beyond ASCII escaped, a line break at the end.
STYLES = OrderedDict(
    (layout + ascii_only + newline, (layout, bool(ascii_only), newline))
    for newline in ("", " newline") for ascii_only in ("", " ascii") for layout in _LAYOUTS)

#: The style that a file need not name.
USUAL = "spaced"

#: A half of a pair, which UTF-8 cannot encode. (py2: there a character may be a pair in memory.)
LONE_SURROGATE = re.compile(
    u"[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]")


def _refuse_constant(name):
    raise ValueError("%s is not JSON" % name)


_decode = decoding_with(json.JSONDecoder(
    object_pairs_hook=OrderedDict, parse_constant=_refuse_constant))


def loads(text):
    # type: (Text) -> Any
    """Like `json.loads`, with the order of names kept. Raises: ValueError, RuntimeError."""
    if not text:
        raise ValueError("no JSON in an empty text")
    return _decode(text)


def parsed_json(content):
    # type: (bytes) -> Any
    """The value of a JSON object or list in UTF-8; None if it is none, or is nested too deep."""
    if content.lstrip()[:1] not in (b"{", b"["):
        return None
    try:
        value = loads(content.decode("utf-8"))
    except (ValueError, RuntimeError):  # RuntimeError: nested too deep.
        return None
    return value if _is_within(value, MAX_DEPTH) else None


def _is_within(value, depth):
    if isinstance(value, dict):
        value = list(value.values())
    if not isinstance(value, list):
        return True
    return depth > 0 and all(_is_within(each, depth - 1) for each in value)


def unordered(value):
    # type: (Any) -> Any
    """``value`` to compare with another, whatever the order of names: an OrderedDict has one."""
    if isinstance(value, dict):
        return dict((name, unordered(each)) for name, each in value.items())
    return [unordered(each) for each in value] if isinstance(value, list) else value


def dumped(value, style):
    # type: (Any, str) -> Text
    """``value`` as JSON in one of `STYLES`."""
    layout, ascii_only, newline = STYLES[style]
    item, key, indent = _LAYOUTS[layout]
    text = json.dumps(value, ensure_ascii=ascii_only, separators=(item, key), indent=indent)
    return to_text(text) + (u"\n" if newline else u"")


def style_of(value, content):
    # type: (Any, bytes) -> Optional[str]
    """The style in which ``value`` is exactly ``content``; None if there is none."""
    for style in STYLES:
        try:
            if dumped(value, style).encode("utf-8") == content:
                return style
        except UnicodeError:  # A lone surrogate, which only ASCII can tell.
            continue
    return None


def for_file(value):
    # type: (Any) -> bytes
    """The text of a file for people: indented, UTF-8, the same on every Python."""
    text = dumped(value, "indent 2 newline")
    return LONE_SURROGATE.sub(lambda match: u"\\u%04x" % ord(match.group()), text).encode("utf-8")
