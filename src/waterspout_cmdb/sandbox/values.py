"""The types an attribute can have: what each accepts and how it is kept.

A type is made from the ``value`` part of an attribute's definition. ``convert`` returns the
value to store, or raises :class:`InvalidValue` with a reason that completes the sentence
"attribute x ...".
"""

from __future__ import absolute_import, division, print_function

import datetime
import json
import numbers
import re
import socket

from tornado.escape import native_str, to_unicode
from tornado.util import basestring_type

from waterspout_cmdb.sandbox.errors import InvalidArgument
from waterspout_cmdb.sandbox.identifiers import attribute_name

#: What queries may do with a value: kinds compare among themselves only.
TEXT = "text"
NUMBER = "number"
BOOLEAN = "boolean"
LIST = "list"
MAP = "map"
ANY = "any"

#: SQLite's integers have 64 bits; its JSON functions turn longer ones into inexact floats.
MAX_INTEGER = 2**63 - 1

_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})\Z")
_DATETIME = re.compile(_DATE.pattern[:-2] + r" ([0-9]{2}):([0-9]{2}):([0-9]{2})\Z")


class InvalidValue(ValueError):
    """A value that its type does not accept."""


class ValueType(object):
    """Accepts one kind of value.

    Attributes:
        kind (native str): one of the module's kinds.
        element_kind (native str or None): for LIST, the kind of the elements.
        members (dict): for structs, the type of each member.
    """

    kind = ANY
    element_kind = None
    members = {}

    def __init__(self, definition):
        # type: (dict) -> None
        pass

    def convert(self, value):
        # type: (Any) -> Any
        """The value to store; raises InvalidValue. Never called with None, which is "no value"."""
        raise NotImplementedError


class Text(ValueType):
    """Text in which the pattern ``regex`` is found; anchors are up to the model."""

    kind = TEXT

    def __init__(self, definition):
        pattern = definition.get("regex")
        self._pattern = _compiled(pattern) if pattern else None

    def convert(self, value):
        text = as_text(value)
        if self._pattern is not None and not self._pattern.search(text):
            raise InvalidValue(u"does not match %s" % to_unicode(self._pattern.pattern))
        return text


class Integer(ValueType):
    kind = NUMBER

    def convert(self, value):
        return as_integer(value)


class Float(ValueType):
    kind = NUMBER

    def convert(self, value):
        return float(as_number(value))


class Boolean(ValueType):
    kind = BOOLEAN

    def convert(self, value):
        if not isinstance(value, bool):
            raise InvalidValue(u"must be true or false")
        return value


class Enum(ValueType):
    """One of the texts in ``regex``."""

    kind = TEXT

    def __init__(self, definition):
        choices = definition.get("regex")
        if not isinstance(choices, list) or not choices:
            raise InvalidArgument(u"an enum needs the list of its values in regex")
        self._choices = [as_text(choice) for choice in choices]

    def convert(self, value):
        if value not in self._choices:
            raise InvalidValue(u"must be one of %s" % u", ".join(self._choices))
        return to_unicode(value)


class Enums(Enum):
    """A list of the texts in ``regex``."""

    kind = LIST
    element_kind = TEXT

    def convert(self, value):
        return [super(Enums, self).convert(item) for item in as_list(value)]


class Array(ValueType):
    """A list of texts, numbers and booleans."""

    kind = LIST
    element_kind = ANY

    def convert(self, value):
        return [as_scalar(item) for item in as_list(value)]


class Date(ValueType):
    kind = TEXT

    def convert(self, value):
        return _as_time(value, _DATE, u"must be a date like 2024-02-29")


class DateTime(ValueType):
    kind = TEXT

    def convert(self, value):
        return _as_time(value, _DATETIME, u"must be a time like 2024-02-29 23:59:00")


class IPAddress(ValueType):
    """An IPv4 or IPv6 address in the usual notation."""

    kind = TEXT

    def convert(self, value):
        text = as_text(value)
        for family in (socket.AF_INET, socket.AF_INET6):
            try:
                socket.inet_pton(family, native_str(text))
                return text
            except (socket.error, UnicodeError):
                pass
        raise InvalidValue(u"must be an IP address")


