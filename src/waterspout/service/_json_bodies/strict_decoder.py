"""Strict JSON: bytes from a stranger to a dict, or one sentence that says what is wrong.

Python's ``json`` is lenient where RFC 8259 leaves room, and what it lets through breaks
further down (in the encoder, in SQL, in another parser). So this reader refuses:

- anything but UTF-8: a byte order mark, UTF-16, lone surrogates, raw or escaped;
- a name given twice in one object, because two readers may choose different values;
- ``NaN``, ``Infinity`` and numbers that overflow to them, which JSON cannot carry on;
- integers longer than ``MAX_INTEGER_DIGITS`` and nesting deeper than ``MAX_DEPTH``.

A small body is decoded at once. A large one is decoded in steps by :class:`LargeBody`, with the
same result or the same words, so that a service answers others meanwhile.
"""

from __future__ import absolute_import, division, print_function

import functools
import json
import re

from waterspout._json_text.reader import LargeText
from waterspout.service.exceptions import InvalidInput

#: Bytes from which on a body is decoded in steps. Less takes a millisecond or two at once.
LARGE_BYTES = 64 * 1024

#: Bytes that are looked at, or made text of, in one step.
_STEP_BYTES = 256 * 1024

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
    return as_object(_decode(body, object_type, "object"))


def decode_json_array(body, object_type=dict):
    # type: (bytes, Type[dict]) -> list
    """Decode one JSON array, as strictly as :func:`decode_json_object` does an object."""
    return as_array(_decode(body, object_type, "array"))


def as_object(value):
    # type: (Any) -> dict
    """``value``, decoded from a body. Raises: InvalidInput: it is no object."""
    if not isinstance(value, dict):
        raise InvalidInput("the body is JSON, but not an object")
    return value


def as_array(value):
    # type: (Any) -> list
    """``value``, decoded from a body. Raises: InvalidInput: it is no array."""
    if not isinstance(value, list):
        raise InvalidInput("the body is JSON, but not an array")
    return value


class LargeBody(object):
    """A large body that is decoded in short steps, for `waterspout._driver.turns.in_turns`.

    Args:
        body (bytes): the whole text.
        object_type (type): what objects become.
    """

    def __init__(self, body, object_type=dict):
        # type: (bytes, Type[dict]) -> None
        self.object_type = object_type
        self._body = body
        self._value = None
        self._refusal = None  # type: Optional[InvalidInput]

    @staticmethod
    def suits(body):
        # type: (bytes) -> bool
        """Whether it is large, and looks as if it were JSON that takes long to decode."""
        return len(body) >= LARGE_BYTES and _LONG_JSON.match(body) is not None

    def result(self):
        # type: () -> Any
        """What the body holds, when `steps` has ended. Raises: InvalidInput."""
        if self._refusal is not None:
            raise self._refusal
        return self._value

    def steps(self):
        # type: () -> Iterator[None]
        """Do the work; each ``next()`` takes one step. What is wrong is kept for `result`."""
        pieces, body = [], self._body
        self._body = b""
        try:
            _refuse_mark(body)
            for at in range(0, len(body), _STEP_BYTES):
                _refuse_surrogates(body[at:at + _STEP_BYTES + 1])
                yield
            at = 0
            while at < len(body):
                end = _character_end(body, at + _STEP_BYTES)
                pieces.append(_decode_utf8(body[at:end], at))
                at = end
                yield
            del body
            text = _StrictText(u"".join(pieces), self.object_type)
            del pieces
            yield
            for _ in text.steps():
                yield
            self._value = text.result()
        except InvalidInput as error:
            self._refusal = error
        except ValueError as error:
            self._refusal = _not_json(error)


#: The beginning of what may hold more than one token.
_LONG_JSON = re.compile(br"[ \t\r\n]*(?:\[|\{|\")")


