"""Values as JSON can represent them, and shortened until their text fits."""

from __future__ import absolute_import, division, print_function

import collections
import json
import math

from waterspout._compat import TYPE_CHECKING, integer_types, text_type, to_text
from waterspout.service.log_lines import one_line

if TYPE_CHECKING:
    from typing import Any, Dict, List, Mapping, Optional, Text, Tuple  # noqa: F401

#: In place of what was left out: the end of a text, a key of a mapping, the last item of a list.
MARK = u"..."

#: Mappings and lists within each other, at most.
_LEVELS = 6

#: Of an int. Python refuses to write one of more than some thousand digits.
_MAX_BITS = 1024

#: (items of a mapping or list, characters of a text), tried one after the other.
_LIMITS = ((None, None), (40, 200), (10, 80), (3, 40), (1, 20))


def plain(value, max_items=None, max_characters=None, levels=_LEVELS):
    # type: (Any, Optional[int], Optional[int], int) -> Any
    """Return ``value`` as JSON can represent it. It never raises.

    Numbers that are not finite become None, and objects of other classes text. Beyond the limits a
    text ends with ``...``, a mapping has the key ``"..."`` and a list a last item ``"... 3 more"``.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, integer_types):
        return value if value.bit_length() <= _MAX_BITS else _text(value, max_characters)
    if isinstance(value, float):
        return value if not (math.isnan(value) or math.isinf(value)) else None
    if isinstance(value, (bytes, text_type)):
        return _text(value, max_characters)
    items = _items(value) if levels else None
    if items is not None:
        return _mapping(items, max_items, max_characters, levels - 1)
    if isinstance(value, (list, tuple, set, frozenset)) and levels:
        kept = list(value)[:max_items]
        found = [plain(each, max_items, max_characters, levels - 1) for each in kept]
        return found + _rest(len(value) - len(kept))
    return _text(value, max_characters)


def fitting_json(mapping, max_bytes):
    # type: (Mapping[str, Any], int) -> bytes
    """Return ``mapping`` as JSON of at most ``max_bytes``, ASCII, with values shortened until then.

    Its keys stay as long as numbers and short texts fit.
    """
    for max_items, max_characters in _LIMITS:
        shortened = dict(
            (_text(key), plain(value, max_items, max_characters)) for key, value in mapping.items())
        text = _dumped(shortened)
        if len(text) <= max_bytes:
            return text
    return _fewest(shortened, max_bytes)


def _fewest(values, max_bytes):
    # type: (Dict[Text, Any], int) -> bytes
    """Those members that fit, the shortest first."""
    found, left = {MARK: 0}, dict(values)  # type: Dict[Text, Any], Dict[Text, Any]
    for key in sorted(values, key=lambda key: (len(_dumped(values[key])), key)):
        more = dict(found)
        more[key] = left.pop(key)
        more[MARK] = len(left)
        if len(_dumped(more)) > max_bytes:
            break
        found = more
    found[MARK] = len(values) + 1 - len(found)
    return _dumped(found)


def _items(value):
    # type: (Any) -> Optional[List[Tuple[Any, Any]]]
    """Those of a mapping; None if it is none."""
    try:
        return [(key, each) for key, each in value.items()]
    except Exception:  # AttributeError, or what its class raises.
        return None


def _mapping(items, max_items, max_characters, levels):
    # type: (List[Tuple[Any, Any]], Optional[int], Optional[int], int) -> Dict[Text, Any]
    found = collections.OrderedDict()  # type: Dict[Text, Any]
    for key, each in items[:max_items]:
        found[_text(key, max_characters)] = plain(each, max_items, max_characters, levels)
    for rest in _rest(len(items) - len(items[:max_items])):
        found[MARK] = rest
    return found


def _rest(count):
    return [u"%s %d more" % (MARK, count)] if count else []


def _text(value, max_characters=None):
    # type: (Any, Optional[int]) -> Text
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    elif not isinstance(value, text_type):
        try:
            value = to_text(one_line(value))
        except Exception:  # Of its class.
            value = to_text("<%s>" % type(value).__name__)
    if max_characters is not None and len(value) > max_characters:
        value = value[:max_characters] + MARK
    return value


def _dumped(value):
    # type: (Any) -> bytes
    return json.dumps(value, separators=(",", ":")).encode("ascii")
