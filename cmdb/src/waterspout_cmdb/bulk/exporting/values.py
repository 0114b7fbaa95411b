"""Values of the CMDB as cells that the import reads as the same values."""

from __future__ import absolute_import, division, print_function

import datetime
import json
import re

from tornado.escape import to_unicode
from tornado.util import unicode_type

from waterspout_cmdb.bulk.rows import ABSENT

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable, Text  # noqa: F401

_DATE = re.compile(u"([0-9]{4})-([0-9]{2})-([0-9]{2})\\Z")
_TIME = re.compile(u"([0-9]{4})-([0-9]{2})-([0-9]{2}) ([0-9]{2}):([0-9]{2}):([0-9]{2})\\Z")

#: What the import splits the text of a list at, see `mapping.conversions.lists`: at the first kind
#: that is in it, so that commas may be in the items of a text that has semicolons.
_STRONGER = re.compile(u"[\r\n;\uff1b]")
_ANY = re.compile(u"[\r\n;\uff1b,\uff0c\u3001|]")


#: What an import refuses where semicolons separate the cells, see `mapping.conversions.decimals`.
_UNCLEAR = re.compile(r"-?[1-9][0-9]{0,2}\.[0-9]{3}\Z")


def converter(type_, format, delimiter=None):
    # type: (Text, str, Text | None) -> Callable[[Any], Any]
    """Return the function that makes a value of an attribute a cell of a format."""
    if format in ("json", "jsonl"):
        return _same
    if type_ in (u"arr", u"enums"):
        return list_cell
    if type_ in (u"json", u"struct", u"structs"):
        return json_cell
    if type_ == u"float" and delimiter == u";":
        return clear_cell
    if format == "xlsx" and type_ == u"date":
        return date_cell
    if format == "xlsx" and type_ == u"datetime":
        return time_cell
    return _same


def list_cell(value):
    # type: (Any) -> Any
    """Return a list as its items with ``;`` between, or as JSON where these would not be read."""
    if not isinstance(value, list):
        return value
    if not value:
        return None
    separators = _ANY if len(value) == 1 else _STRONGER
    for item in value:
        if (item.__class__ is not unicode_type or not item or item != item.strip()
                or separators.search(item)):
            return json_cell(value)
    if value[0][0] in u"[{'=+-@#":  # Read as JSON, or as what keeps a cell from being a formula.
        return json_cell(value)
    return u";".join(value)


def json_cell(value):
    # type: (Any) -> Any
    """Return a value as the text of JSON; what is no value is empty."""
    if value is None or value is ABSENT or value == [] or value == {}:
        return None
    return to_unicode(json.dumps(value, ensure_ascii=False, sort_keys=True))


def date_cell(value):
    # type: (Any) -> Any
    """Return the text of a date as a date; what is none stays as it is."""
    found = _DATE.match(value) if value.__class__ is unicode_type else None
    return _made(datetime.date, found, value)


def time_cell(value):
    # type: (Any) -> Any
    """Return the text of a date and time as a datetime; what is none stays as it is."""
    found = _TIME.match(value) if value.__class__ is unicode_type else None
    return _made(datetime.datetime, found, value)


def clear_cell(value):
    # type: (Any) -> Any
    """Return a float as text if it is one such as 1.024, which may be a thousand: as 1.0240."""
    if isinstance(value, float) and _UNCLEAR.match(repr(value)):
        return u"%r0" % value
    return value


def _made(type_, found, value):
    try:
        return type_(*[int(each) for each in found.groups()]) if found else value
    except ValueError:  # Such as the 31st of June.
        return value


def _same(value):
    return value
