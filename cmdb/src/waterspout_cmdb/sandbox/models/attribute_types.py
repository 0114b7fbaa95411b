"""The types of attributes: which values each accepts, and in which form it stores them.

A type is built from the ``value`` part of an attribute's definition.
"""

from __future__ import absolute_import, division, print_function

import datetime
import json
import re
import socket

from tornado.escape import native_str, to_unicode
from tornado.util import basestring_type

from waterspout_cmdb.sandbox.models.linear_regex import check_syntax, compile_regex
from waterspout_cmdb.sandbox.wire_format.api_errors import InvalidArgument
from waterspout_cmdb.sandbox.wire_format.identifiers import attribute_name
from waterspout_cmdb.sandbox.wire_format.values import (
    ANY,
    BOOLEAN,
    LIST,
    MAP,
    NUMBER,
    TEXT,
    InvalidValue,
    as_elements,
    as_integer,
    as_number,
    as_scalar,
    as_text,
)

#: The number of an enum's values that an error names.
_SHOWN_CHOICES = 50

_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})\Z")
_DATETIME = re.compile(_DATE.pattern[:-2] + r" ([0-9]{2}):([0-9]{2}):([0-9]{2})\Z")


class ValueType(object):
    """Accepts one kind of value.

    Attributes:
        kind (native str): one of the kinds in ``wire_format/values.py``.
        element_kind (native str or None): for LIST, the kind of the elements.
        members (dict): for structs, the type of each member.
        takes_empty_text (bool): whether ``""`` is a value.
    """

    kind = ANY
    element_kind = None
    members = {}
    takes_empty_text = False

    def __init__(self, definition):
        # type: (dict) -> None
        pass

    def convert(self, value):
        # type: (Any) -> Any
        """Return the value to store. Raises: InvalidValue. Never called with "no value"."""
        raise NotImplementedError


class Text(ValueType):
    """A text in which the pattern ``regex`` is found; the pattern is not anchored.

    The pattern is compiled when the first text is checked, because models are built more often.
    """

    kind = TEXT
    takes_empty_text = True

    def __init__(self, definition):
        self._pattern = definition.get("regex") or None
        if self._pattern is not None:
            check_syntax(self._pattern)

    def convert(self, value):
        text = as_text(value)
        if self._pattern is not None and not compile_regex(self._pattern).search(text):
            raise InvalidValue(u"does not match %s" % to_unicode(self._pattern))
        return text


class Integer(ValueType):
    """A whole number of 64 bits."""

    kind = NUMBER

    def convert(self, value):
        return as_integer(value)


class Float(ValueType):
    """A number, stored as a float."""

    kind = NUMBER

    def convert(self, value):
        return float(as_number(value))


class Boolean(ValueType):
    """True or false, not 1 or 0."""

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
        try:
            self._choices = [as_text(choice) for choice in choices]
        except InvalidValue as error:
            raise InvalidArgument(u"each value of an enum %s" % error.args[0])
        self._known = frozenset(self._choices)
        self.takes_empty_text = self.kind == TEXT and u"" in self._known

    def convert(self, value):
        if not isinstance(value, basestring_type) or value not in self._known:
            raise InvalidValue(u"must be one of %s" % self._shown_choices())
        return to_unicode(value)

    def _shown_choices(self):
        """Return a limited number of choices: this text may occur in thousands of rows' errors."""
        shown = u", ".join(self._choices[:_SHOWN_CHOICES])
        more = len(self._choices) - _SHOWN_CHOICES
        return u"%s and %d more" % (shown, more) if more > 0 else shown


class Enums(Enum):
    """A list of the texts in ``regex``."""

    kind = LIST
    element_kind = TEXT

    def convert(self, value):
        return [super(Enums, self).convert(item) for item in as_elements(value)]


class Array(ValueType):
    """A list of texts, numbers and booleans."""

    kind = LIST
    element_kind = ANY

    def convert(self, value):
        return [as_scalar(item) for item in as_elements(value)]


class Date(ValueType):
    """A date, as text."""

    kind = TEXT

    def convert(self, value):
        return _as_time(value, _DATE, u"must be a date like 2024-02-29")


class DateTime(ValueType):
    """A date and a time in seconds, as text, without a time zone."""

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
    """Any JSON value."""

    kind = ANY
    takes_empty_text = True

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
            if not is_no_value(member, value.get(name)):
                document[name] = self._member(name, member, value[name])
        return document

    @staticmethod
    def _member(name, member, value):
        try:
            return member.convert(value)
        except InvalidValue as error:
            raise InvalidValue(u".%s %s" % (name, error.args[0]))


class Structs(Struct):
    """A list of maps as in `Struct`."""

    kind = LIST
    element_kind = MAP

    def convert(self, value):
        return [super(Structs, self).convert(item) for item in as_elements(value)]


def is_no_value(type_, value):
    # type: (ValueType, Any) -> bool
    """Say whether a caller's value means "no value": null, or the empty cell of a table.

    An empty cell arrives as ``""``, which is a value only for types that accept it.
    """
    return value is None or (value == u"" and not type_.takes_empty_text)


#: The types by their names in models.
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
    """Return the type that ``type``, ``regex`` and ``struct_define`` of a definition describe."""
    name = definition.get("type")
    if not isinstance(name, basestring_type) or name not in TYPES:
        raise InvalidArgument(u"there is no attribute type %s" % json.dumps(name))
    return TYPES[name](definition)


def _as_time(value, pattern, complaint):
    match = pattern.match(as_text(value))
    try:
        datetime.datetime(*[int(part) for part in match.groups()])
    except (AttributeError, ValueError):
        raise InvalidValue(complaint)
    return value
