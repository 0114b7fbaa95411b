"""Strict JSON: bytes from a stranger to a dict, or one sentence that says what is wrong.

Python's ``json`` is lenient where RFC 8259 leaves room, and what it lets through breaks
further down (in the encoder, in SQL, in another parser). So this reader refuses:

- anything but UTF-8: a byte order mark, UTF-16, lone surrogates, raw or escaped;
- a name given twice in one object, because two readers may choose different values;
- ``NaN``, ``Infinity`` and numbers that overflow to them, which JSON cannot carry on;
- integers longer than ``MAX_INTEGER_DIGITS`` and nesting deeper than ``MAX_DEPTH``.
"""

from __future__ import absolute_import, division, print_function

import functools
import json
import re

from waterspout.service.errors import InvalidInput

#: Containers within containers. Python's encoder gives up near 1000 and how near depends on
#: the stack it is called from; .NET stops at 64, PHP at 512. Data of people stays below 20.
MAX_DEPTH = 64

#: Converting digits to an int takes quadratic time. CPython 3.11 chose 4300; so do we, everywhere.
MAX_INTEGER_DIGITS = 4300

# Surrogates written as UTF-8. RFC 3629 section 3 prohibits them; Python 2 decodes them.
_RAW_SURROGATE = re.compile(b"\xed[\xa0-\xbf]")

_LONE_SURROGATE = re.compile(
    u"[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]"
)


def decode_json_object(body, object_type=dict):
    # type: (bytes, Type[dict]) -> dict
    """Decode one JSON object.

    Args:
        body (bytes): the whole text.
        object_type (type): what objects become; OrderedDict where the order of names matters,
            which Python 2's dict forgets.
    Returns: object_type, with text (unicode) keys and values.
    Raises: InvalidInput: and nothing else, whatever the bytes.
    """
    value = _decode(body, object_type, "object")
    if not isinstance(value, dict):
        raise InvalidInput("the body is JSON, but not an object")
    return value


def decode_json_array(body, object_type=dict):
    # type: (bytes, Type[dict]) -> list
    """Decode one JSON array, as strictly as :func:`decode_json_object` does an object."""
    value = _decode(body, object_type, "array")
    if not isinstance(value, list):
        raise InvalidInput("the body is JSON, but not an array")
    return value


def _decode(body, object_type, expected):
    # type: (bytes, Type[dict], str) -> Any
    if not body.strip():
        raise InvalidInput("the body is empty; a JSON %s is expected" % expected)
    text = _decode_utf8(body)
    try:
        value = _decoder(object_type).decode(text)
    except InvalidInput:
        raise
    except ValueError as error:
        raise InvalidInput("the body is not JSON: %s" % error)
    except RuntimeError:  # Python 3 calls it RecursionError, which is one.
        raise InvalidInput(_TOO_DEEP)
    _refuse_depth(value, body, object_type)
    _refuse_lone_surrogates(value, text)
    return value


_TOO_DEEP = "the body is nested deeper than %d levels" % MAX_DEPTH


def _decode_utf8(body):
    # type: (bytes) -> str
    if body.startswith(b"\xef\xbb\xbf"):
        raise InvalidInput("the body begins with a byte order mark; send plain UTF-8")
    if _RAW_SURROGATE.search(body):
        raise InvalidInput("the body is not UTF-8: it holds an encoded surrogate")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInput("the body is not UTF-8 (byte %d)" % error.start)


def _refuse_depth(value, body, object_type):
    # type: (Any, bytes, Type[dict]) -> None
    """Walk the containers level by level, if there are enough of them to be deep."""
    if body.count(b"[") + body.count(b"{") <= MAX_DEPTH:
        return
    # Classes, because `isinstance` would make this as long as the decoding: a body of thousands
    # of rows has tens of thousands of values. The decoder made them, of just these classes.
    containers = frozenset([list, object_type])
    level, depth = [value] if value.__class__ in containers else [], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise InvalidInput(_TOO_DEEP)
        level = [
            child
            for container in level
            for child in (container if container.__class__ is list else container.values())
            if child.__class__ in containers
        ]


def _refuse_lone_surrogates(value, text):
    # type: (Any, str) -> None
    """Half a pair can only come from an escape, so most texts need no second look."""
    if u"\\ud" in text or u"\\uD" in text:
        if _LONE_SURROGATE.search(json.dumps(value, ensure_ascii=False)):
            raise InvalidInput("the body holds half a surrogate pair, which is not text")


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


def _decoder(object_type):
    # type: (Type[dict]) -> json.JSONDecoder
    if object_type not in _DECODERS:
        _DECODERS[object_type] = json.JSONDecoder(
            object_pairs_hook=functools.partial(_unique, object_type),
            parse_int=_integer,
            parse_float=_finite,
            parse_constant=_constant,
        )
    return _DECODERS[object_type]


def _unique(object_type, pairs):
    # type: (Type[dict], list) -> dict
    value = object_type(pairs)
    if len(value) != len(pairs):
        raise InvalidInput("the body gives the same name twice in one object")
    return value


_DECODERS = {}
