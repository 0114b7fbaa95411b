"""The rules for JSON in a request body, and the sentences for what breaks them.

Python's ``json`` accepts more than RFC 8259 requires, and some of that breaks later: in the
encoder, in SQL, in another parser. These are refused:

- any encoding but UTF-8; a byte order mark; lone surrogates, raw or escaped;
- a name given twice in one object, because two readers may choose different values;
- ``NaN``, ``Infinity`` and numbers too large for a float, which JSON cannot represent;
- integers longer than ``MAX_INTEGER_DIGITS`` and nesting deeper than ``MAX_DEPTH``.
"""

from __future__ import absolute_import, division, print_function

import functools
import json
import re

from waterspout._compat import TYPE_CHECKING
from waterspout._json_text.loads import decoding_with
from waterspout.service.exceptions import InvalidInput

if TYPE_CHECKING:
    from typing import Any, Callable, Dict, FrozenSet, List, Optional, Text, Tuple, Type  # noqa: F401

#: Levels of arrays and objects. Python's encoder fails near 1000, depending on the stack it is
#: called from; .NET stops at 64, PHP at 512. Real data stays below 20.
MAX_DEPTH = 64

#: Converting digits to an int takes quadratic time. CPython 3.11 limits them to 4300; we do so
#: on every Python.
MAX_INTEGER_DIGITS = 4300

TOO_DEEP = "the body is nested deeper than %d levels" % MAX_DEPTH
NAME_TWICE = "the body gives the same name twice in one object"
HALF_PAIR = "the body holds half a surrogate pair, which is not text"

#: Surrogates encoded as UTF-8. RFC 3629 section 3 prohibits them; Python 2 decodes them.
RAW_SURROGATE = re.compile(b"\xed[\xa0-\xbf]")

_LONE_SURROGATE = re.compile(
    u"[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]"
)


def not_json(error):
    # type: (ValueError) -> InvalidInput
    """Return the refusal for an error of Python's decoder."""
    return InvalidInput("the body is not JSON: %s" % error)


def refuse_byte_order_mark(body):
    # type: (bytes) -> None
    """Raise InvalidInput if the body begins with a byte order mark (RFC 8259 section 8.1)."""
    if body.startswith(b"\xef\xbb\xbf"):
        raise InvalidInput("the body begins with a byte order mark; send plain UTF-8")


def refuse_raw_surrogates(body):
    # type: (bytes) -> None
    """Raise InvalidInput if the body holds a surrogate encoded as UTF-8."""
    if RAW_SURROGATE.search(body):
        raise InvalidInput("the body is not UTF-8: it holds an encoded surrogate")


def decode_utf8(data, start=0):
    # type: (bytes, int) -> Text
    """Return the text of ``data``, which begins at byte ``start`` of the body."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInput("the body is not UTF-8 (byte %d)" % (start + error.start))


def is_deeper(value, levels, containers):
    # type: (Any, int, FrozenSet[type]) -> bool
    """Return whether arrays and objects are nested deeper than ``levels``.

    Args:
        containers: the classes of arrays and objects. The decoder makes just these, so comparing
            ``__class__`` is enough; `isinstance` would take as long as the decoding, because a
            body of thousands of rows has tens of thousands of values.
    """
    level, depth = [value] if value.__class__ in containers else [], 0
    while level:
        depth += 1
        if depth > levels:
            return True
        level = [
            child
            for container in level
            for child in (container if container.__class__ is list else container.values())
            if child.__class__ in containers
        ]
    return False


def may_hold_half_pairs(text, start=0, end=None):
    # type: (Text, int, Optional[int]) -> bool
    """Return False if no value in ``text[start:end]`` can hold half a surrogate pair.

    Half a pair can only come from an escape, so most texts need no closer check.
    """
    end = len(text) if end is None else end
    return text.find(u"\\ud", start, end) >= 0 or text.find(u"\\uD", start, end) >= 0


def holds_half_pair(value):
    # type: (Any) -> bool
    """Return whether a text in ``value`` holds half a surrogate pair."""
    return _LONE_SURROGATE.search(json.dumps(value, ensure_ascii=False)) is not None


def decoder_for(object_type, characters):
    # type: (Type[dict], int) -> json.JSONDecoder
    """Return a decoder that makes ``object_type`` of objects and refuses names and numbers.

    It checks what its hooks see. Nesting and half pairs are left to the caller.

    Args:
        characters (int): of the text. One that is shorter than the longest integer needs no hook
            for integers, which would be called for each of them.
    """
    return _decoder(object_type, characters)[0]


def decoding_for(object_type, characters):
    # type: (Type[dict], int) -> Callable[[Text], Any]
    """Return a function with the results and errors of its ``decode``, in less time."""
    return _decoder(object_type, characters)[1]


def _decoder(object_type, characters):
    parse_int = int if characters <= MAX_INTEGER_DIGITS else _integer
    key = object_type, parse_int
    found = _DECODERS.get(key)
    if found is None:
        decoder = json.JSONDecoder(
            object_pairs_hook=functools.partial(_unique, object_type),
            parse_int=parse_int,
            parse_float=_finite,
            parse_constant=_constant,
        )
        found = _DECODERS[key] = decoder, decoding_with(decoder)
    return found


#: By the class of objects and the function for integers: a decoder, and how to call it.
_DECODERS = {}  # type: Dict[Tuple[Type[dict], Callable[[str], int]], Tuple[json.JSONDecoder, Callable[[Text], Any]]]  # noqa: E501


def _unique(object_type, pairs):
    # type: (Type[dict], List[Tuple[Text, Any]]) -> dict
    value = object_type(pairs)
    if len(value) != len(pairs):
        raise InvalidInput(NAME_TWICE)
    return value


def _integer(digits):
    # type: (str) -> int
    if len(digits) > MAX_INTEGER_DIGITS:
        raise InvalidInput("the body holds an integer of more than %d digits" % MAX_INTEGER_DIGITS)
    return int(digits)


def _finite(digits):
    # type: (str) -> float
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise InvalidInput("the body holds a number that is out of range")
    return number


def _constant(name):
    # type: (str) -> None
    raise InvalidInput("the body holds %s, which is not JSON" % name)
