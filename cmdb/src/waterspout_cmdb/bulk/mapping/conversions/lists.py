"""Cells as lists: of an enum's texts, or of texts, numbers and booleans.

A cell that begins with ``[`` is a JSON list. Any other is split: at ``rules.list_separator``, or
else at the first of these that is in it: the end of a line, ``;``, ``,``, ``|``. So "a, b; c" has
two items. Spaces around items are taken off, empty items are left out.
"""

from __future__ import absolute_import, division, print_function

import re

from tornado.util import unicode_type

from waterspout_cmdb.bulk.mapping.conversions import choices, json_values
from waterspout_cmdb.bulk.mapping.conversions.text import as_text
from waterspout_cmdb.bulk.mapping.conversions.unreadable import Unreadable
from waterspout_cmdb.bulk.mapping.mapped import shown

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable, List, Optional, Text  # noqa: F401

#: What separates items, best first. East Asian keyboards have their own semicolons and commas.
_SEPARATORS = [
    re.compile(each) for each in (u"[\r\n]+", u"[;\uff1b]", u"[,\uff0c\u3001]", u"[|]")]

#: How a shell's user can write what cannot be typed there.
_WRITTEN = {u"\\n": u"\n", u"\\t": u"\t"}


def array_converter(attribute, rules, is_json):
    # type: (Attribute, Rules, bool) -> Callable[[Any], List]
    """Return the function that makes a cell a list of texts, numbers and booleans."""
    split = splitter(rules.list_separator)

    def convert(cell):
        if cell.__class__ is unicode_type and cell[0] != u"[":
            return [as_text(item) for item in split(cell)]
        return [_scalar(item) for item in as_list(cell)]

    return convert


def enums_converter(attribute, rules, is_json):
    # type: (Attribute, Rules, bool) -> Callable[[Any], List[Text]]
    """Return the function that makes a cell a list of an enum's texts."""
    split = splitter(rules.list_separator)
    choose = choices.converter(attribute, rules, is_json)

    def convert(cell):
        is_text = cell.__class__ is unicode_type and cell[0] != u"["
        chosen = []
        for item in split(cell) if is_text else as_list(cell):
            text = as_text(_scalar(item))
            try:
                chosen.append(choose(text))
            except Unreadable as error:
                raise Unreadable(u"has an item %s, which %s" % (shown(text), error.reason))
        return chosen

    return convert


def splitter(separator):
    # type: (Optional[Text]) -> Callable[[Text], List[Text]]
    """Return a function that splits a text into items; it raises Unreadable if there are none."""
    separator = _WRITTEN.get(separator, separator)

    def split(text):
        if separator is not None:
            parts = text.split(separator)
        else:
            parts = [text]
            for each in _SEPARATORS:
                if each.search(text):
                    parts = each.split(text)
                    break
        items = [part.strip() for part in parts if part.strip()]
        if not items:
            raise Unreadable(u"has separators only; leave the cell empty, or write [] for no items")
        return items

    return split


def as_list(cell):
    # type: (Any) -> List
    """Return the items of a JSON list, or of its text; another value is the only item."""
    if cell.__class__ is unicode_type:
        value = json_values.parse(cell)
    else:
        value = cell
    return value if isinstance(value, list) else [value]


def _scalar(item):
    if item is None:
        raise Unreadable(u"has null in its list; leave it out")
    if isinstance(item, (list, dict)):
        raise Unreadable(u"has a list or a map in its list; texts, numbers, true and false may be")
    return json_values.checked(item)
