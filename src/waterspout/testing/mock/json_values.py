"""Compares and shows JSON values."""

from __future__ import absolute_import, division, print_function

import json

from waterspout._compat import TYPE_CHECKING, Mapping, string_types, to_text

if TYPE_CHECKING:
    from typing import Any, List, Text  # noqa: F401


def plain(value):
    # type: (Any) -> Any
    """``value`` as it would be after encoding and decoding: text, lists, text as keys.

    What JSON has no form for stays as it is, so that objects like ``unittest.mock.ANY`` may stand
    anywhere in a value that is expected.
    """
    if isinstance(value, string_types):
        return to_text(value)
    if isinstance(value, Mapping):
        return dict((_key(key), plain(each)) for key, each in value.items())
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    return value


def same(expected, sent):
    # type: (Any, Any) -> bool
    """Whether both are the same JSON value; unlike ``==``, 1 is not true."""
    if isinstance(expected, dict) and isinstance(sent, dict):
        return set(expected) == set(sent) and all(
            same(expected[key], sent[key]) for key in expected)
    if isinstance(expected, list) and isinstance(sent, list):
        return len(expected) == len(sent) and all(map(same, expected, sent))
    if isinstance(expected, (bool, int, float)) and isinstance(expected, bool) != isinstance(
            sent, bool):
        return False
    return bool(expected == sent)


def lines(value):
    # type: (Any) -> List[Text]
    """``value`` as indented JSON, with sorted keys, so that equal values have equal lines."""
    shown = json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False, default=repr,
                       separators=(",", ": "))
    return to_text(shown).splitlines()


def _key(key):
    if isinstance(key, string_types):
        return to_text(key)
    return to_text(json.dumps(key, default=repr))