class AnyJSON(ValueType):
    """Whatever JSON can say."""

    kind = ANY

    def convert(self, value):
        if isinstance(value, dict):
            return {as_text(name): self.convert(item) for name, item in value.items()}
        if isinstance(value, list):
            return [self.convert(item) for item in value]
        return value if value is None else as_scalar(value)


class Struct(ValueType):
    """A map with the members that ``struct_define`` names; others are dropped."""

    kind = MAP

    def __init__(self, definition):
        self.members = {
            attribute_name(member.get("id")): value_type(member)
            for member in definition.get("struct_define") or []
        }

    def convert(self, value):
        if not isinstance(value, dict):
            raise InvalidValue(u"must be a map")
        document = {}
        for name, member in self.members.items():
            if value.get(name) is not None:
                document[name] = self._member(name, member, value[name])
        return document

    @staticmethod
    def _member(name, member, value):
        try:
            return member.convert(value)
        except InvalidValue as error:
            raise InvalidValue(u".%s %s" % (name, error.args[0]))


class Structs(Struct):
    """A list of such maps."""

    kind = LIST
    element_kind = MAP

    def convert(self, value):
        return [super(Structs, self).convert(item) for item in as_list(value)]


#: By the name a model gives them.
TYPES = {
    "str": Text,
    "int": Integer,
    "float": Float,
    "bool": Boolean,
    "enum": Enum,
    "enums": Enums,
    "arr": Array,
    "date": Date,
    "datetime": DateTime,
    "ip": IPAddress,
    "json": AnyJSON,
    "struct": Struct,
    "structs": Structs,
}


def value_type(definition):
    # type: (dict) -> ValueType
    """The type that a definition's ``type``, ``regex`` and ``struct_define`` describe."""
    name = definition.get("type")
    if not isinstance(name, basestring_type) or name not in TYPES:
        raise InvalidArgument(u"there is no attribute type %s" % json.dumps(name))
    return TYPES[name](definition)


# Building blocks


def as_text(value):
    # type: (Any) -> Text
    """Text that SQLite keeps whole: its JSON functions end a text at U+0000."""
    if not isinstance(value, basestring_type):
        raise InvalidValue(u"must be text")
    text = to_unicode(value)
    if u"\x00" in text:
        raise InvalidValue(u"must not contain the character U+0000")
    return text


def as_integer(value):
    # type: (Any) -> int
    """An integer of 64 bits; ``18.0`` is 18, as protobuf clients write it."""
    number = as_number(value)
    if number != int(number):
        raise InvalidValue(u"must be an integer")
    number = int(number)
    if not -MAX_INTEGER - 1 <= number <= MAX_INTEGER:
        raise InvalidValue(u"must fit in 64 bits")
    return number


def as_number(value):
    # type: (Any) -> Union[int, float]
    """A number that a float can carry; never a boolean, which Python counts as an int."""
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise InvalidValue(u"must be a number")
    try:
        finite = abs(float(value)) < float("inf")
    except OverflowError:
        finite = False
    if not finite:
        raise InvalidValue(u"must be a number that fits in 64 bits")
    return value


def as_scalar(value):
    # type: (Any) -> Any
    """Text, boolean or number; whole floats become integers, so that equal is written equal."""
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        number = as_number(value)
        whole = number == int(number) and abs(number) <= MAX_INTEGER
        return int(number) if whole else number
    if isinstance(value, numbers.Integral):
        return as_integer(value)
    return as_text(value)


def as_list(value):
    # type: (Any) -> list
    if not isinstance(value, list):
        raise InvalidValue(u"must be a list")
    return value


def _as_time(value, pattern, complaint):
    match = pattern.match(as_text(value))
    try:
        datetime.datetime(*[int(part) for part in match.groups()])
    except (AttributeError, ValueError):
        raise InvalidValue(complaint)
    return value


def _compiled(pattern):
    try:
        return re.compile(pattern, re.UNICODE)
    except (re.error, TypeError) as error:
        raise InvalidArgument(u"the pattern %s is not a regular expression: %s" % (pattern, error))