class _StrictText(LargeText):
    """A text that is decoded as :func:`_decode` does it."""

    def __init__(self, text, object_type):
        # type: (Text, Type[dict]) -> None
        super(_StrictText, self).__init__(text, _decoder(object_type))
        self.new_object = object_type
        self._containers = frozenset([list, object_type])
        self._too_deep = self._half_pair = False
        self._suspicious = _may_hold_half_pairs(text)

    def end_object(self, value, members):
        if len(value) != members:
            raise InvalidInput(_TWICE)

    def opened(self, depth):
        self._too_deep = self._too_deep or depth > MAX_DEPTH
        try:
            super(_StrictText, self).opened(depth)
        except RuntimeError:
            raise InvalidInput(_TOO_DEEP)

    def decoded(self, value, depth, start, end):
        if value.__class__ in self._containers and not self._too_deep:
            self._too_deep = _is_deeper(value, MAX_DEPTH - depth, self._containers)
        if self._suspicious and not self._half_pair:
            if _may_hold_half_pairs(self._text, start, end):
                self._half_pair = _holds_half_pair(value)

    def result(self):
        # type: () -> Any
        """The value. Raises: InvalidInput: what is only looked at when the rest is right."""
        if self._too_deep:
            raise InvalidInput(_TOO_DEEP)
        if self._half_pair:
            raise InvalidInput(_HALF_PAIR)
        return self.value


def _decode(body, object_type, expected):
    # type: (bytes, Type[dict], str) -> Any
    if not body.strip():
        raise InvalidInput("the body is empty; a JSON %s is expected" % expected)
    _refuse_mark(body)
    _refuse_surrogates(body)
    text = _decode_utf8(body)
    try:
        value = _decoder(object_type).decode(text)
    except InvalidInput:
        raise
    except ValueError as error:
        raise _not_json(error)
    except RuntimeError:  # Python 3 calls it RecursionError, which is one.
        raise InvalidInput(_TOO_DEEP)
    # If there are enough containers to be deep.
    if body.count(b"[") + body.count(b"{") > MAX_DEPTH:
        if _is_deeper(value, MAX_DEPTH, frozenset([list, object_type])):
            raise InvalidInput(_TOO_DEEP)
    # Half a pair can only come from an escape, so most texts need no second look.
    if _may_hold_half_pairs(text) and _holds_half_pair(value):
        raise InvalidInput(_HALF_PAIR)
    return value


_TOO_DEEP = "the body is nested deeper than %d levels" % MAX_DEPTH


_TWICE = "the body gives the same name twice in one object"
_HALF_PAIR = "the body holds half a surrogate pair, which is not text"


def _not_json(error):
    # type: (ValueError) -> InvalidInput
    return InvalidInput("the body is not JSON: %s" % error)


def _refuse_mark(body):
    # type: (bytes) -> None
    if body.startswith(b"\xef\xbb\xbf"):
        raise InvalidInput("the body begins with a byte order mark; send plain UTF-8")


def _refuse_surrogates(body):
    # type: (bytes) -> None
    if _RAW_SURROGATE.search(body):
        raise InvalidInput("the body is not UTF-8: it holds an encoded surrogate")


def _decode_utf8(data, start=0):
    # type: (bytes, int) -> str
    """The text of ``data``, which begins at byte ``start`` of the body."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInput("the body is not UTF-8 (byte %d)" % (start + error.start))


def _character_end(body, end):
    # type: (bytes, int) -> int
    """``end``, or as far before it as the character goes back that is there (at most 3 bytes)."""
    for back in range(min(4, end)):
        if body[end - back:end - back + 1] < b"\x80" or body[end - back:end - back + 1] >= b"\xc0":
            return end - back
    return end  # That is no UTF-8, as will be found.


def _is_deeper(value, levels, containers):
    # type: (Any, int, FrozenSet[type]) -> bool
    """Whether there are more than so many containers within containers.

    Walked level by level. ``containers`` are classes, because `isinstance` would make this as
    long as the decoding: a body of thousands of rows has tens of thousands of values. The
    decoder made them, of just these classes.
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


def _may_hold_half_pairs(text, start=0, end=None):
    # type: (str, int, Optional[int]) -> bool
    end = len(text) if end is None else end
    return text.find(u"\\ud", start, end) >= 0 or text.find(u"\\uD", start, end) >= 0


def _holds_half_pair(value):
    # type: (Any) -> bool
    return _LONE_SURROGATE.search(json.dumps(value, ensure_ascii=False)) is not None


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
        raise InvalidInput(_TWICE)
    return value


_DECODERS = {}
