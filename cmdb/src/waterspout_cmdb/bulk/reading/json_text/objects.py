"""JSON objects, each a row: read strictly, so that nothing in them is lost."""

from __future__ import absolute_import, division, print_function

import json
import re

from waterspout_cmdb.bulk.surrogates import HALVES
from waterspout_cmdb.bulk.written_float import WrittenFloat

#: Digits of a number; Python takes long for many of them, and no attribute has so many.
MAX_DIGITS = 1000

_LONE = re.compile(HALVES)
_INFINITE = (float("inf"), float("-inf"))


class ObjectDecoder(object):
    """Reads one JSON object of a text at a time."""

    def __init__(self):
        # type: () -> None
        self._pairs = []
        self._decode = json.JSONDecoder(
            object_pairs_hook=self._object, parse_constant=_refuse_constant, parse_int=_int,
            parse_float=_float).raw_decode

    def decode(self, text, start=0):
        # type: (Text, int) -> tuple[list, int]
        """Return the names and values, as pairs in their order, and where the object ends.

        Args:
            start: where in the text the object begins.
        Raises: ValueError: it is no object, is not valid, or is nested too deeply.
        """
        if text[start : start + 1] != u"{":
            raise ValueError("is no object in braces, as in {\"name\": \"web-1\"}")
        try:
            _, end = self._decode(text, start)
        except RuntimeError:  # RecursionError, which 2.7 does not know.
            raise ValueError("is nested too deeply")
        pairs, self._pairs = self._pairs, []  # The outermost object is ready last.
        if text.find(u"\\u", start, end) >= 0:
            _refuse_halves(pairs)
        return pairs, end

    def _object(self, pairs):
        found = dict(pairs)
        if len(found) != len(pairs):
            seen = set()
            for name, _ in pairs:
                if name in seen:
                    raise ValueError(u'has the name "%s" twice' % name)
                seen.add(name)
        self._pairs = pairs
        return found


def shown(error):
    # type: (ValueError) -> Text
    """Return what is wrong, without the decoder's own line and column."""
    text = u"%s" % (error,)
    if text.startswith((u"is ", u"has ")):
        return text
    return u"is not valid JSON (%s)" % text.split(u": line ")[0].split(u" (char ")[0]


def _int(digits):
    if len(digits) > MAX_DIGITS:
        raise ValueError("has a number of more than %d digits" % MAX_DIGITS)
    return int(digits)


def _float(digits):
    value = float(digits)
    if value in _INFINITE:
        raise ValueError("has a number that is too large: %s" % digits[:40])
    return value if repr(value) == digits else WrittenFloat(u"%s" % digits)


def _refuse_constant(name):
    raise ValueError("has %s, which JSON does not know; write null" % name)


def _refuse_halves(value):
    """Refuse text with half of a character, which cannot be written in any encoding."""
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(value)
            waiting.extend(value.values())
        elif isinstance(value, (list, tuple)):
            waiting.extend(value)
        elif isinstance(value, type(u"")) and _LONE.search(value):
            raise ValueError("has half of a character, such as \\ud83d without what follows it")
